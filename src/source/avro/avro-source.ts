/**
 * An Avro server that Flume's sinks push to, and logwin's own `forward`. A call is answered OK once its
 * events are taken, and FAILED where they are not: then the sender comes again with the same.
 */
import type { AvroListenOptions } from '../../core/config.js';
import { placeOf } from '../../core/endpoint.js';
import type { Intake, Source } from '../../core/stages.js';
import { readEventArray, readSingleEvent } from '../../wire/avro/events.js';
import { FLUME } from '../../wire/avro/protocols.js';
import { type Call, RpcServer } from '../../wire/avro/rpc-server.js';
import { encodeStatus } from '../../wire/avro/values.js';
import { MalformedError } from '../../wire/malformed.js';
import { EventEntry } from '../events/event-entry.js';
import type { EventSurroundings } from '../events/event-surroundings.js';
import { Moment } from '../events/moment.js';
import { Patience } from '../events/patience.js';

const OK = encodeStatus('OK');
const FAILED = encodeStatus('FAILED');

/** Calls of one sender that wait for the journal at a time. */
const MOST_CALLS = 64;

export class AvroSource implements Source {
  readonly name: string;
  readonly #options: AvroListenOptions;
  readonly #around: EventSurroundings;
  readonly #entry: EventEntry;
  readonly #patience: Patience;
  #server: RpcServer | undefined;
  /** Calls that come before are held back. Undefined where the run is stopped before it begins. */
  readonly #begun = new Moment<Intake | undefined>();
  readonly #ended = new Moment<void>();
  #isFull = false;
  /** The connections over which a call has come. */
  readonly #senders = new WeakSet<AbortSignal>();

  constructor(options: AvroListenOptions, around: EventSurroundings) {
    this.name = `avro://${placeOf(options)}`;
    this.#options = options;
    this.#around = around;
    this.#entry = new EventEntry({ ...around, name: this.name, ack: options.ack });
    this.#patience = new Patience(around.clock, options.patience);
  }

  /** Listens from here on. */
  async open(): Promise<void> {
    const { clock, log } = this.#around;
    const { host, maxCall, maxConnections } = this.#options;
    this.#server = await RpcServer.listen({
      protocol: FLUME,
      endpoint: this.#options,
      maxCall,
      maxConnections,
      clock,
      log,
      // One sync of the journal may then answer many calls of a sender that does not wait for each.
      concurrent: this.#options.ack === 'durable' ? MOST_CALLS : 1,
      handle: (call) => this.#answer(call),
    });
    const place = placeOf({ host, port: this.#server.port });
    log.info('Events are received.', { at: place });
  }

  async begin(): Promise<void> {
    this.#entry.begin();
  }

  async run(intake: Intake): Promise<void> {
    this.#begun.come(intake);
    await this.#ended.whenCome;
    await this.#server?.stop();
    await this.#entry.allPut();
  }

  /** There is no end to it. */
  toRead(): undefined {
    return undefined;
  }

  stop(): void {
    this.#begun.come(undefined);
    this.#patience.end();
    this.#ended.come();
  }

  async retire(): Promise<void> {}

  async close(): Promise<{ readonly failed: number }> {
    await this.#server?.close();
    return { failed: 0 };
  }

  async #answer(call: Call): Promise<Uint8Array> {
    this.#greet(call);
    try {
      return (await this.#take(call)) ? OK : FAILED;
    } catch (error) {
      // The sender gets what is wrong with the call; a bug is to end the run.
      if (!(error instanceof MalformedError)) this.#ended.fail(error);
      throw error;
    }
  }

  async #take({ message, parameters, release, peer, connection }: Call): Promise<boolean> {
    const read = message === 'append' ? readSingleEvent : readEventArray;
    const received = read(parameters, 0, this.#entry.reading);
    const intake = await this.#begun.whenCome;
    if (intake === undefined) return false;
    const isTaken = await this.#patience.during(connection, (withdrawal) =>
      this.#entry.take({ received, release }, intake, withdrawal),
    );
    if (!connection.aborted) this.#sayFull(!isTaken && !this.#ended.hasCome, peer);
    return isTaken;
  }

  #greet({ peer: sender, connection }: Call): void {
    if (this.#senders.has(connection)) return;
    this.#senders.add(connection);
    const { log } = this.#around;
    log.debug('A sender has connected.', { sender });
    connection.addEventListener('abort', () => log.debug('A sender has gone.', { sender }));
  }

  /** Once, until there is room again. */
  #sayFull(isFull: boolean, sender: string): void {
    if (isFull && !this.#isFull) {
      const message =
        'There is no room in the channel; senders are told to come again until there is.';
      this.#around.log.warn(message, { at: placeOf(this.#options), sender });
    }
    this.#isFull = isFull;
  }
}
