import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Resolves when what is in a file, or the names in a directory, are on the disk. Throws what the system
 * says; some file systems cannot do it for directories.
 */
export async function synchronise(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
