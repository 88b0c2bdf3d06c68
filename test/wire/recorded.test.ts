import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHandshakeRequest, decodeHandshakeResponse } from '../../src/wire/avro/avsc.js';
import { BinaryReader } from '../../src/wire/avro/binary-reader.js';
import { readCallHead, readResult } from '../../src/wire/avro/envelope.js';
import { Handshakes } from '../../src/wire/avro/handshake.js';
import { SPARK } from '../../src/wire/avro/protocols.js';
import {
  decodeEventBatch,
  decodeGetEventBatch,
  decodeSequence,
  encodeEventBatch,
  encodeGetEventBatch,
  encodeSequence,
  NULL_RESULT,
} from '../../src/wire/avro/values.js';
import { MalformedError } from '../../src/wire/malformed.js';
import { FrameDecoder } from '../../src/wire/netty/frame-decoder.js';
import { lacksShared, SHARED } from '../support/surroundings.js';
import { unframe } from './frames.js';
import { acceptingHandler, connected, replay, settled, worksOf } from './server-end.js';

const missing = lacksShared('data/wire');
const recorded = (name: string): Buffer =>
  missing ? Buffer.alloc(0) : readFileSync(join(SHARED, 'data/wire', name));

/** How many events there are in each. */
const PUSHES = [
  { name: 'push.0', events: 3 },
  { name: 'push.1', events: 3 },
  { name: 'push.2', events: 2500 },
];

describe.skipIf(missing)('what a Flume sink sent (skipped without ../shared)', () => {
  it.each(PUSHES)('$name is answered as it was, in one piece', async ({ name, events }) => {
    const lines: string[] = [];
    const works = worksOf(acceptingHandler(lines));
    const answers = await replay(connected(works), [recorded(`${name}.c2s.bin`)]);
    expect(answers.equals(recorded(`${name}.s2c.bin`))).toBe(true);
    expect(lines).toHaveLength(events);
    expect(lines.every((line) => / "[A-Z]+ \/.*" \d{3} .*"$/.test(line))).toBe(true);
    expect(works.log.lines).toEqual([]);
    expect(works.budget.held).toBe(0);
  });

  it.each(PUSHES.slice(0, 2))('$name is answered the same cut anywhere', async ({ name }) => {
    const sent = recorded(`${name}.c2s.bin`);
    const answers = recorded(`${name}.s2c.bin`);
    const whole: string[] = [];
    await replay(connected(worksOf(acceptingHandler(whole))), [sent]);
    for (let place = 0; place <= sent.length; place++) {
      const lines: string[] = [];
      const pieces = [sent.subarray(0, place), sent.subarray(place)];
      const got = await replay(connected(worksOf(acceptingHandler(lines))), pieces);
      expect(got.equals(answers), `cut at ${place}`).toBe(true);
      expect(lines, `cut at ${place}`).toEqual(whole);
    }
  });

  it.each(PUSHES)('$name is answered the same byte by byte', async ({ name, events }) => {
    const sent = recorded(`${name}.c2s.bin`).subarray(0, 40_000);
    const last = recorded(`${name}.c2s.bin`).subarray(40_000);
    const lines: string[] = [];
    const pieces = [...sent].map((byte) => Uint8Array.of(byte));
    const got = await replay(connected(worksOf(acceptingHandler(lines))), [...pieces, last]);
    expect(got.equals(recorded(`${name}.s2c.bin`))).toBe(true);
    expect(lines).toHaveLength(events);
  });

  it('push.2 is answered the same cut into many pieces', async () => {
    const sent = recorded('push.2.c2s.bin');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 70_000 }), async (length) => {
        const pieces: Buffer[] = [];
        for (let at = 0; at < sent.length; at += length)
          pieces.push(sent.subarray(at, at + length));
        const lines: string[] = [];
        const got = await replay(connected(worksOf(acceptingHandler(lines))), pieces);
        expect(got.equals(recorded('push.2.s2c.bin'))).toBe(true);
        expect(lines).toHaveLength(2500);
      }),
      { numRuns: 30 },
    );
  });

  it('gives each answer that it can where it is cut off, and nothing more', async () => {
    const sent = recorded('push.0.c2s.bin');
    const answers = recorded('push.0.s2c.bin');
    for (let length = 0; length < sent.length; length++) {
      const works = worksOf(acceptingHandler());
      const stream = connected(works);
      const got = await replay(stream, [sent.subarray(0, length)]);
      expect(answers.subarray(0, got.length).equals(got)).toBe(true);
      stream.push(null);
      await settled();
      expect(stream.writableEnded || stream.destroyed, `cut off at ${length}`).toBe(true);
      stream.destroy();
      await settled();
      expect(works.budget.held).toBe(0);
    }
  });

  it('may be changed anywhere, and only ends its own connection', async () => {
    const sources = PUSHES.slice(0, 2).map(({ name }) => recorded(`${name}.c2s.bin`));
    const change = fc.record({
      at: fc.nat(),
      by: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat({ max: 255 })),
      kind: fc.constantFrom('set', 'insert', 'remove', 'early'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (source, changes, cut) => {
          const bytes = changes.reduce<Buffer>((sent, { at, by, kind }) => {
            // Where the numbers are that matter most.
            const place = kind === 'early' ? at % 72 : at % sent.length;
            const rest = sent.subarray(kind === 'insert' ? place : place + 1);
            const put = kind === 'remove' ? [] : [by];
            return Buffer.concat([sent.subarray(0, place), Buffer.from(put), rest]);
          }, source);
          const works = worksOf(acceptingHandler());
          const stream = connected(works);
          const place = cut % bytes.length;
          await replay(stream, [bytes.subarray(0, place), bytes.subarray(place)]);
          stream.push(null);
          await settled();
          expect(stream.writableEnded || stream.destroyed).toBe(true);
          expect(works.log.lines.length).toBeLessThanOrEqual(1);
          stream.destroy();
          await settled();
          expect(works.budget.held).toBe(0);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe.skipIf(missing)('what a SparkSink and its client said (skipped without ../shared)', () => {
  it('is read', () => {
    const requests = unframe(recorded('pull.0.c2s.bin')).map(
      ({ bytes }) => new BinaryReader(bytes),
    );
    const greeting = decodeHandshakeRequest(requests[0]);
    expect(new Handshakes(SPARK).answer(greeting)).toMatchObject({
      client: 'known',
      response: { match: 'BOTH' },
    });
    const calls = requests.map((reader) => {
      const message = readCallHead(reader);
      const parameters = reader.take(reader.left);
      return [
        message,
        message === 'ack' ? decodeSequence(parameters) : decodeGetEventBatch(parameters),
      ];
    });
    expect(calls).toEqual([
      ['getEventBatch', 1000],
      ['ack', '80b2c9851'],
      ['getEventBatch', 1000],
    ]);
  });

  it('is answered', () => {
    const decoder = new FrameDecoder(1024);
    decoder.feed(recorded('pull.0.s2c.bin'));
    const first = new BinaryReader(decoder.next()?.bytes ?? Buffer.alloc(0));
    expect(decodeHandshakeResponse(first).match).toBe('BOTH');
    const result = Buffer.from(readResult(first));
    const { error, sequence, received } = decodeEventBatch(Buffer.from(result), {});
    expect([error, sequence, received.count]).toEqual(['', '80b2c9851', 3]);
    const lines = Buffer.from(received.bytes).toString().split('\n');
    expect(lines.map((line) => line.slice(0, 15))).toEqual([
      '111.62.7.189 - ',
      '214.177.89.195 ',
      '130.198.210.126',
      '',
    ]);
    const second = new BinaryReader(decoder.next()?.bytes ?? Buffer.alloc(0));
    expect(readResult(second)).toHaveLength(NULL_RESULT.length);
    expect(decoder.next()).toBeUndefined();
  });

  it('is written the same', () => {
    const [first, second] = unframe(recorded('pull.0.c2s.bin'));
    expect(first.bytes.subarray(-2)).toEqual(Buffer.from(encodeGetEventBatch(1000)));
    expect(second.bytes.subarray(-10)).toEqual(Buffer.from(encodeSequence('80b2c9851')));
    const answer = unframe(recorded('pull.0.s2c.bin'))[0].bytes.subarray(6);
    const at = 1 + 10 + 1;
    const events = { count: 3, bytes: answer.subarray(at, -1) };
    const written = encodeEventBatch({ error: '', sequence: '80b2c9851', events });
    expect(Buffer.from(written)).toEqual(answer);
  });

  it('is malformed where it is cut', () => {
    const answer = unframe(recorded('pull.0.s2c.bin'))[0].bytes.subarray(6);
    for (let length = 0; length < answer.length; length++) {
      const cut = Buffer.from(answer.subarray(0, length));
      expect(() => decodeEventBatch(cut, {})).toThrow(MalformedError);
    }
  });
});
