/** The directories of a round, and how the program is called in them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BELOW, type Drop } from './drops.js';
import type { RoundOptions } from './round-plan.js';

/** A file, by its path relative to the directory that was searched through. */
export interface Found {
  readonly path: string;
  readonly digest: string;
}

export class RoundPlace {
  readonly base: string;
  readonly spools: readonly string[];
  /** Where files are written that are to be renamed or copied into a spool directory. */
  readonly staging: string;
  /** Where the journal is. */
  readonly state: string;
  /** Where finished files are moved to, if they are. */
  readonly done: string;
  readonly #options: RoundOptions;

  constructor(seed: number, options: RoundOptions) {
    this.#options = options;
    this.base = mkdtempSync(join(tmpdir(), `logwin-crash-${seed}-`));
    this.spools = ['spool', 'second'].slice(0, options.spools).map((name) => join(this.base, name));
    this.staging = join(this.base, 'staging');
    this.state = options.stateElsewhere
      ? join(this.base, 'state')
      : join(this.spools[0], '.logwin');
    this.done = join(options.after === 'move below' ? this.spools[0] : this.base, 'done');
    for (const spool of this.spools) mkdirSync(join(spool, BELOW), { recursive: true });
    mkdirSync(this.staging);
    if (this.moves) mkdirSync(this.done);
  }

  get moves(): boolean {
    return this.#options.after.startsWith('move');
  }

  /** What follows `logwin`. */
  get args(): string[] {
    const options = this.#options;
    const after = this.moves ? `move:${this.done}` : options.after;
    return [
      ...['watch', ...this.spools, '--after', after, '--settle', `${options.settle}ms`],
      ...['--window', options.window, '--slide', `${options.slide}ms`, '--top', '0'],
      ...['--output', 'ndjson', '--log-level', 'debug', '--order', options.order],
      ...['--threads', `${options.threads}`, '--max-line', `${options.maxLine}`],
      ...(options.recursive ? ['--recursive'] : []),
      ...(options.stateElsewhere ? ['--state', this.state] : []),
    ];
  }

  pathOf({ spool, name }: Drop): string {
    return join(this.spools[spool], name);
  }

  /** Whether something has the name of the drop. */
  holds(drop: Drop): boolean {
    return existsSync(this.pathOf(drop));
  }
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** All files below a directory, hidden ones too, but for those below the directories left out. */
export function filesBelow(directory: string, except: readonly string[] = []): Found[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (except.includes(path)) return [];
    if (!entry.isDirectory()) return [{ path: entry.name, digest: digestOf(readFileSync(path)) }];
    return filesBelow(path, except).map((found) => ({
      ...found,
      path: join(entry.name, found.path),
    }));
  });
}
