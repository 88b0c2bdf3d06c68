/** Calls to one Avro server, over one connection. */
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../core/clock.js';
import { type Endpoint, placeOf } from '../../core/endpoint.js';
import { ConnectionError } from '../connection-error.js';
import { MalformedError } from '../malformed.js';
import { FrameDecoder } from '../netty/frame-decoder.js';
import { writeFrame } from '../netty/frame-encoder.js';
import { connect } from '../transport/connect.js';
import { explain } from '../transport/explanation.js';
import { BinaryReader } from './binary-reader.js';
import { joined } from './binary-writer.js';
import { ClientHandshake } from './client-handshake.js';
import { encodeCallHead, readResult } from './envelope.js';
import type { Protocol } from './protocols.js';
import { RemoteError } from './remote-error.js';

export { RemoteError } from './remote-error.js';

export interface ClientOptions {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  /** Milliseconds until the connection has to be there, TLS included. */
  readonly connectTimeout: number;
  /** Bytes of one answer at most. */
  readonly maxCall: number;
  readonly clock: Clock;
  /** Gives up a connection that is not there yet. Once it is, this does nothing. */
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly message: string;
  readonly parameters: readonly Uint8Array[];
  readonly resolve: (result: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  timer: Timer | undefined;
}

/**
 * The handshake travels with the first call, and the calls after that wait until it is through. Then
 * several may be under way; they are answered in any order.
 */
export class RpcClient {
  /** Resolves when the connection is gone, with the reason if it was not asked for. */
  readonly closed: Promise<Error | undefined>;
  readonly #place: string;
  readonly #stream: Duplex;
  readonly #decoder: FrameDecoder;
  readonly #clock: Clock;
  readonly #handshake: ClientHandshake;
  /** By serial. */
  readonly #underWay = new Map<number, Pending>();
  /** Until the handshake is through. */
  #heldBack: Pending[] = [];
  #serial = 0;
  #reason: Error | undefined;
  #gone = false;

  private constructor(options: ClientOptions, stream: Duplex) {
    this.#place = placeOf(options.endpoint);
    this.#stream = stream;
    this.#clock = options.clock;
    this.#decoder = new FrameDecoder(options.maxCall);
    this.#handshake = new ClientHandshake(options.protocol);
    this.closed = new Promise((resolve) => {
      stream.on('close', () => {
        this.#end(this.#closedByPeer());
        resolve(this.#reason);
      });
    });
    stream.on('error', (error) => this.#end(new ConnectionError(explain(error))));
    stream.on('end', () => this.#end(this.#closedByPeer()));
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  /**
   * Rejects with a `ConnectionError` that names the endpoint and says what is wrong with it, or with a
   * `LogwinError` where a TLS file of ours cannot be used.
   */
  static async connect(options: ClientOptions): Promise<RpcClient> {
    const { endpoint, connectTimeout, clock, signal } = options;
    return new RpcClient(options, await connect(endpoint, connectTimeout, clock, signal));
  }

  /**
   * Calls a message, its parameters encoded; they must stay as they are until it is answered. Resolves
   * to the encoded result, which is memory of its own. Rejects with a `RemoteError` where the far end gave
   * an error, and then the connection goes on. After any other it is gone: a `MalformedError`, or a
   * `ConnectionError` where it was closed or there was no answer within `timeout` milliseconds (0 is any).
   * What is neither is a bug.
   */
  call(message: string, parameters: readonly Uint8Array[], timeout: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(this.#reason ?? this.#closedByUs());
        return;
      }
      const pending: Pending = { message, parameters, resolve, reject, timer: undefined };
      if (timeout > 0) {
        pending.timer = this.#clock.after(timeout, () => {
          this.#end(new ConnectionError(`it did not answer within ${timeout} ms`));
        });
      }
      if (this.#handshake.state === 'under way') this.#heldBack.push(pending);
      else this.#send(pending);
    });
  }

  /** Calls that are under way reject. */
  destroy(): void {
    this.#end(undefined);
  }

  #send(pending: Pending): void {
    this.#serial = (this.#serial + 1) | 0;
    this.#underWay.set(this.#serial, pending);
    const head = encodeCallHead(pending.message);
    const greeting = this.#handshake.greeting();
    const first = greeting === undefined ? head : joined([greeting, head]);
    writeFrame(this.#stream, this.#serial, [first, ...pending.parameters], () => {});
  }

  #receive(chunk: Buffer): void {
    if (this.#gone) return;
    try {
      this.#decoder.feed(chunk);
      for (let answer = this.#decoder.next(); answer; answer = this.#decoder.next()) {
        this.#answered(answer.serial, answer.bytes);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#end(error);
    }
  }

  #answered(serial: number, bytes: Uint8Array): void {
    const pending = this.#underWay.get(serial);
    if (pending === undefined)
      throw new MalformedError(`an answer to call ${serial}, which is not under way`);
    const reader = new BinaryReader(bytes);
    this.#underWay.delete(serial);
    try {
      if (this.#handshake.state === 'under way' && !this.#handshake.read(reader)) {
        this.#send(pending);
        return;
      }
      const result = readResult(reader);
      pending.timer?.cancel();
      pending.resolve(result);
    } catch (error) {
      if (!(error instanceof RemoteError)) {
        this.#underWay.set(serial, pending);
        throw error;
      }
      pending.timer?.cancel();
      pending.reject(error);
    }
    const heldBack = this.#heldBack;
    if (heldBack.length === 0) return;
    this.#heldBack = [];
    for (const waiting of heldBack) this.#send(waiting);
  }

  /** The connection is over; without a reason because it was asked for. */
  #end(cause: Error | undefined): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#reason = cause === undefined ? undefined : this.#named(cause);
    const reason = this.#reason ?? this.#closedByUs();
    for (const pending of [...this.#underWay.values(), ...this.#heldBack]) {
      pending.timer?.cancel();
      pending.reject(reason);
    }
    this.#underWay.clear();
    this.#heldBack = [];
    this.#stream.destroy();
  }

  #closedByPeer(): Error {
    // Who disagrees on the layers, or wants a certificate of ours, mostly closes without a word.
    const hint =
      this.#handshake.state === 'done'
        ? ''
        : ' before it answered; both ends have to agree on compression, TLS and its certificates';
    return new ConnectionError(`it closed the connection${hint}`);
  }

  #closedByUs(): Error {
    return this.#named(new ConnectionError('the connection was closed'));
  }

  /** With the place, unless it is a bug, which keeps its stack. */
  #named(cause: Error): Error {
    const message = `${this.#place}: ${cause.message}`;
    if (cause instanceof MalformedError) return new MalformedError(message);
    return cause instanceof ConnectionError ? new ConnectionError(message) : cause;
  }
}
