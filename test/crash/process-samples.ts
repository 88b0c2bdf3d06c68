/** What a process holds, looked at every so often: resident memory and open files (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

export interface Held {
  /** Bytes. */
  readonly resident: number;
  /** How many are open. */
  readonly files: number;
}

interface Sample extends Held {
  /** Milliseconds since the process was started. */
  readonly age: number;
}

const PERIOD = 500;
const SHOWN = 12;

export class ProcessSamples {
  readonly #pid: number;
  readonly #samples: Sample[] = [];
  readonly #begun = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#take(), PERIOD);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Milliseconds since the process was started. */
  get age(): number {
    return performance.now() - this.#begun;
  }

  /** The middle of what it has held since it was `age` milliseconds old. */
  heldSince(age: number): Held {
    const some = this.#samples.filter((sample) => sample.age >= age);
    return {
      resident: median(some.map(({ resident }) => resident)),
      files: median(some.map(({ files }) => files)),
    };
  }

  /** For people: some of the samples, and the peak. */
  toString(): string {
    const step = Math.max(1, Math.floor(this.#samples.length / SHOWN));
    const some = this.#samples.filter((_, at) => at % step === 0);
    const peak = Math.max(...this.#samples.map(({ resident }) => resident));
    const shown = some.map(
      ({ age, resident, files }) =>
        `${Math.round(age / 1000)} s: ${megabytes(resident)}, ${files} files`,
    );
    return [...shown, `at most: ${megabytes(peak)}`].join('\n  ');
  }

  #take(): void {
    try {
      const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
      const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
      const files = readdirSync(`/proc/${this.#pid}/fd`).length;
      if (resident > 0) this.#samples.push({ age: this.age, resident, files });
    } catch {
      // It has ended.
    }
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
