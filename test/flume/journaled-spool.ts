/**
 * A spool directory that several runs of the built program read one after the other, with a journal.
 * Every line that is dropped is different, and `--window all` shows every line that was ever counted:
 * so a line that was lost shows, and one that came twice.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastSnapshot, type ReadSnapshot, said } from '../support/read-back.js';
import { distinctRequests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { eventually } from '../support/scratch.js';

const ARGS = ['--window', 'all', '--slide', '0.02', '-n', '1', '-o', 'ndjson'];
/** Lines that are made at once. */
const PIECE = 10_000;

export class JournaledSpool {
  /** The directory. */
  readonly path: string;
  /** How many lines were dropped. */
  lines = 0;

  /** Makes the directory below `base`. */
  constructor(base: string) {
    this.path = join(base, 'spool');
    mkdirSync(this.path);
  }

  /** Appends so many lines to a file. */
  add(name: string, count: number): void {
    for (let left = count; left > 0; left -= PIECE) {
      const lines = Math.min(left, PIECE);
      appendFileSync(join(this.path, name), distinctRequests(lines, `${this.lines}-`));
      this.lines += lines;
    }
  }

  /** Appends the beginning of a line; what is returned appends the rest. */
  begin(name: string): () => void {
    const line = distinctRequests(1, `${this.lines}-`);
    this.lines += 1;
    appendFileSync(join(this.path, name), line.slice(0, 20));
    return () => appendFileSync(join(this.path, name), line.slice(20));
  }

  /** Starts a run; the directory is what it is given, unless it is told another name. */
  watch(options: readonly string[] = [], name = this.path): Run {
    return run(['watch', name, ...ARGS, ...options]);
  }

  /**
   * Drops a file and resolves when that is finished: what was counted by then is durable. The file
   * `growing` gets a line now and again, so that it does not settle meanwhile.
   */
  async untilDurable(logwin: Run, growing: string): Promise<void> {
    const files = finishedBy(logwin) + 1;
    this.add(`mark-${this.lines}.log`, 1);
    await eventually(() => {
      this.add(growing, 1);
      return finishedBy(logwin) >= files;
    });
  }
}

/** Resolves when the run has finished so many files, at least. */
export async function finished(logwin: Run, files: number): Promise<void> {
  await logwin.until(() => finishedBy(logwin) >= files);
}

/** Ends a run, once it has printed another snapshot, and resolves to the last one. */
export async function end(logwin: Run, signal: NodeJS.Signals): Promise<ReadSnapshot | undefined> {
  const { length } = logwin.written.stdout;
  await logwin.until(({ stdout }) => stdout.slice(length).includes('\n'));
  logwin.kill(signal);
  return lastSnapshot((await logwin.exited).stdout);
}

function finishedBy(logwin: Run): number {
  return said(logwin.written.stderr, 'A file is finished').length;
}
