import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EscapeMode, escapeBytes, printable } from '../../src/core/escape.js';

const MODES: readonly EscapeMode[] = ['plain', 'plain-on-terminal', 'terminal'];

/** Bytes that are likely to be next to each other in trouble. */
const hostileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(0x41, 0x5c, 0x78, 0x35, 0x65, 0x00, 0x09, 0x7f, 0xc2, 0x80, 0xe2, 0xaa, 0xf0),
      { maxLength: 12 },
    )
    .map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text)),
);

describe('escapeBytes', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['ASCII', Buffer.from('/a?b=c d"'), '/a?b=c d"', '/a?b=c d"'],
    ['nothing', Buffer.alloc(0), '', ''],
    ['named escapes', Buffer.from('\t\n\r'), '\\t\\n\\r', '\\t\\n\\r'],
    ['the backslash', Buffer.from('a\\tb'), 'a\\\\tb', 'a\\tb'],
    ['C0', Buffer.from('\0\x1b[2J\x07'), '\\x00\\x1b[2J\\x07', '\\x00\\x1b[2J\\x07'],
    ['DEL', Buffer.from('\x7f'), '\\x7f', '\\x7f'],
    ['C1, as its bytes', Buffer.from('\x9b'), '\\xc2\\x9b', '\\xc2\\x9b'],
    ['after C1', Buffer.from('\xa0é'), '\xa0é', '\xa0é'],
    ['a byte that is not UTF-8', Buffer.from([0x61, 0xff, 0x62]), 'a\\xffb', 'a\\xffb'],
    ['a sequence cut short', Buffer.from([0xe2, 0x82]), '\\xe2\\x82', '\\xe2\\x82'],
    ['an overlong slash', Buffer.from([0xc0, 0xaf]), '\\xc0\\xaf', '\\xc0\\xaf'],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80', '\\xed\\xa0\\x80'],
    ['valid beside invalid', Buffer.from([0xff, 0xc3, 0xa9, 0x80]), '\\xffé\\x80', '\\xffé\\x80'],
    ['four bytes beside invalid', Buffer.from([0xff, ...Buffer.from('😀')]), '\\xff😀', '\\xff😀'],
    ['wide characters', Buffer.from('日本😀'), '日本😀', '日本😀'],
    ['bidirectional controls', Buffer.from('a\u202eb'), 'a\u202eb', 'a\\xe2\\x80\\xaeb'],
  ])('%s', (_, bytes, plain, terminal) => {
    expect(escapeBytes(bytes, 'plain')).toBe(plain);
    expect(escapeBytes(bytes, 'terminal')).toBe(terminal);
  });

  test('every bidirectional control is escaped on a terminal, also for programs', () => {
    const controls = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
    for (const control of controls) {
      const bytes = Buffer.from(control);
      const escaped = Array.from(bytes, (byte) => `\\x${byte.toString(16)}`).join('');
      expect(escapeBytes(bytes, 'terminal')).toBe(escaped);
      expect(escapeBytes(bytes, 'plain-on-terminal')).toBe(escaped);
      expect(escapeBytes(bytes, 'plain')).toBe(control);
    }
  });

  test('a view into a larger buffer gives its own bytes only', () => {
    const large = Buffer.from('xx/a\xffyy', 'latin1');
    expect(escapeBytes(large.subarray(2, 5), 'plain')).toBe('/a\\xff');
  });

  test.each<EscapeMode>(['plain', 'plain-on-terminal'])('%s: can be taken back', (mode) => {
    fc.assert(
      fc.property(hostileBytes, (bytes) => {
        expect(withoutEscapes(escapeBytes(bytes, mode))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test.each<EscapeMode>(['plain', 'plain-on-terminal'])('%s: different text each', (mode) => {
    fc.assert(
      fc.property(hostileBytes, hostileBytes, (a, b) => {
        const isSameText = escapeBytes(a, mode) === escapeBytes(b, mode);
        expect(isSameText).toBe(Buffer.compare(a, b) === 0);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(MODES)('%s: no control character is left', (mode) => {
    fc.assert(
      fc.property(hostileBytes, (bytes) => {
        expect(escapeBytes(bytes, mode)).not.toMatch(/\p{Cc}|\p{Cs}/u);
      }),
      { numRuns: 2000 },
    );
  });
});

test('printable shows a name by the rules of a terminal', () => {
  expect(printable('C:\\a\u202e\x1b.log')).toBe('C:\\a\\xe2\\x80\\xae\\x1b.log');
});

/** The escape backwards, over bytes. */
function withoutEscapes(text: string): Buffer {
  const bytes = Buffer.from(text).toString('latin1');
  const named: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  const original = bytes.replace(/\\(?:x([0-9a-f]{2})|(.))/gs, (_, hex, letter) =>
    hex === undefined ? named[letter] : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(original, 'latin1');
}
