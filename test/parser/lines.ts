/** Generated lines that try to be misread; one character a byte, no line end. */
import fc from 'fast-check';

const SPACES = [' ', ' ', ' ', ' ', ' ', ' ', '  ', '\t', '\r', ' \v', '\f ', ''];
const NASTY = [
  '"',
  '" "',
  '""',
  '"  "',
  '] "',
  ']\t"',
  '[',
  ']',
  '" 200 5 "',
  '" 1 "',
  '"1',
  '" 200 - "-" "-"',
  ' ',
  '\t',
  '\r',
  '\v',
  '\f',
  '\0',
  '\x1c',
  '\x85',
  '\xa0',
  '\xff',
  '-',
  '7',
  '\\"',
  '!',
  '?',
  'a',
  'GET /x HTTP/1.1',
  '22/Nov/2026:08:00:00 +0000',
  '"-"',
  ' "" ',
];

const space = fc.constantFrom(...SPACES);
const nasty = fc.constantFrom(...NASTY);
const soup = fc.array(nasty, { maxLength: 16 }).map((pieces) => pieces.join(''));

/** `usual` nearly always, else something nasty in its place. */
function mostly(...usual: string[]): fc.Arbitrary<string> {
  const some = fc.constantFrom(...usual);
  const bits = fc.array(nasty, { maxLength: 3 }).map((pieces) => pieces.join(''));
  return fc.oneof({ weight: 14, arbitrary: some }, { weight: 1, arbitrary: bits });
}

const parts: fc.Arbitrary<string>[] = [
  mostly('192.0.2.7', 'h', '2001:db8::1', '"'),
  mostly('-', 'i'),
  mostly('-', 'frank'),
  mostly('[22/Nov/2026:08:00:00 +0000]', '[t]', '[22/Nov/2026:08:"0:00 +0000]', '[a] "b]'),
  mostly(
    '"GET / HTTP/1.1"',
    '"GET /a?b=1?c HTTP/1.1"',
    '"GET /a"',
    '"GET"',
    '" GET  /a! x y "',
    '" "',
    '""',
    '"a\0b\xff c d"',
    '"GET /\\"q\\" HTTP/1.1"',
    '"GET\t/a b"',
    '"a" 200 5 "b"',
  ),
  mostly('200', '404', '0', '99999999999'),
  mostly('5', '-', '12a', 'a"b', '!'),
  mostly('"-"', '""', '"https://example.org/"', '" "', '"a" "b"', '"x" 200 1 "y"'),
  mostly('"-"', '""', '"Example/1.0 (a; b)"', '"a\\"b"', '"a b"\r', '"-" \t', '"'),
];

/** The format's parts in their order, with white space that is nearly always there. */
const structured = fc
  .tuple(fc.tuple(...parts), fc.array(space, { minLength: 9, maxLength: 9 }))
  .map(([texts, spaces]) =>
    texts.map((text, at) => (at === 0 ? text : spaces[at] + text)).join(''),
  );

/** What servers write. */
const usual = fc
  .tuple(
    fc.constantFrom('192.0.2.7', '2001:db8::1'),
    fc.constantFrom('"GET / HTTP/1.1" 200 5', '"POST /a?b=c HTTP/2.0" 404 -', '"-" 408 -'),
    fc.constantFrom('"-"', '"https://example.org/"'),
    fc.constantFrom('"-"', '"Example/1.0 (a; b)"'),
  )
  .map(([host, rest, referer, agent]) =>
    [host, '- - [22/Nov/2026:08:00:00 +0000]', rest, referer, agent].join(' '),
  );

/** A usual line with a few places changed. */
const mutated = fc
  .tuple(usual, fc.array(fc.tuple(fc.nat(), fc.nat(2), nasty), { minLength: 1, maxLength: 2 }))
  .map(([line, changes]) => {
    let text = line;
    for (const [place, cut, piece] of changes) {
      const at = place % (text.length + 1);
      text = text.slice(0, at) + piece + text.slice(at + cut);
    }
    return text;
  });

export const anyLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: structured },
  { weight: 3, arbitrary: mutated },
  { weight: 2, arbitrary: soup },
  { weight: 1, arbitrary: usual },
);

/** A line as servers write it, whose URL is `/u`. */
export const USUAL =
  '192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET /u HTTP/1.1" 200 5 "-" "Example/1.0"';
