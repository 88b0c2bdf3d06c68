/**
 * A server that events are pulled from, as Spark's polling stream does it: it asks for a batch, keeps it,
 * and acknowledges it. What is not acknowledged is given again: at least once.
 */
import type { Batch } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import { placeOf } from '../../core/endpoint.js';
import type { PullServerConfig } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import type { BoundedOutlet, EventSink } from '../../core/stages.js';
import { SPARK } from '../../wire/avro/protocols.js';
import { type Call, RpcServer } from '../../wire/avro/rpc-server.js';
import {
  decodeGetEventBatch,
  decodeSequence,
  encodeEventBatch,
  NULL_RESULT,
} from '../../wire/avro/values.js';
import { MOST_WAITING, PullRun } from './pull-run.js';

/** Bytes. What is asked is a number; the first call brings the text of the protocol. */
const MOST_CALL = 64 * 1024;
const MOST_CONNECTIONS = 256;

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxLine: number;
}

export class PullServerSink implements EventSink {
  readonly name: string;
  readonly #config: PullServerConfig;
  readonly #around: Around;
  readonly #run: PullRun;
  #server: RpcServer | undefined;

  constructor(config: PullServerConfig, around: Around) {
    this.name = config.name;
    this.#config = config;
    this.#around = around;
    this.#run = new PullRun(config, around);
  }

  /** Those that are given again were given up by who pulls. */
  get unanswered(): number {
    return this.#run.givenAgain;
  }

  /** The port that it listens at; 0 before it is open. */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  async open(): Promise<void> {
    this.#server = await RpcServer.listen({
      protocol: SPARK,
      endpoint: this.#config,
      maxCall: MOST_CALL,
      maxConnections: MOST_CONNECTIONS,
      // More than may wait: an acknowledgement has to get through beside those.
      concurrent: 2 * MOST_WAITING,
      handle: (call) => this.#handle(call),
      ...this.#around,
    });
    const { host } = this.#config;
    const at = placeOf({ host, port: this.#server.port });
    this.#around.log.info('Listening for who pulls events.', { at });
  }

  run(outlet: BoundedOutlet, delivered: (batch: Batch, events: number) => void): Promise<void> {
    return this.#run.begin(outlet, delivered);
  }

  stop(): void {
    this.#run.stop();
  }

  /** Who waits hears that it is over, where he still listens. */
  async close(): Promise<void> {
    this.stop();
    await this.#server?.stop();
    await this.#server?.close();
  }

  async #handle({ message, parameters, connection }: Call): Promise<Uint8Array> {
    switch (message) {
      case 'getEventBatch':
        return encodeEventBatch(await this.#run.get(decodeGetEventBatch(parameters), connection));
      case 'ack':
        this.#run.ack(decodeSequence(parameters));
        return NULL_RESULT;
      case 'nack':
        this.#run.nack(decodeSequence(parameters));
        return NULL_RESULT;
      default:
        throw new Error('There is no such message.');
    }
  }
}
