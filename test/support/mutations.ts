/** Lines that are nearly in the combined format: seeded, so the same every time. */
import { Random } from '../../src/traffic/random.js';
import { createTraffic } from '../../src/traffic/traffic.js';

const TIME = Date.UTC(2026, 10, 22, 8);

/** Takes a line without its line end, as latin-1; what it returns may be several lines. */
type Mutation = (line: string, random: Random) => string;

/** What a kind of file has, beside the odd lines that the traffic has anyway. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'escaped quotes': (line, random) => insert(line, '\\"', random),
  'stray quotes': (line, random) => insert(line, random.pick(['"', '""', '" "', '"\t"']), random),
  'empty requests': (line) => line.replace(/"[^"]*"/, '""'),
  'requests of one word': (line, random) =>
    line.replace(/"[^"]*"/, random.pick(['"GET"', '"GET "', '" GET"', '" "', '"\t/x\t"'])),
  CRLF: (line) => `${line}\r`,
  'other white space': (line, random) =>
    replaceOne(line, ' ', random.pick(['\t', '\r', '\f', '\v', '  ', '\t\r ']), random),
  'bytes that only look like white space': (line, random) =>
    replaceOne(line, ' ', random.pick(['\x1c', '\x85', '\xa0', '\0']), random),
  NUL: (line, random) => insert(line, '\0', random),
  'invalid UTF-8': (line, random) =>
    insert(line, random.pick(['\xff', '\xc3', '\xed\xa0\x80', '\xf0\x9f']), random),
  'blank lines': (line, random) => `${line}\n${random.pick(['', '\r', ' ', '\t \n'])}`,
  'cut lines': (line, random) => line.slice(0, random.below(line.length + 1)),
  'stray brackets': (line, random) => insert(line, random.pick(['[', ']', '] "', ']"']), random),
  'missing bytes': (line, random) => {
    const at = random.below(line.length);
    return line.slice(0, at) + line.slice(at + 1);
  },
};

export const KINDS = [...Object.keys(MUTATIONS), 'all of it'] as const;

/**
 * A log of `count` lines or more, of which half are mutated as the kind says. The last line has a
 * line end where the number of its kind is even.
 */
export function mutatedLog(kind: string, count: number): Buffer {
  const seed = KINDS.indexOf(kind);
  const random = new Random(seed);
  const traffic = createTraffic({ seed, urls: 40, skew: 0.7, odd: 0.3 });
  const mutations = kind === 'all of it' ? Object.values(MUTATIONS) : [MUTATIONS[kind]];
  const lines = traffic.lines(count, TIME).toString('latin1').trimEnd().split('\n');
  const mutated = lines.map((line) =>
    random.next() < 0.5 ? line : random.pick(mutations)(line, random),
  );
  return Buffer.from(mutated.join('\n') + (seed % 2 === 0 ? '\n' : ''), 'latin1');
}

function insert(line: string, text: string, random: Random): string {
  const at = random.below(line.length + 1);
  return line.slice(0, at) + text + line.slice(at);
}

/** One of the places where `what` is. */
function replaceOne(line: string, what: string, by: string, random: Random): string {
  const parts = line.split(what);
  const at = 1 + random.below(Math.max(1, parts.length - 1));
  return parts.slice(0, at).join(what) + by + parts.slice(at).join(what);
}
