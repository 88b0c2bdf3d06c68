/** Reading a regular file ahead, against a file of which everything can go wrong. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import { type Cutting, releaseBatch } from '../../src/source/lines/cutting.js';
import { readPieces } from '../../src/source/lines/file-reading.js';
import { LineCutter, type Resumption } from '../../src/source/lines/line-cutter.js';
import { SharedBuffers } from '../support/shared-buffers.js';
import { type Piece, piecesOf, split } from './pieces.js';

const START: Resumption = { position: 0, scannedTo: 0 };

interface Conditions {
  readonly maxLine: number;
  readonly readBytes: number;
  readonly buffers: number;
  /** How many turns of the event loop each read takes. */
  readonly delays: readonly number[];
  /** The most bytes that each read gives. */
  readonly shorts: readonly number[];
}

const conditions = fc.record({
  maxLine: fc.integer({ min: 1, max: 12 }),
  readBytes: fc.integer({ min: 1, max: 30 }),
  buffers: fc.integer({ min: 1, max: 6 }),
  delays: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }),
  shorts: fc.oneof(
    fc.constant([Infinity]),
    fc.array(fc.constantFrom(1, 2, 7, Infinity), { minLength: 1 }),
  ),
});

const text = fc
  .array(fc.constantFrom('\n', 'a', 'bc', 'some words', 'a longer line than any limit', '\r\n'))
  .map((parts) => parts.join(''));

/** A file that can grow, shrink and break. */
class FakeFile {
  bytes: Buffer;
  /** Reads beyond this fail. */
  broken = Infinity;
  underWay = 0;
  mostUnderWay = 0;
  #reads = 0;
  readonly #delays: readonly number[];
  readonly #shorts: readonly number[];

  constructor(bytes: Buffer, { delays, shorts }: Pick<Conditions, 'delays' | 'shorts'>) {
    this.bytes = bytes;
    this.#delays = delays;
    this.#shorts = shorts;
  }

  readonly readAt = async (into: Buffer, position: number): Promise<number> => {
    const read = this.#reads;
    this.#reads += 1;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    for (let turns = this.#delays[read % this.#delays.length]; turns > 0; turns -= 1) {
      await nextTurn();
    }
    this.underWay -= 1;
    if (position >= this.broken) throw Object.assign(new Error('broken'), { code: 'EIO' });
    const most = Math.min(this.#shorts[read % this.#shorts.length], this.broken - position);
    const from = Math.min(position, this.bytes.length);
    return this.bytes.copy(into, 0, from, Math.min(from + most, this.bytes.length));
  };
}

/** One file, read into buffers of its own; its batches are added when it says so. */
class Run implements Origin {
  readonly name = 'test';
  readonly file: FakeFile;
  readonly buffers: SharedBuffers;
  readonly cutting: Cutting;
  readonly pieces: Piece[] = [];
  resumption = START;
  /** How many pieces are still to be read. */
  patience = Infinity;
  readonly #open: Batch[] = [];

  constructor(bytes: string, { maxLine, readBytes, buffers, ...of }: Conditions) {
    this.file = new FakeFile(Buffer.from(bytes, 'latin1'), of);
    const front = maxLine + 1;
    this.buffers = new SharedBuffers(front + readBytes, buffers);
    this.cutting = { maxLine, readBytes, rangeBytes: readBytes, front, buffers: this.buffers };
    this.buffers.onAcquire = () => {
      const withBatches = this.#open.filter(
        (batch) => batch.kind === 'lines' && this.buffers.owns(batch.bytes),
      );
      expect(this.buffers.count - this.buffers.free).toBe(withBatches.length);
    };
  }

  added(batch: Batch): void {
    // Only now, for until now its bytes must be there.
    this.pieces.push(...piecesOf(batch, this.cutting.maxLine));
    releaseBatch(this.cutting, batch);
  }

  acknowledged(): void {}

  memo(): undefined {
    return undefined;
  }

  /** Reads up to the limit, from where it stopped the last time. */
  async read(limit = Infinity): Promise<LineCutter> {
    const { file, cutting } = this;
    const cutter = new LineCutter(this, cutting.maxLine, this.resumption);
    const progress = (): void => {
      this.resumption = cutter.resumption;
      expect(this.patience).toBeGreaterThan(0);
      this.patience -= 1;
    };
    const deliver = async (batch: Batch): Promise<void> => {
      this.#open.push(batch);
      // One batch for each buffer may be under way; then there must be none to wait for.
      if (this.#open.length >= this.buffers.count) this.addAll();
    };
    try {
      await readPieces({
        readAt: file.readAt,
        cutter,
        cutting,
        limit,
        deliver,
        proceed: () => this.patience > 0,
        progress,
      });
    } finally {
      expect(file.underWay).toBe(0);
      this.addAll();
      expect(this.buffers.free).toBe(this.buffers.count);
    }
    return cutter;
  }

  addAll(): void {
    for (const batch of this.#open.splice(0)) this.added(batch);
  }

  end(cutter: LineCutter): void {
    for (const batch of cutter.end()) this.added(batch);
  }
}

describe('reading a file', () => {
  it('gives each line once, in order, whatever the reads give and whenever they end', async () => {
    await fc.assert(
      fc.asyncProperty(text, conditions, async (all, how) => {
        const run = new Run(all, how);
        run.end(await run.read());
        expect(run.pieces).toEqual(split(all, how.maxLine));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on where it stopped, at a limit, or when it was told to, or when the file has grown', async () => {
    const stops = fc.array(
      fc.record({
        grown: fc.integer({ min: 0, max: 60 }),
        beyond: fc.constantFrom(-3, 0, 3, Infinity),
        patience: fc.constantFrom(0, 1, 2, Infinity),
      }),
    );
    await fc.assert(
      fc.asyncProperty(text, conditions, stops, async (all, how, turns) => {
        const run = new Run('', how);
        const whole = Buffer.from(all, 'latin1');
        let size = 0;
        for (const { grown, beyond, patience } of turns) {
          size = Math.min(whole.length, size + grown);
          run.file.bytes = whole.subarray(0, size);
          run.patience = patience;
          const limit = Math.max(0, size + beyond);
          const from = run.resumption.scannedTo;
          const { readTo } = await run.read(limit);
          expect(readTo).toBeLessThanOrEqual(Math.max(from, limit));
        }
        run.file.bytes = whole;
        run.patience = Infinity;
        run.end(await run.read());
        expect(run.pieces).toEqual(split(all, how.maxLine));
      }),
      { numRuns: 500 },
    );
  });

  it('gives what is before a fault, and throws when no read is under way', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.nat({ max: 200 }), conditions, async (all, at, how) => {
        const run = new Run(all, how);
        const broken = Math.min(at, all.length);
        run.file.broken = broken;
        await expect(run.read()).rejects.toThrow('broken');
        const readable = all.slice(0, broken);
        const whole = readable.slice(0, readable.lastIndexOf('\n') + 1);
        expect(run.pieces).toEqual(split(whole, how.maxLine));
      }),
      { numRuns: 300 },
    );
  });

  it('ends where a file ends that was cut short meanwhile', async () => {
    const cuts = fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 60 }));
    await fc.assert(
      fc.asyncProperty(text, cuts, conditions, async (all, [after, size], how) => {
        const run = new Run(all, how);
        const reading = run.read();
        for (let turn = 0; turn < after; turn += 1) await nextTurn();
        run.file.bytes = run.file.bytes.subarray(0, size);
        const cutter = await reading;
        const whole = all.slice(0, run.pieces.at(-1)?.end ?? 0);
        expect(run.pieces).toEqual(split(whole, how.maxLine));
        expect(cutter.readTo).toBeLessThanOrEqual(all.length);
      }),
      { numRuns: 300 },
    );
  });

  it('has four reads under way, as long as they are full', async () => {
    const how = { maxLine: 9, readBytes: 10, buffers: 8, delays: [3], shorts: [Infinity] };
    const run = new Run('123456789\n'.repeat(20), how);
    await run.read();
    expect(run.file.mostUnderWay).toBe(4);
    const short = new Run('123456789\n'.repeat(20), { ...how, shorts: [9] });
    await short.read();
    expect(short.file.mostUnderWay).toBe(1);
  });

  it('lets a batch that fills most of a buffer take it, and copies shorter ones', async () => {
    const how = { maxLine: 9, readBytes: 100, buffers: 8, delays: [0], shorts: [Infinity] };
    const run = new Run(`${'x\n'.repeat(26)}`, how);
    const owned: boolean[] = [];
    const added = run.added.bind(run);
    run.added = (batch) => {
      owned.push(batch.kind === 'lines' && run.buffers.owns(batch.bytes));
      added(batch);
    };
    await run.read();
    run.file.bytes = Buffer.concat([run.file.bytes, Buffer.from('x\n'.repeat(25))]);
    await run.read();
    expect(owned).toEqual([true, false]);
  });
});

it('many readers share a few buffers and a small channel, and none waits for ever', async () => {
  const sharing = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 8 }),
    how: conditions,
    capacity: fc.record({
      lines: fc.integer({ min: 1, max: 3 }),
      bytes: fc.integer({ min: 1, max: 40 }),
    }),
    addDelay: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(sharing, async ({ texts, how, capacity, addDelay }) => {
      const { maxLine, readBytes } = how;
      const front = maxLine + 1;
      const buffers = new SharedBuffers(front + readBytes, how.buffers);
      const cutting = { maxLine, readBytes, rangeBytes: readBytes, front, buffers };
      const channel = new MemoryChannel(capacity);
      const pieces = texts.map((): Piece[] => []);
      const readers = texts.map(async (all, index) => {
        const file = new FakeFile(Buffer.from(all, 'latin1'), how);
        const origin: Origin = {
          name: 'test',
          added: (batch) => {
            pieces[index].push(...piecesOf(batch, maxLine));
            releaseBatch(cutting, batch);
          },
          acknowledged: () => {},
          memo: () => undefined,
        };
        const cutter = new LineCutter(origin, maxLine);
        const deliver = (batch: Batch): Promise<void> => channel.put(batch);
        const proceed = (): boolean => true;
        await readPieces({
          readAt: file.readAt,
          cutter,
          cutting,
          limit: Infinity,
          deliver,
          proceed,
        });
        for (const batch of cutter.end()) await deliver(batch);
      });
      const drain = async (): Promise<void> => {
        for (let batch = await channel.take(); batch; batch = await channel.take()) {
          for (let turn = 0; turn < addDelay; turn += 1) await nextTurn();
          channel.acknowledge(batch);
          batch.origin.added(batch, 0);
        }
      };
      const draining = drain();
      await Promise.all(readers);
      channel.close();
      await draining;
      expect(pieces).toEqual(texts.map((all) => split(all, maxLine)));
      expect(buffers.free).toBe(buffers.count);
    }),
    { numRuns: 200 },
  );
});
