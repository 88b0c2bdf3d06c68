/**
 * Which files there are: holds what a look at the directory saw against what is known, by identity
 * and not by name. Book-keeping: nothing is opened, read or renamed here.
 */
import type { BigIntStats } from 'node:fs';
import type { FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import type { Adoption } from './adoption.js';
import { identityKey, identityOf, isSameFile, statusOf } from './file-identity.js';
import type { OpenFiles } from './open-files.js';
import { SkippedPaths, unfitness } from './skipped-paths.js';
import type { Sighting } from './spool-scan.js';
import type { SpooledFile } from './spooled-file.js';

interface SpoolIndexOptions {
  readonly adoption: Adoption;
  readonly log: Logger;
  readonly openFiles: OpenFiles;
  readonly memory: FileMemory;
}

export class SpoolIndex {
  /** Files in the spool directory that are not retired, by path. */
  readonly files = new Map<string, SpooledFile>();
  /** Retired files, and files that went away under us, as long as we look for additions. */
  readonly former = new Set<SpooledFile>();
  readonly #tracked = new Map<string, SpooledFile>();
  readonly #skipped: SkippedPaths;
  readonly #adoption: Adoption;
  readonly #openFiles: OpenFiles;
  readonly #memory: FileMemory;
  /** Number of the look that is under way, or was last. */
  #look = 0;

  constructor({ adoption, log, openFiles, memory }: SpoolIndexOptions) {
    this.#adoption = adoption;
    this.#skipped = new SkippedPaths(log);
    this.#openFiles = openFiles;
    this.#memory = memory;
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
    const files = [...this.files.values()];
    const missing = new Set(files.filter((file) => file.sightedIn !== this.#look));
    for (const file of missing) this.files.delete(file.path);
    for (const sighting of unknown) this.#meet(sighting, missing, now);
    for (const file of missing) this.#lose(file, now);
    this.#skipped.prune(unknown);
  }

  /** The file was finished: `path` is its new one, if it is still below the directory. */
  retire(file: SpooledFile, path: string | undefined, now: number): void {
    if (this.files.get(file.path) === file) this.files.delete(file.path);
    this.handled(file);
    file.finished = true;
    file.leftAt = now;
    file.place = path === undefined ? 'gone' : 'retired';
    if (path !== undefined) this.#rename(file, path);
    this.former.add(file);
  }

  /** A file that an earlier run retired is looked at for additions. */
  readmit(file: SpooledFile): void {
    this.former.add(file);
    this.#tracked.set(identityKey(file.identity), file);
  }

  /** The file was written anew: what comes is another drop, in the same place. */
  replace(file: SpooledFile, stats: BigIntStats, now: number): SpooledFile {
    const next = this.#adoption.begin(file.path, stats, now);
    next.place = file.place;
    next.standing = file.standing;
    next.finished = file.finished;
    next.leftAt = file.leftAt;
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

  /** The file is tracked no more, closed, and nothing need be remembered of it. */
  forget(file: SpooledFile): void {
    this.untrack(file);
    this.#memory.drop(file);
  }

  /** The file is tracked no more, and closed. */
  untrack(file: SpooledFile): void {
    void this.#openFiles.close(file);
    if (this.files.get(file.path) === file) this.files.delete(file.path);
    this.former.delete(file);
    const key = identityKey(file.identity);
    if (this.#tracked.get(key) === file) this.#tracked.delete(key);
    file.letGo();
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
    } else if (this.#skipped.has(path, key)) {
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
    const file = this.#adoption.adopt(path, stats, now);
    file.sightedIn = this.#look;
    this.files.set(path, file);
    this.#tracked.set(identityKey(file.identity), file);
  }

  /** A file that is known came under another name before it was finished. */
  #follow(file: SpooledFile, path: string, stats: BigIntStats, now: number): void {
    const { name } = file;
    this.former.delete(file);
    file.place = 'spool';
    this.#rename(file, path);
    this.#adoption.follow(file, name);
    this.files.set(path, file);
    this.#sight(file, stats, now);
  }

  /**
   * It went away, or has a name that this look came too early or too late for: in that case the next
   * one finds it again.
   */
  #lose(file: SpooledFile, now: number): void {
    file.place = 'gone';
    file.leftAt = now;
    this.former.add(file);
  }

  #sight(file: SpooledFile, stats: BigIntStats, now: number): void {
    file.sightedIn = this.#look;
    if (file.handledIn !== this.#look) file.observe(stats, now);
  }

  /** Whether a tracked file still has the name that we know, so that this is a second one. */
  #isElsewhere(file: SpooledFile): boolean {
    if (file.place === 'gone') return false;
    const stats = statusOf(file.name);
    return stats !== undefined && isSameFile(file.identity, stats);
  }

  #rename(file: SpooledFile, path: string): void {
    file.path = path;
    file.name = this.#adoption.nameOf(path);
  }

  #skip(path: string, key: string, reason: string): void {
    this.#skipped.add(path, key, this.#adoption.nameOf(path), reason);
  }
}
