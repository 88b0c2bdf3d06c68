/** One connection of a server: reads calls, gives them to the handler, writes the answers. */
import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { MalformedError } from '../malformed.js';
import { FrameDecoder, type Message } from '../netty/frame-decoder.js';
import { writeFrame } from '../netty/frame-encoder.js';
import type { BudgetShare, MemoryBudget } from '../netty/memory-budget.js';
import type { MessageMemory } from '../netty/message-memory.js';
import type { DropNotices } from '../transport/drop-notices.js';
import { explain } from '../transport/explanation.js';
import { StallGuard } from '../transport/stall-guard.js';
import { encodeResult, encodeSystemError } from './envelope.js';
import type { Handshakes } from './handshake.js';
import type { Protocol } from './protocols.js';
import { type Request, RequestReader } from './request-reader.js';

export interface Call {
  readonly message: string;
  /** Memory of its own, which may be overwritten, until it is released. */
  readonly parameters: Uint8Array;
  /** Nobody looks at the parameters any more, nor at views of them: their memory is used again. */
  readonly release: () => void;
  /** As in messages: address and port. */
  readonly peer: string;
  /** Aborted when the connection is gone, and nobody waits for the answer any more. */
  readonly connection: AbortSignal;
}

export interface Handler {
  /**
   * Resolves to the encoded result. A rejection goes out as a system error with its message; a
   * `MalformedError` ends the connection. One call of a connection at a time, unless `concurrent`.
   */
  handle(call: Call): Promise<Uint8Array>;
  /** So many calls of one connection may run. */
  readonly concurrent?: number;
}

/** What all connections of a server share. */
export interface ServerWorks {
  readonly protocol: Protocol;
  readonly maxCall: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly handler: Handler;
  readonly handshakes: Handshakes;
  readonly budget: MemoryBudget;
  readonly memories: MessageMemory;
  readonly notices: DropNotices;
}

/**
 * While calls run that are as many as may, nothing more is decoded: of what comes one chunk is kept, and
 * the rest waits at the far end. Where nothing comes the stream is read on, for so its end is noticed.
 */
export class ServerConnection {
  readonly #works: ServerWorks;
  readonly #stream: Duplex;
  readonly #peer: string;
  readonly #concurrent: number;
  readonly #abort = new AbortController();
  readonly #share: BudgetShare;
  readonly #decoder: FrameDecoder;
  readonly #requests: RequestReader;
  readonly #guard: StallGuard;
  #running = 0;
  /** Answers that the stream has not passed on. */
  #unsent = 0;
  #ended = false;
  #gone = false;
  #stopped: (() => void) | undefined;

  constructor(works: ServerWorks, stream: Duplex, peer: string) {
    this.#works = works;
    this.#stream = stream;
    this.#peer = peer;
    this.#concurrent = works.handler.concurrent ?? 1;
    // Every call that runs may listen; more than ten are no leak.
    setMaxListeners(0, this.#abort.signal);
    this.#share = works.budget.share(() => this.#advance());
    this.#decoder = new FrameDecoder(works.maxCall, this.#share, works.memories);
    this.#requests = new RequestReader(works.protocol, works.handshakes);
    this.#guard = new StallGuard(works.clock, (reason) => this.#drop(reason));
    stream.on('error', (error) => this.#failed(error));
    stream.on('close', () => this.#end());
    stream.on('end', () => this.#noMore());
    stream.on('drain', () => this.#advance());
    stream.on('data', (chunk: Buffer) => {
      this.#guard.came(chunk.length);
      this.#decoder.feed(chunk);
      this.#advance();
    });
  }

  /** Takes no more calls. Resolves when those that run are answered, or the connection is gone. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#stopped = resolve;
      this.#stream.pause();
      this.#settle();
    });
  }

  get #busy(): boolean {
    return (
      this.#running >= this.#concurrent ||
      this.#stream.writableNeedDrain ||
      this.#stopped !== undefined
    );
  }

  #advance(): void {
    try {
      while (!this.#gone && !this.#busy) {
        const message = this.#decoder.next();
        if (message === undefined) break;
        this.#serve(message);
      }
    } catch (error) {
      this.#drop(messageOf(error), error);
      return;
    }
    if (this.#gone) return;
    if (!this.#decoder.hungry) this.#stream.pause();
    else if (this.#stream.isPaused() && this.#stopped === undefined) this.#stream.resume();
    const waits = this.#decoder.within && this.#decoder.hungry;
    this.#guard.expects('reading', waits && !this.#ended);
    if (this.#ended) this.#settle();
  }

  #serve({ serial, bytes, held }: Message): void {
    this.#guard.moved('reading');
    let running: Promise<void> | undefined;
    try {
      running = this.#start(serial, this.#requests.read(bytes));
    } finally {
      if (running === undefined) this.#share.release(held);
    }
    if (running === undefined) return;
    this.#running += 1;
    void running.finally(() => {
      this.#running -= 1;
      this.#share.release(held);
      this.#settle();
      this.#advance();
    });
  }

  /** Answers what needs no handler at once; what does runs on. */
  #start(serial: number, request: Request): Promise<void> | undefined {
    switch (request.kind) {
      case 'answered':
        this.#answer(serial, [request.greeting]);
        return undefined;
      case 'refused':
        this.#answer(serial, [request.greeting, ...encodeSystemError(request.reason)]);
        return undefined;
      case 'call':
        return this.#run(serial, request.greeting, request);
    }
  }

  async #run(
    serial: number,
    greeting: Uint8Array,
    { message, parameters }: Pick<Call, 'message' | 'parameters'>,
  ): Promise<void> {
    const peer = this.#peer;
    try {
      const release = (): void => this.#works.memories.give(parameters);
      const call = { message, parameters, release, peer, connection: this.#abort.signal };
      const result = await this.#works.handler.handle(call);
      this.#answer(serial, [greeting, ...encodeResult(result)]);
    } catch (error) {
      if (error instanceof MalformedError) {
        this.#drop(error.message);
        return;
      }
      const reason = messageOf(error);
      this.#works.notices.failed(peer, `${message}: ${reason}`);
      this.#answer(serial, [greeting, ...encodeSystemError(reason)]);
    }
  }

  #answer(serial: number, buffers: readonly Uint8Array[]): void {
    if (this.#gone || this.#stream.destroyed) return;
    this.#unsent += 1;
    this.#guard.expects('writing', true);
    writeFrame(this.#stream, serial, buffers, () => {
      this.#unsent -= 1;
      this.#guard.moved('writing');
      this.#guard.expects('writing', this.#unsent > 0);
      this.#settle();
    });
  }

  /** The far end sends no more. It may still read; but who waits for it should not. */
  #noMore(): void {
    this.#ended = true;
    this.#guard.expects('reading', false);
    this.#abort.abort();
    this.#settle();
  }

  #settle(): void {
    if (this.#running > 0 || this.#unsent > 0) return;
    if (this.#ended && this.#decoder.hungry && !this.#gone) this.#stream.end();
    this.#stopped?.();
  }

  #failed(error: Error): void {
    const reason = explain(error);
    const peer = this.#peer;
    if ('code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
      this.#works.log.debug('A connection broke off', { peer, reason });
    } else if (!this.#gone) {
      this.#works.notices.dropped(peer, reason);
    }
    this.#end();
  }

  /** Ends the connection, and says why. What is not the far end's fault is a bug, and thrown on. */
  #drop(reason: string, error?: unknown): void {
    if (this.#gone) return;
    this.#end();
    if (error !== undefined && !(error instanceof MalformedError)) throw error;
    this.#works.notices.dropped(this.#peer, reason);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#guard.end();
    this.#share.end();
    this.#abort.abort();
    this.#stream.destroy();
    this.#stopped?.();
  }
}
