/** Settling where the clock is the test's, and the disk may be slow. */
import { eventually } from '../support/scratch.js';
import type { SpoolRun } from '../support/spool-run.js';

/** A settle time that passes only when a test says so. In milliseconds. */
export const HOUR = 3_600_000;

/** Lets one settle time after the other pass until the directory holds just these names. */
export async function untilSettled(run: SpoolRun, ...names: readonly string[]): Promise<void> {
  await eventually(() => {
    run.clock.advance(HOUR);
    return run.names().join() === names.join();
  });
}
