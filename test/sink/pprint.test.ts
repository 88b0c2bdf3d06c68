import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pprintFormat } from '../../src/sink/pprint.js';
import { pythonRepr } from '../../src/sink/python-repr.js';
import { HOSTILE_KEYS, row, snapshotOf } from './snapshots.js';

const RULE = '-------------------------------------------';
const hasPython = spawnSync('python3', ['--version']).status === 0;
const END = new Date(2018, 1, 18, 21, 27, 22).getTime();

describe('pprint', () => {
  test('is what PySpark prints', () => {
    const snapshot = snapshotOf([row('/xmlrpc.php', 68494)], { end: END, distinct: 2 });
    expect(pprintFormat()(snapshot)).toBe(
      `${RULE}\nTime: 2018-02-18 21:27:22\n${RULE}\n('/xmlrpc.php', 68494)\n...\n\n`,
    );
  });

  test('no dots where all rows are shown', () => {
    expect(body(snapshotOf([row('/a', 1)]))).toBe("('/a', 1)\n\n");
  });

  test('several fields are a tuple of their own', () => {
    expect(body(snapshotOf([row(['/a', '200'], 5)]))).toBe("(('/a', '200'), 5)\n\n");
  });

  test('what is over the bounds comes after the dots', () => {
    const snapshot = snapshotOf([row('/a', 1)], { other: 3, distinct: 2 });
    expect(body(snapshot)).toBe("('/a', 1)\n...\n((other), 3)\n\n");
  });

  test('an empty window is the frame and an empty line', () => {
    expect(body(snapshotOf([]))).toBe('\n');
  });

  test('part of a second has six digits', () => {
    const text = pprintFormat()(snapshotOf([], { end: END + 50 }));
    expect(text.split('\n')[1]).toBe('Time: 2018-02-18 21:27:22.050000');
  });
});

describe('pythonRepr', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['plain', '/a', `'/a'`],
    ['a single quote', "it's", `"it's"`],
    ['a double quote', '"', `'"'`],
    ['both', `'"`, `'\\'"'`],
    ['a backslash', '\\', `'\\\\'`],
    ['named escapes', '\t\n\r', `'\\t\\n\\r'`],
    ['controls', '\0\x1b\x7f\x85\xa0\xad', `'\\x00\\x1b\\x7f\\x85\\xa0\\xad'`],
    ['printable beyond ASCII', 'é日😀', `'é日😀'`],
    [
      'not printable',
      '\u200b\u2028\u3000\ue000\u{e0001}',
      `'\\u200b\\u2028\\u3000\\ue000\\U000e0001'`,
    ],
    ['not UTF-8', Buffer.from([0xff, 0x27, 0xe2, 0x82]), `"\\udcff'\\udce2\\udc82"`],
  ])('%s', (_, key, expected) => {
    expect(pythonRepr(Buffer.from(key))).toBe(expected);
  });

  test.skipIf(!hasPython)('is what Python says of generated strings', () => {
    const byte = fc.constantFrom(0x27, 0x22, 0x5c, 0x0a, 0x41, 0x7f, 0x80, 0xc2, 0xe2, 0x82, 0xf0);
    const key = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(byte, { maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)),
      fc.array(fc.integer({ min: 0, max: 0x24f }), { maxLength: 8 }).map((points) => {
        return Buffer.from(String.fromCodePoint(...points));
      }),
    );
    const keys = [...HOSTILE_KEYS, ...fc.sample(key, 5000)].map((bytes) => Buffer.from(bytes));
    // A character that is younger than this Python is none to it.
    const program = [
      'import sys, unicodedata',
      'for line in sys.stdin:',
      '  key = bytes.fromhex(line).decode("utf-8", "surrogateescape")',
      '  known = all(unicodedata.category(c) != "Cn" for c in key)',
      '  print(ascii(repr(key)) if known else "unknown")',
    ].join('\n');
    const input = keys.map((bytes) => `${bytes.toString('hex')}\n`).join('');
    const said = python(program, input);
    const ours = keys.map((bytes, at) => {
      return said[at] === 'unknown' ? 'unknown' : asciiRepr(pythonRepr(bytes));
    });
    expect(ours).toEqual(said);
    expect(said.filter((text) => text === 'unknown').length).toBeLessThan(200);
  });

  test.skipIf(!hasPython)('agrees with Python on every character that both know', () => {
    const program = [
      'import unicodedata',
      'for block in range(0, 0x110000, 256):',
      '  points = map(chr, range(block, block + 256))',
      '  text = "".join(c for c in points if unicodedata.category(c) not in ("Cn", "Cs"))',
      '  print(text.encode().hex(), ascii(repr(text)))',
    ].join('\n');
    for (const line of python(program, '')) {
      const [hex, said] = line.split(/ (.*)/s);
      expect(asciiRepr(pythonRepr(Buffer.from(hex, 'hex')))).toBe(said);
    }
  });
});

function body(snapshot: Parameters<ReturnType<typeof pprintFormat>>[0]): string {
  return pprintFormat()(snapshot).split(`${RULE}\n`)[2];
}

function python(program: string, input: string): string[] {
  const options = { input, encoding: 'utf8', maxBuffer: 1e9 } as const;
  return execFileSync('python3', ['-c', program], options).trimEnd().split('\n');
}

/** `ascii()` of Python, which leaves no doubt about what a terminal's encoding did. */
function asciiRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\']|[^\x20-\x7e]/gu, (character) => {
    if (character === "'" && quote === '"') return character;
    if (character === "'" || character === '\\') return `\\${character}`;
    const digits = (character.codePointAt(0) ?? 0).toString(16);
    if (digits.length <= 2) return `\\x${digits.padStart(2, '0')}`;
    return digits.length <= 4 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
  });
  return quote + escaped + quote;
}
