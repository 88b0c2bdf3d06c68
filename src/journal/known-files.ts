/**
 * What is remembered of which files. One that nobody has recalled in this run yet is dormant: what an
 * earlier run said of it still holds, for as long as the file is there.
 */
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Origin } from '../core/batch.js';
import { systemCode } from '../core/errors.js';
import type { FileMemo, Identity } from '../core/journal.js';
import type { NumberedMemo } from './segment/memos.js';

export class KnownFiles {
  #last = 0;
  readonly #dormant = new Map<number, FileMemo>();
  /**
   * Their numbers by identity. A device may have another number after a restart, so it only decides
   * where there are several.
   */
  readonly #byIdentity = new Map<string, number[]>();
  readonly #live = new Map<Origin, number>();
  /** They may still have lines on the way. */
  readonly #dropped = new WeakSet<Origin>();

  get size(): number {
    return this.#dormant.size + this.#live.size;
  }

  /** Takes in what an earlier run remembered. */
  restore(memos: readonly NumberedMemo[]): void {
    for (const [number, memo] of memos) {
      this.#last = Math.max(this.#last, number);
      this.#dormant.set(number, memo);
      const alike = this.#byIdentity.get(keyOf(memo.identity)) ?? [];
      this.#byIdentity.set(keyOf(memo.identity), [...alike, number]);
    }
  }

  memosOf(directory: string): FileMemo[] {
    return [...this.#dormant.values()].filter((memo) => memo.directory === directory);
  }

  recall(identity: Identity, by: Origin): FileMemo | undefined {
    const alike = this.#byIdentity.get(keyOf(identity)) ?? [];
    const ofDevice = (number: number): boolean =>
      this.#dormant.get(number)?.identity.device === identity.device;
    const number = alike.find(ofDevice) ?? alike[0];
    const memo = this.#dormant.get(number);
    if (memo === undefined) return undefined;
    this.#wake(number, memo);
    this.#live.set(by, number);
    return memo;
  }

  /** What is to be remembered of the origin is among all that is remembered from now on. */
  keep(origin: Origin): void {
    if (!this.#dropped.has(origin)) this.#numberOf(origin);
  }

  /** What is to be remembered of the origin from now on, or undefined where that is nothing. */
  note(origin: Origin): NumberedMemo | undefined {
    if (this.#dropped.has(origin)) return undefined;
    const memo = origin.memo();
    return memo && [this.#numberOf(origin), memo];
  }

  /** Gives the number under which the origin was known. */
  drop(origin: Origin): number | undefined {
    this.#dropped.add(origin);
    const number = this.#live.get(origin);
    this.#live.delete(origin);
    return number;
  }

  /** All that is remembered at this moment, `most` at a time. */
  *all(most: number): Generator<NumberedMemo[]> {
    let memos: NumberedMemo[] = [];
    for (const memo of this.#each()) {
      memos.push(memo);
      if (memos.length < most) continue;
      yield memos;
      memos = [];
    }
    if (memos.length > 0) yield memos;
  }

  /** Forgets the dormant ones whose files are not where they were. Resolves to their numbers. */
  async forgetMissing(): Promise<number[]> {
    const missing: number[] = [];
    for (const [number, memo] of [...this.#dormant]) {
      if (!(await isMissing(memo))) continue;
      // It may have been recalled while we looked.
      if (!this.#dormant.has(number)) continue;
      this.#wake(number, memo);
      missing.push(number);
    }
    return missing;
  }

  /** What is recalled, changed or dropped between two steps is given as it is then. */
  *#each(): Generator<NumberedMemo> {
    yield* this.#dormant;
    for (const origin of this.#live.keys()) {
      const memo = this.note(origin);
      if (memo) yield memo;
    }
  }

  #wake(number: number, { identity }: FileMemo): void {
    this.#dormant.delete(number);
    const key = keyOf(identity);
    const others = this.#byIdentity.get(key)?.filter((other) => other !== number) ?? [];
    if (others.length > 0) this.#byIdentity.set(key, others);
    else this.#byIdentity.delete(key);
  }

  #numberOf(origin: Origin): number {
    const known = this.#live.get(origin);
    if (known !== undefined) return known;
    this.#last += 1;
    this.#live.set(origin, this.#last);
    return this.#last;
  }
}

function keyOf({ inode, born }: Identity): string {
  return `${inode}:${born}`;
}

/** Where the directory cannot be looked at, or another one is mounted there, nobody knows. */
async function isMissing(memo: FileMemo): Promise<boolean> {
  if (memo.gone) return true;
  try {
    const { dev } = await stat(memo.directory, { bigint: true });
    return dev === memo.identity.device && !(await isThere(memo));
  } catch {
    return false;
  }
}

async function isThere({ directory, path, identity }: FileMemo): Promise<boolean> {
  try {
    const { ino, birthtimeNs } = await lstat(join(directory, path), { bigint: true });
    return ino === identity.inode && birthtimeNs === identity.born;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}
