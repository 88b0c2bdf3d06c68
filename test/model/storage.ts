/**
 * The disk under the file system: whether there is room, and what a loss of power may take: bytes of the journal behind those that were synced, and what happened
 * to names in a directory since that was synced. Of the names the newest go first, for a file system
 * writes its own journal in order.
 */
import { basename, dirname, join } from 'node:path';
import type { Random } from '../../src/traffic/random.js';

const { existsSync, linkSync, renameSync, statSync, truncateSync, unlinkSync } =
  process.getBuiltinModule('node:fs');

/** A change of names that is not on the disk. */
interface Change {
  readonly directories: readonly string[];
  undo(): void;
  /** Forgets how it could be undone. */
  forget(): void;
}

/** A file of which only so much is on the disk, in bytes. */
export interface WrittenFile {
  path: string;
  synced: number;
}

/** What a loss of power does. */
export interface Loss {
  /** How many changes of names are undone, at most. */
  readonly names: number;
  /** Of the bytes that were not synced, how many are gone: from none (0) to all (1). */
  readonly bytes: number;
  /** In their place there are zeros. */
  readonly zeros: boolean;
}

export class Storage {
  /** Nothing more can be written to an open file. */
  isFull = false;
  /** A directory on the same file system: files without a name wait there. */
  readonly #limbo: string;
  #changes: Change[] = [];
  readonly #files = new Set<WrittenFile>();
  #kept = 0;

  constructor(limbo: string) {
    this.#limbo = limbo;
  }

  made(path: string): void {
    this.#changed([dirname(path)], () => unlinkSync(path));
  }

  /** A file that is written from its beginning. */
  opened(path: string): WrittenFile {
    for (const file of this.#files) if (file.path === path) this.#files.delete(file);
    const file = { path, synced: 0 };
    this.#files.add(file);
    return file;
  }

  /** To be called before it is done; what it returns, when it was. */
  renaming(from: string, to: string): () => void {
    const covered = this.#keep(to);
    const undo = (): void => {
      renameSync(to, from);
      covered?.restore();
      this.#follow(to, from);
    };
    return () => {
      this.#follow(from, to);
      this.#changed([dirname(from), dirname(to)], undo, covered?.drop);
    };
  }

  /** As `renaming`. */
  removing(path: string): () => void {
    const kept = this.#keep(path);
    return () => kept && this.#changed([dirname(path)], kept.restore, kept.drop);
  }

  /** What happened to names in a directory stays. */
  settle(directory: string): void {
    this.#settle(({ directories }) => directories.includes(directory));
  }

  /** All that happened to names stays. */
  settleAll(): void {
    this.#settle(() => true);
  }

  strike({ names, bytes, zeros }: Loss, random: Random): void {
    const undone = random.below(names + 1);
    for (let n = 0; n < undone; n += 1) this.#changes.pop()?.undo();
    this.settleAll();
    for (const { path, synced } of this.#files) {
      if (existsSync(path)) cut(path, synced, bytes, zeros);
    }
    this.#files.clear();
  }

  #settle(isSettled: (change: Change) => boolean): void {
    for (const change of this.#changes) if (isSettled(change)) change.forget();
    this.#changes = this.#changes.filter((change) => !isSettled(change));
  }

  #follow(from: string, to: string): void {
    for (const file of this.#files) if (file.path === from) file.path = to;
  }

  #changed(directories: readonly string[], undo: () => void, forget = (): void => {}): void {
    this.#changes.push({ directories, undo, forget });
  }

  /** A second name for what may be gone in a moment. */
  #keep(path: string): { readonly restore: () => void; readonly drop: () => void } | undefined {
    if (!existsSync(path)) return undefined;
    this.#kept += 1;
    const kept = join(this.#limbo, `${this.#kept}-${basename(path)}`);
    linkSync(path, kept);
    return { restore: () => renameSync(kept, path), drop: () => unlinkSync(kept) };
  }
}

function cut(path: string, synced: number, part: number, zeros: boolean): void {
  const { size } = statSync(path);
  if (size <= synced) return;
  truncateSync(path, size - Math.round((size - synced) * part));
  if (zeros) truncateSync(path, size);
}
