/** Which files are dropped in a round, how, and when. */
import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/traffic/random.js';
import { Contents } from './contents.js';
import type { Expected } from './expected.js';
import type { RoundOptions } from './round-plan.js';

export interface Drop {
  /** Which of the spool directories. */
  readonly spool: number;
  /** Relative to it. */
  readonly name: string;
  /**
   * By `rename`, whole; by `cp -p`; or written in place, line by line and slowly. The last is for
   * plain files that are not taken away: what comes after they were retired counts as well.
   */
  readonly arrival: 'rename' | 'copy' | 'append';
  readonly bytes: Buffer;
  /** It waits for the run with this number to be started, */
  readonly phase: number;
  /** and then for so many milliseconds. */
  readonly delay: number;
  /** It takes the name of this one, once that is retired. */
  readonly follows: Drop | undefined;
}

export interface DropSettings {
  readonly random: Random;
  readonly seed: number;
  readonly options: RoundOptions;
  readonly phases: number;
  /** Takes in the lines of all drops. */
  readonly expected: Expected;
}

/** The directory below a spool directory that is read with `--recursive`. */
export const BELOW = 'below';

const LATEST = 400;
const USUAL_LINES = 3000;
const MANY_LINES = 100_000;
/** A settle time that leaves a copy enough, in milliseconds. */
const COPY_SETTLE = 120;

/** With a probability from 0 to 1. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

export function planDrops(settings: DropSettings): Drop[] {
  const { random, seed, options, phases } = settings;
  const contents = new Contents(random, seed, options.maxLine);
  const count = 5 + random.below(36);
  const times = Array.from({ length: count }, () => random.next() * phases).sort((a, b) => a - b);
  const large = chance(random, 0.08) ? random.below(count) : -1;
  const drops: Drop[] = [];
  for (const [at, time] of times.entries()) {
    // Most files are small.
    const lines = at === large ? MANY_LINES : Math.floor(USUAL_LINES * random.next() ** 3);
    const phase = Math.floor(time);
    const delay = Math.floor((time - phase) * LATEST);
    drops.push({
      ...drawFile(settings, contents, lines),
      ...drawPlace(settings, drops),
      phase,
      delay,
    });
  }
  return drops;
}

type File = Pick<Drop, 'arrival' | 'bytes'>;
type Place = Pick<Drop, 'spool' | 'name' | 'follows'>;

function drawFile(
  { random, options, expected }: DropSettings,
  contents: Contents,
  lines: number,
): File {
  const whole = contents.lines(lines);
  const text = chance(random, 0.15) ? whole.subarray(0, -1) : whole;
  expected.add(text);
  const arrival = drawArrival(random, options, lines);
  const packed = arrival !== 'append' && chance(random, 0.15);
  return { arrival, bytes: packed ? pack(text, random) : text };
}

function drawArrival(random: Random, options: RoundOptions, lines: number): Drop['arrival'] {
  const { after, settle } = options;
  const arrival = random.pick(['rename', 'rename', 'copy', 'append'] as const);
  // What takes longer to be written than files take to settle is seen cut.
  if (lines >= MANY_LINES) return 'rename';
  if (arrival === 'copy' && settle < COPY_SETTLE) return 'rename';
  if (arrival === 'append' && after !== 'rename' && after !== 'keep') return 'rename';
  return arrival;
}

/** As gzip of one member or of two. */
function pack(text: Buffer, random: Random): Buffer {
  const cut = random.below(2) * random.below(text.length + 1);
  const members = cut === 0 ? [text] : [text.subarray(0, cut), text.subarray(cut)];
  return Buffer.concat(members.map((member) => gzipSync(member, { level: 1 })));
}

function drawPlace({ random, options }: DropSettings, earlier: readonly Drop[]): Place {
  const free = earlier.filter((drop) => !earlier.some(({ follows }) => follows === drop));
  if (options.after !== 'keep' && free.length > 0 && chance(random, 0.3)) {
    const follows = random.pick(free);
    return { spool: follows.spool, name: follows.name, follows };
  }
  const below = options.recursive && chance(random, 0.4) ? `${BELOW}/` : '';
  const stem = random.pick(['access', 'access', 'two words', 'new\nline', 'ünï日本']);
  const name = `${below}${stem}-${earlier.length}.log`;
  return { spool: random.below(options.spools), name, follows: undefined };
}
