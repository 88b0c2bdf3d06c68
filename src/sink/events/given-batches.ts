/** Batches that were given to who pulls, and are neither acknowledged nor to be given again yet. */
import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../core/clock.js';
import type { Chunk } from './chunk.js';

interface GivenOptions {
  /** Milliseconds that an acknowledgement is waited for. */
  readonly timeout: number;
  readonly clock: Clock;
  /** No acknowledgement will come, for the time is over or the connection is gone. */
  lost(chunk: Chunk, reason: 'timeout' | 'disconnected'): void;
}

interface Given {
  readonly chunk: Chunk;
  readonly timer: Timer;
  readonly connection: AbortSignal;
  readonly disconnected: () => void;
}

export class GivenBatches {
  readonly #options: GivenOptions;
  /** A run's own, so that what is said to one run means nothing to the next. */
  readonly #prefix = randomBytes(4).toString('hex');
  readonly #given = new Map<string, Given>();
  #count = 0;

  constructor(options: GivenOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#given.size;
  }

  /** Gives its sequence number, which no other batch has or will have. */
  give(chunk: Chunk, connection: AbortSignal): string {
    this.#count += 1;
    const sequence = `${this.#prefix}${this.#count}`;
    const lost = (reason: 'timeout' | 'disconnected'): void => {
      if (this.settle(sequence)) this.#options.lost(chunk, reason);
    };
    const disconnected = (): void => lost('disconnected');
    const timer = this.#options.clock.after(this.#options.timeout, () => lost('timeout'));
    connection.addEventListener('abort', disconnected, { once: true });
    this.#given.set(sequence, { chunk, timer, connection, disconnected });
    return sequence;
  }

  /** What was given under this number and waits for an answer; from now on it does not. */
  settle(sequence: string): Chunk | undefined {
    const given = this.#given.get(sequence);
    if (given === undefined) return undefined;
    this.#given.delete(sequence);
    given.timer.cancel();
    given.connection.removeEventListener('abort', given.disconnected);
    return given.chunk;
  }

  close(): void {
    for (const sequence of [...this.#given.keys()]) this.settle(sequence);
  }
}
