/** A real server of events, which can be told to go wrong. */
import { systemClock } from '../../../src/core/clock.js';
import { type Endpoint, type Layers, PLAIN } from '../../../src/core/endpoint.js';
import type { AvroDeliveryOptions } from '../../../src/core/forward-config.js';
import { readEventArray } from '../../../src/wire/avro/events.js';
import { FLUME } from '../../../src/wire/avro/protocols.js';
import { type Call, RpcServer } from '../../../src/wire/avro/rpc-server.js';
import { encodeStatus } from '../../../src/wire/avro/values.js';
import { RecordedLog } from '../../support/recorded-log.js';

/**
 * - `later`: `OK`, when {@link FarEnd.release} is called
 * - `dies`: it has the events, and is gone before it can say so
 */
export type Answer = 'OK' | 'FAILED' | 'UNKNOWN' | 'throws' | 'never' | 'later' | 'dies';

export function local(port = 0, layers = PLAIN): Endpoint {
  return { host: '127.0.0.1', port, layers };
}

export function avroOptions(
  port: number,
  options: Partial<AvroDeliveryOptions> = {},
): AvroDeliveryOptions {
  const times = { connectTimeout: 20_000, requestTimeout: 20_000, renewAfter: 0 };
  return { name: 'k1', ...local(port), ...times, ...options };
}

export class FarEnd {
  /** Of each call: what was in it, and over which connection it came. */
  readonly calls: { readonly bodies: readonly string[]; readonly connection: AbortSignal }[] = [];
  /** What the next calls are answered, then all others `OK`. */
  readonly answers: Answer[] = [];
  release: () => void = () => {};
  #server: RpcServer | undefined;
  /** Where it was; it comes back there. */
  port = 0;

  async begin(layers: Layers = PLAIN): Promise<void> {
    this.#server = await RpcServer.listen({
      protocol: FLUME,
      endpoint: local(this.port, layers),
      maxCall: 64 * 1024 * 1024,
      maxConnections: 100,
      clock: systemClock,
      log: new RecordedLog(),
      concurrent: 100,
      handle: (call) => this.#handle(call),
    });
    this.port = this.#server.port;
  }

  /** Gone at once, with all its connections. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** How many connections calls came over. */
  get connections(): number {
    return new Set(this.calls.map(({ connection }) => connection)).size;
  }

  get bodies(): readonly string[] {
    return this.calls.flatMap(({ bodies }) => bodies);
  }

  async #handle({ parameters, connection }: Call): Promise<Uint8Array> {
    const { bytes } = readEventArray(parameters, 0);
    const bodies = Buffer.from(bytes).toString().split('\n').slice(0, -1);
    this.calls.push({ bodies, connection });
    const answer = this.answers.shift() ?? 'OK';
    if (answer === 'throws') throw new Error('it has no room');
    if (answer === 'dies') void this.kill();
    if (answer === 'never' || answer === 'dies') return new Promise(() => {});
    if (answer !== 'later') return encodeStatus(answer);
    await new Promise<void>((resolve) => {
      this.release = resolve;
    });
    return encodeStatus('OK');
  }
}
