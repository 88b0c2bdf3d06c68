/** The server's end of a connection without a socket: what comes is put in, what goes is kept. */
import { Duplex } from 'node:stream';
import type { Clock } from '../../src/core/clock.js';
import { readEventArray, readSingleEvent } from '../../src/wire/avro/events.js';
import { Handshakes } from '../../src/wire/avro/handshake.js';
import { FLUME } from '../../src/wire/avro/protocols.js';
import {
  type Call,
  type Handler,
  ServerConnection,
  type ServerWorks,
} from '../../src/wire/avro/server-connection.js';
import { encodeStatus } from '../../src/wire/avro/values.js';
import { MemoryBudget } from '../../src/wire/netty/memory-budget.js';
import { MessageMemory } from '../../src/wire/netty/message-memory.js';
import { DropNotices } from '../../src/wire/transport/drop-notices.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

/** A stream that a test puts chunks into. */
export class FarEnd extends Duplex {
  readonly written: Buffer[] = [];
  /** Nothing is taken while this is set. */
  stalled: (() => void) | undefined;
  #stalls = false;

  constructor() {
    super({ allowHalfOpen: true });
  }

  get sent(): Buffer {
    return Buffer.concat(this.written);
  }

  stall(): void {
    this.#stalls = true;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, written: () => void): void {
    this.written.push(Buffer.from(chunk));
    if (this.#stalls) this.stalled = written;
    else written();
  }
}

export const MAX_CALL = 1024 * 1024;

/** Takes every event and says OK; `lines` are what came. */
export function acceptingHandler(lines: string[] = []): Handler {
  return {
    async handle({ message, parameters }: Call) {
      const read = message === 'append' ? readSingleEvent : readEventArray;
      const { bytes, ends } = read(parameters, 0);
      let from = 0;
      for (const end of ends) {
        lines.push(Buffer.from(bytes.subarray(from, end - 1)).toString());
        from = end;
      }
      return encodeStatus('OK');
    },
  };
}

export interface Works extends ServerWorks {
  readonly log: RecordedLog;
}

export function worksOf(handler: Handler, clock: Clock = new FakeClock(), limit = 1 << 26): Works {
  const log = new RecordedLog();
  return {
    protocol: FLUME,
    maxCall: MAX_CALL,
    clock,
    log,
    handler,
    handshakes: new Handshakes(FLUME),
    budget: new MemoryBudget(limit),
    memories: new MessageMemory(),
    notices: new DropNotices(clock, log),
  };
}

export function connected(works: ServerWorks): FarEnd {
  const stream = new FarEnd();
  new ServerConnection(works, stream, '192.0.2.1:4444');
  return stream;
}

/** Lets everything happen that can happen by itself. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Puts the pieces in, and gives what was answered when all is done. */
export async function replay(stream: FarEnd, pieces: readonly Uint8Array[]): Promise<Buffer> {
  for (const piece of pieces) stream.push(piece);
  await settled();
  return stream.sent;
}
