/** The segments of a journal by name: `journal.000001` and so on, one of which is in force. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../core/errors.js';

const NAME = /^journal\.(\d{6,})$/;
const UNFINISHED = /^journal\.\d{6,}\.new$/;

/** The numbers of the segments in a directory, the latest first. None where there is no directory. */
export async function listSegments(directory: string): Promise<number[]> {
  try {
    const names = await readdir(directory);
    const numbers = names.map((name) => NAME.exec(name)?.[1]).filter((text) => text !== undefined);
    // There has to be a next one.
    const usable = numbers.map(Number).filter((number) => Number.isSafeInteger(number + 1));
    return usable.sort((a, b) => b - a);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Where a segment is until it holds everything: only then it gets its name. */
export function unfinishedPath(directory: string, number: number): string {
  return `${segmentPath(directory, number)}.new`;
}

export function segmentPath(directory: string, number: number): string {
  return join(directory, `journal.${String(number).padStart(6, '0')}`);
}

/** Keeps a damaged segment for a look, under a name that is no segment's. Resolves to that. */
export async function keepAside(directory: string, number: number): Promise<string> {
  const path = segmentPath(directory, number);
  const aside = `${path}.damaged`;
  await rename(path, aside);
  return aside;
}

/** It may have gone already. */
export async function removeSegment(directory: string, number: number): Promise<void> {
  await rm(segmentPath(directory, number), { force: true });
}

/** Removes what runs left that died while they began a segment. */
export async function removeUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names.filter((name) => UNFINISHED.test(name))) {
    await rm(join(directory, name), { force: true });
  }
}
