/**
 * How often each key comes in the batch at hand. Most lines name a key that the batch has named
 * before, so whoever counts is told of a key once a batch and not once a line.
 *
 * The tally is numbers of 32 bits: how many keys there are, how many lines found no room, how many
 * were rejected for each reason; then, from `PAIRS` on, each key and its lines, in the order of their
 * first lines.
 */
import { OTHER, TOO_LONG } from './answers';
import { countsAt } from './memory';

const OTHERS: usize = 4;
const REJECTED: usize = 8;
const PAIRS: usize = 64;
const PAIR: usize = 8;

let tallyAt: usize = 0;
let pairsEnd: usize = 0;

export function beginTally(at: usize): void {
  tallyAt = at;
  pairsEnd = at + PAIRS;
  memory.fill(at, 0, PAIRS);
}

/** One line more with this answer. */
// @ts-ignore: decorator
@inline
export function tally(answer: u32): void {
  if (answer >= OTHER) return tallyNone(answer);
  const count = countsAt + (<usize>answer << 2);
  const lines = load<u32>(count);
  if (lines == 0) {
    store<u32>(pairsEnd, answer);
    pairsEnd += PAIR;
  }
  store<u32>(count, lines + 1);
}

function tallyNone(answer: u32): void {
  const reason = <usize>(answer - TOO_LONG) << 2;
  const at = tallyAt + (answer == OTHER ? OTHERS : REJECTED + reason);
  store<u32>(at, load<u32>(at) + 1);
}

/** Completes the tally; the counts by key are all 0 again. */
export function endTally(): void {
  for (let pair = tallyAt + PAIRS; pair < pairsEnd; pair += PAIR) {
    const count = countsAt + (<usize>load<u32>(pair) << 2);
    store<u32>(pair, load<u32>(count), 4);
    store<u32>(count, 0);
  }
  store<u32>(tallyAt, <u32>((pairsEnd - tallyAt - PAIRS) / PAIR));
}
