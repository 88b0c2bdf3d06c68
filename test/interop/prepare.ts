/** Fetches and compiles the other programs before the first test, which would be late otherwise. */
import { ABSENT, lacksJava } from './needs.js';
import { classPathOf, PEERS, UnreachableError } from './peers/peers.js';

/**
 * Where they cannot be fetched, all tests are skipped, and what the fetching said is shown. Throws, and no
 * test runs, where ours cannot be compiled.
 */
export function setup(): void {
  if (lacksJava) return;
  try {
    for (const peer of PEERS) classPathOf(peer);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    process.env[ABSENT] = 'yes';
    process.stderr.write(
      `The other programs cannot be fetched; all tests are skipped.\n${error.message}\n`,
    );
  }
}
