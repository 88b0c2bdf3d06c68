/**
 * Nothing lost, nothing twice: whatever people do to the files and whenever the program dies, it and
 * the model agree once everything is read.
 *
 * `LOGWIN_MODEL_RUNS` says how many cases there are, `LOGWIN_MODEL_SEED` which.
 */
import fc from 'fast-check';
import { describe, it, vi } from 'vitest';
import { happenings } from './commands.js';
import { Model } from './model.js';
import { type Settings, System } from './system.js';
import { conclude } from './verdict.js';

vi.mock('node:fs', async (original) => {
  const { callbacksOf } = await import('./disk.js');
  return callbacksOf(await original());
});
vi.mock('node:fs/promises', async (original) => {
  const { promisesOf } = await import('./disk.js');
  return promisesOf(await original());
});
vi.mock('node:zlib', async (original) => {
  const { unpackingOf } = await import('./unpacking.js');
  return unpackingOf(await original());
});

const RUNS = Number(process.env.LOGWIN_MODEL_RUNS ?? 60);
const SEED = Number(process.env.LOGWIN_MODEL_SEED ?? Date.now() % 1e9);
const PATIENCE = 60_000 + 1000 * RUNS;

const settings: fc.Arbitrary<Settings> = fc.record({
  after: fc.constantFrom('rename', 'rename', 'rename', 'keep', 'delete', 'move'),
  settle: fc.constantFrom(400, 1000, 5000),
  seed: fc.nat(),
});

describe('what is counted', () => {
  it(
    `is what was dropped, each line once, whatever dies when (seed ${SEED})`,
    async () => {
      const property = fc.asyncProperty(settings, happenings, async (settings, given) => {
        const model = new Model(settings);
        const system = new System(model, settings);
        await system.ensureRun();
        try {
          await fc.asyncModelRun(() => ({ model, real: system }), given);
          await conclude(model, system);
        } finally {
          system.end();
        }
      });
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
    },
    PATIENCE,
  );
});
