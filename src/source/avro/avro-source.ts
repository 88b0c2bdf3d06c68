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
import { RoomDeadline } from '../events/room-deadline.js';

const OK = encodeStatus('OK');
const FAILED = encodeStatus('FAILED');

/** Milliseconds: who was refused comes again in that time. */
const QUIET = 60_000;
/** Hosts that are remembered, so that each is named in the log once. */
const MOST_HOSTS = 1000;
/** Calls of one sender that wait for the journal at a time. */
const MOST_CALLS = 64;

export class AvroSource implements Source {
  readonly name: string;
  readonly #options: AvroListenOptions;
  readonly #around: EventSurroundings;
  readonly #entry: EventEntry;
  readonly #hosts = new Set<string>();
  readonly #deadline: RoomDeadline;
  #server: RpcServer | undefined;
  /** Calls that come before are held back. Undefined where the run is stopped before it begins. */
  readonly #begun = new Moment<Intake | undefined>();
  readonly #ended = new Moment<void>();
  /** When a call was last refused for want of room, by the monotonic clock. */
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** The connections over which a call has come. */
  readonly #senders = new WeakSet<AbortSignal>();

  constructor(options: AvroListenOptions, around: EventSurroundings) {
    this.name = `avro://${placeOf(options)}`;
    this.#options = options;
    this.#around = around;
    this.#entry = new EventEntry({ ...around, name: this.name, ack: options.ack });
    this.#deadline = new RoomDeadline(around.clock, options.patience);
  }

  /** Listens from here on. */
  async open(): Promise<void> {
    const { clock, log } = this.#around;
    const { maxCall, maxConnections } = this.#options;
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
    log.info('Listening for events.', { at: this.#place });
  }

  async begin(): Promise<void> {
    this.#entry.begin();
  }

  async run(intake: Intake): Promise<void> {
    this.#begun.come(intake);
    await this.#ended.whenCome;
    await this.#server?.stop();
  }

  /** There is no end to it. */
  toRead(): undefined {
    return undefined;
  }

  stop(): void {
    this.#begun.come(undefined);
    this.#deadline.end();
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
    if (received.next !== parameters.length) {
      throw new MalformedError('more follows than the events of a call');
    }
    const intake = await this.#begun.whenCome;
    if (intake === undefined) return false;
    const isTaken = await this.#deadline.during(connection, (withdrawal) =>
      this.#entry.take({ received, release, gone: connection }, intake, withdrawal),
    );
    if (!isTaken && !connection.aborted && !this.#ended.hasCome) this.#refused(peer);
    return isTaken;
  }

  #greet({ peer: sender, connection }: Call): void {
    if (this.#senders.has(connection)) return;
    this.#senders.add(connection);
    const { log } = this.#around;
    if (this.#isNew(sender)) log.info('A sender has connected, the first from there.', { sender });
    else log.debug('A sender has connected.', { sender });
    connection.addEventListener('abort', () => log.debug('A sender has gone.', { sender }));
  }

  /** Of its host nobody has sent before; of very many, that is not known. */
  #isNew(sender: string): boolean {
    const host = sender.slice(0, sender.lastIndexOf(':'));
    if (this.#hosts.has(host) || this.#hosts.size >= MOST_HOSTS) return false;
    this.#hosts.add(host);
    return true;
  }

  /**
   * Said once, and again only after a time in which nobody was refused: while there is room now and then,
   * some calls are taken and others are not.
   */
  #refused(sender: string): void {
    const { clock, log } = this.#around;
    const now = clock.monotonic();
    if (now - this.#refusedAt >= QUIET) {
      const message =
        'There is no room in the channel; senders are told to come again until there is.';
      log.warn(message, { at: this.#place, sender });
    }
    this.#refusedAt = now;
  }

  /** With the port that the system gave where 0 was asked for. */
  get #place(): string {
    const { host, port } = this.#options;
    return placeOf({ host, port: this.#server?.port ?? port });
  }
}
