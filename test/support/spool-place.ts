/**
 * A spool directory, and the runs of `watch` over it that follow one another.
 *
 * ```ts
 * const place = new SpoolPlace(directory());
 * place.drop('a.log', requests('/a'));
 * await killed(await place.watch('--settle', '1h'));
 * expect(await place.finalCounts(await place.watch())).toEqual({ '/a': 1 });
 * ```
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { countsOf, lastSnapshot, type ReadSnapshot, said } from './read-back.js';
import { requests } from './requests.js';
import { type Ended, type Run, run } from './run.js';
import { eventually, namesIn } from './scratch.js';

/** What is given later wins. */
const USUAL = ['--slide', '0.1', '--settle', '0.2', '--top', '0', '--output', 'ndjson'];
const SEGMENT = /^journal\.\d+$/;

export class SpoolPlace {
  readonly base: string;
  readonly spool: string;
  /** Where the journal is, unless a run is told otherwise. */
  readonly state: string;
  #last = 0;

  /** The spool directory is made in `base`, unless there is one. */
  constructor(base: string, spool = join(base, 'spool')) {
    this.base = base;
    this.spool = spool;
    this.state = join(spool, '.logwin');
    mkdirSync(spool, { recursive: true });
  }

  path(name: string): string {
    return join(this.spool, name);
  }

  /** All of a file at once. */
  drop(name: string, content: string | Uint8Array): void {
    const staged = this.path(`.${name}`);
    writeFileSync(staged, content);
    renameSync(staged, this.path(name));
  }

  append(name: string, content: string): void {
    appendFileSync(this.path(name), content);
  }

  get names(): string[] {
    return namesIn(this.spool);
  }

  /** The paths of the journal's segments, the earliest first. */
  segments(state = this.state): string[] {
    if (!existsSync(state)) return [];
    const names = readdirSync(state).filter((name) => SEGMENT.test(name));
    return names.sort().map((name) => join(state, name));
  }

  /** Resolves when the journal knows of the file, as it does once a record of its lines is written. */
  recorded(name: string, state = this.state): Promise<unknown> {
    return eventually(() => this.segments(state).some((path) => readFileSync(path).includes(name)));
  }

  /** Resolves when the files are finished and have their new names, and there is nothing else. */
  retired(...names: readonly string[]): Promise<unknown> {
    const expected = names.map((name) => `${name}.COMPLETED`).sort();
    return eventually(() => this.names.join('\n') === expected.join('\n'));
  }

  /** Resolves to a `watch` that has begun. */
  watch(...args: readonly string[]): Promise<Run> {
    return begun(run(this.args(...args)));
  }

  /** What follows `logwin`. */
  args(...args: readonly string[]): string[] {
    return ['watch', this.spool, ...USUAL, ...args];
  }

  /**
   * What the run counts, by URL, once it has seen everything that is there now; ends the run. One more
   * file is dropped, which is the last to be read.
   */
  async finalCounts(logwin: Run): Promise<Record<string, number>> {
    const snapshot = await this.showsAll(logwin);
    const counts = [...countsOf(snapshot)].filter(([url]) => !url.startsWith('/last-'));
    await endedWith0(logwin);
    return Object.fromEntries(counts);
  }

  /** Resolves to the first snapshot that has everything which is there now, and the file that says so. */
  async showsAll(logwin: Run): Promise<ReadSnapshot> {
    this.#last += 1;
    const url = `/last-${this.#last}`;
    this.drop(`last-${this.#last}.log`, requests(url));
    const isLast = (snapshot: ReadSnapshot): boolean => snapshot.top.some((row) => row.url === url);
    return shows(logwin, isLast);
  }
}

export async function begun(logwin: Run): Promise<Run> {
  await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
  return logwin;
}

/** Resolves to the newest snapshot, once it is as wanted. */
export async function shows(
  logwin: Run,
  holds: (snapshot: ReadSnapshot) => boolean,
): Promise<ReadSnapshot> {
  let newest: ReadSnapshot | undefined;
  await logwin.until(({ stdout }) => {
    newest = newestIn(stdout);
    return newest !== undefined && holds(newest);
  });
  if (newest === undefined) throw new Error('There is no snapshot.');
  return newest;
}

/** Reads no other than the newest, for there may be many, and large ones. */
export function newestIn(stdout: string): ReadSnapshot | undefined {
  const end = stdout.lastIndexOf('\n');
  return lastSnapshot(stdout.slice(stdout.lastIndexOf('\n', end - 1) + 1, end + 1));
}

export function killed(logwin: Run): Promise<Ended> {
  logwin.kill('SIGKILL');
  return logwin.exited;
}

/** Asks for the end. Rejects, with what was logged, where the run does not end with 0. */
export async function endedWith0(logwin: Run, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
  logwin.kill(signal);
  const ended = await logwin.exited;
  if (ended.code !== 0) throw new Error(`${ended.code ?? ended.signal}: ${ended.stderr}`);
  return ended;
}
