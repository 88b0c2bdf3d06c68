/** What happens in a round: all of it is drawn from a seed before the round begins. */
import { FILE_ORDERS, type FileOrder } from '../../src/core/config.js';
import { Random } from '../../src/traffic/random.js';
import { chance, type Drop, planDrops } from './drops.js';
import { Expected } from './expected.js';

export type After = 'rename' | 'delete' | 'keep' | 'move below' | 'move beside';

/** How `watch` is called. Durations are milliseconds. */
export interface RoundOptions {
  readonly after: After;
  readonly settle: number;
  readonly slide: number;
  /** One that is finite is much longer than the round, so nothing leaves it. */
  readonly window: 'all' | '10m';
  readonly order: FileOrder;
  readonly threads: number;
  readonly spools: 1 | 2;
  readonly recursive: boolean;
  /** The journal is kept beside the spool directories and not in the first of them. */
  readonly stateElsewhere: boolean;
  readonly maxLine: number;
}

/** When a run is killed. */
export interface Kill {
  /** What is waited for; `retirement` and `journal` are the `nth` change that is seen of that kind. */
  readonly moment: 'start-up' | 'at work' | 'retirement' | 'journal';
  readonly nth: number;
  /** Milliseconds after the moment. */
  readonly delay: number;
  /** It is asked to end first, and killed so many milliseconds later, if it has not ended by then. */
  readonly afterAsking: number | undefined;
}

/** What is tried once all is counted. */
export interface Encore {
  /** A second `watch` on one of the directories is refused. */
  readonly rival: 'none' | 'plain' | 'stateless';
  /** A run after the gentle end of the last one still has the same counts. */
  readonly anotherRun: boolean;
}

export interface RoundPlan {
  readonly seed: number;
  readonly options: RoundOptions;
  /** One run more than these: the last goes on until all is counted. */
  readonly kills: readonly Kill[];
  readonly drops: readonly Drop[];
  readonly encore: Encore;
  readonly expected: Expected;
}

const SMALL_LINE = 300;
const USUAL_LINE = 64 * 1024;

export function planRound(seed: number): RoundPlan {
  const random = new Random(seed);
  const options = drawOptions(random);
  const kills = Array.from({ length: 2 + random.below(5) }, () => drawKill(random));
  const encore: Encore = {
    rival: random.pick(['none', 'none', 'none', 'plain', 'stateless']),
    anotherRun: chance(random, 0.4),
  };
  const expected = new Expected(options.maxLine);
  const drops = planDrops({ random, seed, options, phases: kills.length + 1, expected });
  return { seed, options, kills, drops, encore, expected };
}

function drawOptions(random: Random): RoundOptions {
  const isBounded = chance(random, 0.25);
  const spools = chance(random, 0.25) ? 2 : 1;
  const recursive = chance(random, 0.3);
  return {
    after: drawAfter(random, spools === 2 && recursive),
    settle: 50 + random.below(251),
    slide: isBounded ? 100 : random.pick([50, 100, 100, 200, 200, 500, 1000]),
    window: isBounded ? '10m' : 'all',
    order: random.pick(FILE_ORDERS),
    threads: 1 + random.below(3),
    spools,
    recursive,
    stateElsewhere: chance(random, 0.2),
    maxLine: chance(random, 0.2) ? SMALL_LINE : USUAL_LINE,
  };
}

/** Where another directory is searched through, nothing may be moved below it. */
function drawAfter(random: Random, isSearched: boolean): After {
  const after = random.pick<After>([
    ...(['rename', 'rename', 'rename', 'delete', 'delete', 'keep'] as const),
    ...(['move below', 'move beside'] as const),
  ]);
  return after === 'move below' && isSearched ? 'move beside' : after;
}

function drawKill(random: Random): Kill {
  const moment = random.pick<Kill['moment']>([
    ...(['start-up', 'at work', 'at work'] as const),
    ...(['retirement', 'retirement', 'journal', 'journal'] as const),
  ]);
  return {
    moment,
    nth: 1 + random.below(12),
    delay: drawDelay(moment, random),
    afterAsking: chance(random, 0.15) ? random.below(30) : undefined,
  };
}

function drawDelay(moment: Kill['moment'], random: Random): number {
  switch (moment) {
    case 'start-up':
      // Often so soon after the last kill that the two are nearly one.
      return random.below(random.pick([30, 300]));
    case 'at work':
      return random.below(600);
    case 'retirement':
    case 'journal':
      return random.below(4);
  }
}
