/** Where text goes: standard output, standard error, a log file. Each has one owner. */
import type { Clock } from '../core/clock.js';
import { openOutlet, sameTerminal } from '../core/output/outlet.js';
import { Writer } from '../core/output/writer.js';

/** How long the exit waits for what is queued, in ms. */
const LAST_WORDS = 5000;
const AFTERWORD = 200;

export class Outputs {
  /** Standard output: data only. */
  readonly output: Writer;
  /** Standard error; the same as `output` where both are one terminal, else they would garble it. */
  readonly error: Writer;
  readonly #owners: Set<Writer>;

  constructor(output: Writer, error: Writer) {
    this.output = output;
    this.error = error;
    this.#owners = new Set([output, error]);
  }

  /** Has `drain` wait for one more. */
  add(writer: Writer): void {
    this.#owners.add(writer);
  }

  /** Resolves when all is written, but no later than the exit may wait. */
  async drain(): Promise<void> {
    const logs = [...this.#owners].filter((writer) => writer !== this.output);
    const drainLogs = (deadline: number) => logs.map((writer) => writer.drain(deadline));
    await Promise.all([this.output.drain(LAST_WORDS), ...drainLogs(LAST_WORDS)]);
    // What standard output gave up was logged only now.
    await Promise.all(drainLogs(AFTERWORD));
  }
}

/** Standard output and standard error of this process. */
export function openOutputs(clock: Clock): Outputs {
  const output = new Writer(openOutlet(1, clock), clock);
  const error = sameTerminal(1, 2) ? output : new Writer(openOutlet(2, clock), clock);
  return new Outputs(output, error);
}
