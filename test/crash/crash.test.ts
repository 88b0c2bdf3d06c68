/**
 * SIGKILL, for real: the built program is killed at random moments while files are dropped, and
 * started again, until all is read. Then every line was counted once, exactly.
 *
 * `LOGWIN_CRASH_ROUNDS` says how many rounds there are, `LOGWIN_CRASH_SEED` the first one's seed;
 * the next have the numbers that follow. `npm run test:crash` runs a thousand.
 */
import { afterAll, describe, it } from 'vitest';
import { lacks } from '../support/surroundings.js';
import { Findings, runRound } from './rounds.js';

const ROUNDS = Number(process.env.LOGWIN_CRASH_ROUNDS ?? 8);
const SEED = Number(process.env.LOGWIN_CRASH_SEED ?? Date.now() % 1e9);
const PATIENCE = 180_000;

const findings = new Findings();
afterAll(() => {
  process.stderr.write(`Crashes from seed ${SEED} on: ${findings}\n`);
});

describe
  .skipIf(process.platform === 'win32' || lacks('cp'))
  .concurrent(
    `killed while files are dropped, it counts every line once (seeds from ${SEED})`,
    () => {
      const seeds = Array.from({ length: ROUNDS }, (_, round) => SEED + round);
      it.each(seeds)('round %i', (seed) => runRound(seed, findings), PATIENCE);
    },
  );
