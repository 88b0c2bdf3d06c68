/** One connection to the netcat source: lines come in, and each is answered. */
import type { Socket } from 'node:net';
import type { NetcatOptions } from '../../core/config.js';
import { type CutLines, EventCutter } from './event-cutter.js';

/** Resolves to whether the lines are in the channel. */
export type TakeLines = (bytes: Uint8Array) => Promise<boolean>;

const OK = 'OK\n';

export interface ConnectionOptions extends Pick<NetcatOptions, 'maxLine' | 'acknowledge'> {
  /** Bytes that are taken in at once, at most. */
  readonly readBytes: number;
  readonly take: TakeLines;
}

/** How a connection came to its end. */
export type ConnectionEnd = 'by the sender' | 'line too long' | 'stopped';

export class NetcatConnection {
  readonly peer: string;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #cutter: EventCutter;
  /** It waits for what the sender may never do. */
  #isIdle = true;
  #stopping = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#socket = socket;
    this.#options = options;
    this.#cutter = new EventCutter(options.maxLine);
    // Reading says it as well; without somebody who listens it would end the process.
    socket.on('error', () => {});
  }

  /** Resolves when it has ended. Rejects with what the system says where it broke off. */
  async serve(): Promise<ConnectionEnd> {
    try {
      // Lines are whole characters, but chunks are not: bytes they are.
      for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
        this.#isIdle = false;
        if (!(await this.#takeAll(chunk))) return await this.#refuse();
        if (this.#stopping) break;
        this.#isIdle = true;
      }
      if (this.#stopping) return 'stopped';
      await this.#takeRest();
      return 'by the sender';
    } catch (error) {
      // It was cut off while it waited.
      if (this.#stopping) return 'stopped';
      throw error;
    } finally {
      this.#socket.end();
      this.#socket.destroySoon();
    }
  }

  /** Reads nothing more. What is under way is answered. */
  stop(): void {
    this.#stopping = true;
    if (this.#isIdle) this.#socket.destroy();
  }

  /** At once. */
  destroy(): void {
    this.#stopping = true;
    this.#socket.destroy();
  }

  /** False where a line is too long. */
  async #takeAll(chunk: Buffer): Promise<boolean> {
    const { readBytes } = this.#options;
    for (let at = 0; at < chunk.length; at += readBytes) {
      const cut = this.#cutter.cut(chunk.subarray(at, at + readBytes));
      await this.#take(cut);
      if (cut.isTooLong) return false;
      if (this.#stopping) return true;
    }
    return true;
  }

  /** A last line without its end is a line. */
  async #takeRest(): Promise<void> {
    const bytes = this.#cutter.end();
    if (bytes.length > 0) await this.#take({ bytes, count: 1, isTooLong: false });
  }

  async #take({ bytes, count }: CutLines): Promise<void> {
    if (count === 0) return;
    const isTaken = await this.#options.take(bytes);
    if (isTaken && this.#options.acknowledge) await this.#answer(OK.repeat(count));
  }

  async #refuse(): Promise<ConnectionEnd> {
    const { maxLine } = this.#options;
    const text = `FAILED: Event exceeds the maximum length (${maxLine} chars, including newline)\n`;
    if (!this.#stopping) await this.#answer(text);
    return 'line too long';
  }

  /** Waits for a sender that does not read what it is told, until the connection ends. */
  async #answer(text: string): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.write(text)) return;
    this.#isIdle = true;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        socket.off('drain', resume);
        socket.off('close', resume);
        resolve();
      };
      socket.on('drain', resume);
      socket.on('close', resume);
    });
    this.#isIdle = false;
  }
}
