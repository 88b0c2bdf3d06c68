/**
 * Which files there are: holds what a look at the directory saw against what is known, by identity
 * and not by name. Book-keeping: nothing is opened, read or renamed here.
 */
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../core/batch.js';
import type { Logger } from '../../core/logger.js';
import { identityKey, identityOf, isSameFile, statusOf } from './file-identity.js';
import type { OpenFiles } from './open-files.js';
import type { Sighting } from './spool-scan.js';
import { SpooledFile } from './spooled-file.js';

interface SpoolIndexOptions {
  readonly directory: string;
  readonly log: Logger;
  /** Takes back the memory of a batch that was added. */
  readonly release: (batch: Batch) => void;
  readonly openFiles: OpenFiles;
}

export class SpoolIndex {
  /** Files in the spool directory that are not retired, by path. */
  readonly files = new Map<string, SpooledFile>();
  /** Retired files, and files that went away under us, as long as we look for additions. */
  readonly former = new Set<SpooledFile>();
  readonly #tracked = new Map<string, SpooledFile>();
  /** Paths that are left alone, with what they named when that was said. */
  readonly #skipped = new Map<string, string>();
  readonly #directory: string;
  readonly #log: Logger;
  readonly #release: (batch: Batch) => void;
  readonly #openFiles: OpenFiles;
  /** Number of the look that is under way, or was last. */
  #look = 0;

  constructor({ directory, log, release, openFiles }: SpoolIndexOptions) {
    this.#directory = directory;
    this.#log = log;
    this.#release = release;
    this.#openFiles = openFiles;
  }

  /** A look at the directory begins. */
  beginLook(): void {
    this.#look += 1;
  }

  /** The file was read or moved: what the look under way saw of it is out of date. */
  handled(file: SpooledFile): void {
    file.handledIn = this.#look;
  }

  /** Takes in what a complete look has seen; `now` is monotonic. */
  reconcile(sightings: readonly Sighting[], now: number): void {
    const unknown = sightings.filter((sighting) => !this.#recognise(sighting, now));
    const missing = new Set<SpooledFile>();
    for (const file of this.files.values()) {
      if (file.sightedIn !== this.#look) missing.add(file);
    }
    for (const file of missing) this.files.delete(file.path);
    for (const sighting of unknown) this.#meet(sighting, missing, now);
    for (const file of missing) this.#lose(file, now);
    this.#pruneSkipped(unknown);
  }

  /** The file was finished: `path` is its new one, if it is still below the directory. */
  retire(file: SpooledFile, path: string | undefined, now: number): void {
    if (this.files.get(file.path) === file) this.files.delete(file.path);
    this.handled(file);
    file.finished = true;
    file.retiredAt = now;
    file.place = path === undefined ? 'gone' : 'retired';
    if (path !== undefined) this.#rename(file, path);
    this.former.add(file);
  }

  /** The file was written anew: what comes is another drop, in the same place. */
  replace(file: SpooledFile, stats: BigIntStats, now: number): SpooledFile {
    const next = new SpooledFile(file.path, file.name, stats, now, this.#release);
    next.place = file.place;
    next.finished = file.finished;
    next.retiredAt = file.retiredAt;
    next.sightedIn = file.sightedIn;
    next.handledIn = file.handledIn;
    next.busy = file.busy;
    this.#openFiles.passOn(file, next);
    // Nothing leads to the old drop any more, whoever may still hold it.
    file.place = 'gone';
    const home = this.files.get(file.path) === file;
    this.forget(file);
    this.#tracked.set(identityKey(next.identity), next);
    if (home) this.files.set(next.path, next);
    else this.former.add(next);
    return next;
  }

  /** The file is tracked no more, and closed. */
  forget(file: SpooledFile): void {
    void this.#openFiles.close(file);
    if (this.files.get(file.path) === file) this.files.delete(file.path);
    this.former.delete(file);
    const key = identityKey(file.identity);
    if (this.#tracked.get(key) === file) this.#tracked.delete(key);
  }

  #recognise({ path, stats }: Sighting, now: number): boolean {
    const file = this.files.get(path);
    if (file === undefined || !isSameFile(file.identity, stats)) return false;
    this.#sight(file, stats, now);
    return true;
  }

  #meet({ path, stats }: Sighting, missing: Set<SpooledFile>, now: number): void {
    const key = identityKey(identityOf(stats));
    const known = this.#tracked.get(key);
    if (known && (missing.delete(known) || (known.place === 'gone' && !known.finished))) {
      this.#follow(known, path, stats, now);
    } else if (this.#skipped.get(path) === key) {
      return;
    } else if (!stats.isFile()) {
      this.#skip(path, key, unfitness(stats));
    } else if (known === undefined) {
      this.#adopt(path, stats, now);
    } else if (known.finished && (known.busy || known.handledIn === this.#look)) {
      // Retired or read while the look was under way: it saw the file before that.
      return;
    } else if (this.#isElsewhere(known)) {
      this.#skip(path, key, 'another name of a file we have');
    } else if (known.finished) {
      // It was given a name again that is read: somebody wants it counted again.
      this.forget(known);
      this.#adopt(path, stats, now);
    } else {
      // Renamed while the look was under way, which saw both names.
      this.files.delete(known.path);
      this.#follow(known, path, stats, now);
    }
  }

  #adopt(path: string, stats: BigIntStats, now: number): void {
    const file = new SpooledFile(path, join(this.#directory, path), stats, now, this.#release);
    file.sightedIn = this.#look;
    this.files.set(path, file);
    this.#tracked.set(identityKey(file.identity), file);
  }

  /** A file that is known came under another name before it was finished. */
  #follow(file: SpooledFile, path: string, stats: BigIntStats, now: number): void {
    this.#log.info('A file has a new name; reading goes on under it.', {
      file: file.name,
      name: join(this.#directory, path),
    });
    this.former.delete(file);
    file.place = 'spool';
    this.#rename(file, path);
    this.files.set(path, file);
    this.#sight(file, stats, now);
  }

  /**
   * It went away, or has a name that this look came too early or too late for: in that case the next
   * one finds it again.
   */
  #lose(file: SpooledFile, now: number): void {
    file.place = 'gone';
    file.retiredAt = now;
    this.former.add(file);
  }

  #sight(file: SpooledFile, stats: BigIntStats, now: number): void {
    file.sightedIn = this.#look;
    if (file.handledIn !== this.#look) file.observe(stats, now);
  }

  /** Whether a tracked file still has the name that we know, so that this is a second one. */
  #isElsewhere(file: SpooledFile): boolean {
    if (file.place === 'gone') return false;
    const stats = statusOf(join(this.#directory, file.path));
    return stats !== undefined && isSameFile(file.identity, stats);
  }

  #rename(file: SpooledFile, path: string): void {
    file.path = path;
    file.name = join(this.#directory, path);
  }

  #skip(path: string, key: string, reason: string): void {
    this.#skipped.set(path, key);
    this.#log.warn('Something in the spool directory is not read.', {
      file: join(this.#directory, path),
      reason,
    });
  }

  #pruneSkipped(unknown: readonly Sighting[]): void {
    if (this.#skipped.size === 0) return;
    const present = new Set(unknown.map((sighting) => sighting.path));
    for (const path of this.#skipped.keys()) {
      if (!present.has(path)) this.#skipped.delete(path);
    }
  }
}

function unfitness(stats: BigIntStats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link, and links are not followed';
  if (stats.isFIFO()) return 'a FIFO, not a regular file';
  if (stats.isSocket()) return 'a socket, not a regular file';
  return 'a device, not a regular file';
}
