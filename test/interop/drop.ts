/** Puts a file into a spool directory, complete from the first moment on. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gives its path there. */
export function drop(spool: string, name: string, content: string | Uint8Array): string {
  mkdirSync(spool, { recursive: true });
  const hidden = join(spool, `.${name}`);
  writeFileSync(hidden, content);
  renameSync(hidden, join(spool, name));
  return join(spool, name);
}
