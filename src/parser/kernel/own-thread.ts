/** The thread that counts, as one that parses: it does so when the turn of a batch has come. */
import type { LineBatch, LineRange } from '../../core/batch.js';
import { Kernel, type KernelParts } from './kernel.js';
import type { Conclusion, ParsingThread, Task } from './thread.js';
import { doWork, NOTHING_TO_READ, type Work } from './work.js';

export class OwnThread implements ParsingThread {
  readonly memory: ArrayBufferLike;
  /** It holds the key table. */
  readonly kernel: Kernel;
  backlog = 0;
  readonly #parts: KernelParts;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.kernel = new Kernel(parts);
    this.memory = parts.memory.buffer;
  }

  isReady(): boolean {
    return true;
  }

  begin(batch: LineBatch | LineRange): Task {
    this.backlog += 1;
    return {
      untilDone: () => Promise.resolve(),
      conclude: () => this.#conclude(batch),
      finish: () => {},
    };
  }

  #conclude(batch: LineBatch | LineRange): Conclusion {
    this.backlog -= 1;
    const work = this.#workOf(batch);
    const { lines, length, errno } = doWork(this.kernel, work);
    const bytes = this.kernel.bytes.subarray(work.from, work.from + length);
    const keys = (): Uint32Array => this.kernel.words(work.answers, lines);
    return { bytes, lines, ...this.kernel.tally(work.tally), keys, errno };
  }

  /** What does not lie in the kernel's memory is copied or read there. */
  #workOf(batch: LineBatch | LineRange): Work {
    // One batch is out at a time, so one place for what is said of it is enough.
    const [answers] = this.#parts.layout.answers;
    const [tally] = this.#parts.layout.tallies;
    if (batch.kind === 'range') {
      const { start: position, end, descriptor } = batch;
      const from = this.kernel.stageAt;
      return { from, to: from + end - position, answers, tally, descriptor, position };
    }
    const { bytes } = batch;
    const from = bytes.buffer === this.memory ? bytes.byteOffset : this.kernel.stage(bytes);
    const nothing = { descriptor: NOTHING_TO_READ, position: 0 };
    return { from, to: from + bytes.length, answers, tally, ...nothing };
  }
}
