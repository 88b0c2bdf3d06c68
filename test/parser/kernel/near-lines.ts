/**
 * Lines at the edges of what the kernel's fast path takes: every length that it compares with a
 * bound or reads with a vector, and one or two bytes of some changed. As bytes, and fast to make.
 */
import { Random } from '../../../src/traffic/random.js';

/** What a byte is changed to, beside any. */
const BYTES = Buffer.from('\0\t\n\v\f\r\x0e\x1f !"#/09:?[\\]a-\x7f\x80\xa0\xff', 'latin1');
const AROUND = [0, 1, 14, 15, 16, 17, 30, 31, 32, 33, 62, 63, 64, 65, 127, 128, 129, 254, 300];
const STATUSES = ['200', '200', '200', '404', '20:', '2/0', '20', '2000', '9:9', 'x00', ''];
const SIZES = [
  '-',
  '0',
  '5',
  '5316',
  '1234567890',
  '12345678901',
  '9'.repeat(20),
  '',
  '1a',
  '1\x01',
];
const TIMES = [
  '22/Nov/2026:08:00:00 +0000',
  '22/Nov/2026:08:00:00 +000',
  '22/Nov/2026:08:00:00 +00000',
];
const METHODS = ['GET', 'GET', 'POST', '', 'GET ', 'G\x01T'];
const PROTOCOLS = [' HTTP/1.1', ' HTTP/1.1', ' ', '', ' a b', '\tx', '  HTTP/1.1', ' HTTP\x7f'];
const REFERERS = ['-', '', 'https://example.org/', ' ', ' 200 5 ', 'a\x01b', '" "'];
const AGENTS = ['-', '', 'Example/1.0 (a; b)', 'Example \\"1', ' '];
const ENDS = ['', '', '', '', '\r', ' ', '\r\r', ' \r', 'x'];

export class NearLines {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** So many lines, with their ends. */
  lines(count: number): Buffer {
    return Buffer.concat(Array.from({ length: count }, () => this.#ended()));
  }

  #ended(): Buffer {
    const line = Buffer.from(this.#line(), 'latin1');
    const changes = this.#random.pick([0, 0, 1, 1, 1, 2]);
    for (let i = 0; i < changes && line.length > 0; i += 1) {
      line[this.#random.below(line.length)] = this.#byte();
    }
    return Buffer.concat([line, Buffer.from('\n')]);
  }

  /** Two lines of three have only one thing that is out of the ordinary, if any. */
  #line(): string {
    const random = this.#random;
    if (random.below(300) === 0) return this.#quotes();
    const odd = random.below(18);
    const some = (part: number, choices: readonly string[]) =>
      odd === part || odd > 12 ? random.pick(choices) : choices[0];
    const length = (part: number, usual: number) => (odd === part ? this.#length() : usual);
    const host = odd === 0 ? 'h'.repeat(random.below(34)) : '192.0.2.7';
    const user = odd === 1 ? 'u'.repeat(random.below(30)) : '-';
    const ident = some(2, ['-', 'i', '', 'an ident', '\x01']);
    const time = some(3, TIMES);
    const method = odd === 4 ? 'M'.repeat(15 + random.below(56)) : some(5, METHODS);
    const url = `/${random.below(50)}${'u'.repeat(length(6, random.below(40)))}`;
    const request = `${method} ${odd === 7 ? '' : url}${some(8, PROTOCOLS)}`;
    const numbers = `${some(9, STATUSES)} ${some(10, SIZES)}`;
    const agent = odd === 12 ? 'A'.repeat(this.#length()) : some(13, AGENTS);
    const head = `${host} ${ident} ${user} [${time}] "${request}" ${numbers}`;
    return `${head} "${some(11, REFERERS)}" "${agent}"${some(17, ENDS)}`;
  }

  #length(): number {
    return this.#random.pick(AROUND) + this.#random.below(3);
  }

  /** Hundreds of quotes. Often the line matches all the same. */
  #quotes(): string {
    const random = this.#random;
    const some = random.pick(['"', '" "', '" 2 5 "', '"] "', 'a"']);
    const middle = some.repeat(1 + random.below(600));
    return random.pick([middle, `h - - [t] "GET /q ${middle}" 200 5 "-" "-"`]);
  }

  #byte(): number {
    const random = this.#random;
    return random.below(4) === 0 ? random.below(256) : BYTES[random.below(BYTES.length)];
  }
}

/** Cuts whole lines into pieces of about `least` bytes and up to twice that. */
export function cut(lines: Buffer, least: number, seed: number): Buffer[] {
  const random = new Random(seed);
  const pieces: Buffer[] = [];
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', start + least + random.below(least)) + 1 || lines.length;
    pieces.push(lines.subarray(start, end));
    start = end;
  }
  return pieces;
}
