import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../src/wire/malformed.js';
import { FrameDecoder, type Message } from '../../src/wire/netty/frame-decoder.js';
import { frame, int32 } from './frames.js';

const MAX_CALL = 4096;

/** Feeds the pieces one after the other; the messages with their bytes as they were then. */
function decode(decoder: FrameDecoder, pieces: readonly Uint8Array[]): [number, Buffer][] {
  const messages: Message[] = [];
  for (const piece of pieces) {
    expect(decoder.hungry).toBe(true);
    decoder.feed(piece);
    for (let one = decoder.next(); one; one = decoder.next()) messages.push(one);
  }
  return messages.map(({ serial, bytes }) => [serial, Buffer.from(bytes)]);
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  sorted.sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

describe('frames', () => {
  it('give their messages, wherever they and the stream are cut', () => {
    const buffers = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer(), buffers), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (messages, cuts) => {
          // Nothing of it may pass for another protocol.
          const sent = messages.map(([serial, parts]) => [serial & 0xffffff, parts] as const);
          const stream = Buffer.concat(sent.map(([serial, parts]) => frame(serial, ...parts)));
          const decoder = new FrameDecoder(MAX_CALL);
          const got = decode(decoder, cutAt(stream, cuts));
          expect(got).toEqual(sent.map(([serial, parts]) => [serial, Buffer.concat(parts)]));
          expect(decoder.within).toBe(false);
        },
      ),
    );
  });

  it('without buffers are empty messages', () => {
    const stream = Buffer.concat([frame(1), frame(2, Buffer.of(7))]);
    expect(decode(new FrameDecoder(MAX_CALL), [stream])).toEqual([
      [1, Buffer.alloc(0)],
      [2, Buffer.of(7)],
    ]);
  });

  it('may be as long as the bound and no longer', () => {
    const most = frame(1, Buffer.alloc(MAX_CALL - 1), Buffer.alloc(1));
    expect(decode(new FrameDecoder(MAX_CALL), [most])[0][1]).toHaveLength(MAX_CALL);
    const longer = frame(1, Buffer.alloc(MAX_CALL - 1), Buffer.alloc(2));
    // The second length is enough to know.
    const cut = longer.subarray(0, longer.length - 2);
    expect(() => decode(new FrameDecoder(MAX_CALL), [cut])).toThrow(/more than 4096 bytes/);
  });
});

describe('what cannot be a frame is malformed at once', () => {
  const cases: [string, Buffer, RegExp][] = [
    ['a negative count', Buffer.concat([int32(1), int32(-1)]), /does not look like Avro/],
    ['a huge count', Buffer.concat([int32(1), int32(0x7fffffff)]), /does not look like Avro/],
    ['a negative length', Buffer.concat([int32(1), int32(1), int32(-1)]), /not look like Avro/],
    [
      'a length beyond the bound',
      Buffer.concat([int32(1), int32(1), int32(MAX_CALL + 1)]),
      /more than 4096/,
    ],
    [
      'lengths beyond it together',
      Buffer.concat([
        frame(1, Buffer.alloc(9)).subarray(0, 4),
        int32(2),
        int32(9),
        Buffer.alloc(9),
        int32(MAX_CALL - 8),
      ]),
      /more than 4096/,
    ],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), /looks like HTTP/],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), /looks like SSH/],
    ['TLS', Buffer.from('1603010200010001', 'hex'), /looks like TLS/],
    ['a TLS hello of 517 bytes', Buffer.from('16030102050100020103', 'hex'), /looks like TLS/],
    ['zlib', Buffer.from('789c0123456789abcdef', 'hex'), /looks compressed/],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => decode(new FrameDecoder(MAX_CALL), [bytes])).toThrow(MalformedError);
    const oneByOne = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(() => decode(new FrameDecoder(MAX_CALL), oneByOne)).toThrow(message);
  });

  it('and is not said to be another protocol after a message that was none', () => {
    const decoder = new FrameDecoder(MAX_CALL);
    decode(decoder, [frame(1, Buffer.of(1))]);
    expect(() => decode(decoder, [Buffer.from('GET / HTTP/1.1\r\n')])).toThrow(
      /does not look like Avro/,
    );
  });
});

describe('memory', () => {
  it('follows what came, not what a length says', () => {
    let taken = 0;
    const take = (bytes: number): boolean => {
      taken += bytes;
      return true;
    };
    const room = { take, complete: () => {} };
    const decoder = new FrameDecoder(1 << 30, room);
    decode(decoder, [Buffer.concat([int32(1), int32(1), int32(1 << 29), Buffer.alloc(1000)])]);
    expect(taken).toBeLessThan(3000);
  });

  it('is copied a few times over for a long message in small pieces', () => {
    let taken = 0;
    let asked = 0;
    const take = (bytes: number): boolean => {
      taken += bytes;
      asked += 1;
      return true;
    };
    const decoder = new FrameDecoder(1 << 27, { take, complete: () => {} });
    const length = 8 * 1024 * 1024;
    decoder.feed(Buffer.concat([int32(1), int32(1), int32(length)]));
    decoder.next();
    const piece = Buffer.alloc(1024, 5);
    let message: Message | undefined;
    for (let i = 0; i < length / piece.length; i++) {
      decoder.feed(piece);
      message = decoder.next();
    }
    expect(Buffer.alloc(length, 5).equals(message?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(taken).toBeLessThanOrEqual(2 * length);
    expect(asked).toBeLessThan(20);
    expect(message?.held).toBe(taken);
  });

  it('of a short message after a long one is short', () => {
    const decoder = new FrameDecoder(1 << 20);
    const stream = [
      frame(1, Buffer.alloc(100_000)),
      frame(2, Buffer.alloc(10)),
      frame(3, Buffer.of(1)),
    ];
    decoder.feed(Buffer.concat(stream));
    const held = [decoder.next(), decoder.next(), decoder.next()].map((message) => message?.held);
    expect(held[1]).toBe(10);
    expect(held[2]).toBeLessThan(300);
  });

  it('that is refused is asked for again, and nothing is lost', () => {
    let open = false;
    const decoder = new FrameDecoder(MAX_CALL, {
      take: () => open,
      complete: () => {},
    });
    decoder.feed(frame(1, Buffer.from('message')));
    expect(decoder.next()).toBeUndefined();
    expect([decoder.starved, decoder.hungry]).toEqual([true, false]);
    open = true;
    expect(Buffer.from(decoder.next()?.bytes ?? []).toString()).toBe('message');
    expect(decoder.starved).toBe(false);
  });
});
