/** Waits for the moment at which a run is to be killed. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/scratch.js';
import type { Daemon } from './daemon.js';
import type { RoundPlace } from './round-place.js';
import type { Kill, RoundOptions } from './round-plan.js';

/** Milliseconds after which a change that does not come is given up: any moment is good for a kill. */
const PATIENCE = 1500;
/** Until a run has begun, where others keep the disk busy: it begins with a sync. */
const BUSY_DISK = 60_000;

/** Resolves also when the program has ended. Never looks at more than what anybody can see. */
export async function untilMoment(
  kill: Kill,
  daemon: Daemon,
  place: RoundPlace,
  { after }: RoundOptions,
): Promise<void> {
  switch (kill.moment) {
    case 'start-up':
      break;
    case 'at work':
      await eventually(() => daemon.hasBegun || daemon.exit !== undefined, BUSY_DISK);
      break;
    case 'retirement':
      await changes(place.moves ? place.done : place.spools[0], kill.nth, retires(after));
      break;
    case 'journal':
      await changes(place.state, kill.nth, (path) => basename(path) !== 'lock');
      break;
  }
  if (kill.delay > 0) await pause(kill.delay);
}

/** Whether a change of this path is part of a retirement. */
function retires(after: RoundOptions['after']): (path: string) => boolean {
  if (after === 'rename') return (path) => path.endsWith('.COMPLETED');
  // On the way to be deleted, a file may be hidden first.
  if (after === 'delete') return (path) => basename(path).startsWith('.') || !existsSync(path);
  return () => true;
}

/** Resolves when the directory has changed `nth` times in a way that is wanted. */
async function changes(
  directory: string,
  nth: number,
  isWanted: (path: string) => boolean,
): Promise<void> {
  // Before the first run there is no journal.
  if (!existsSync(directory)) return;
  const given = new AbortController();
  let watcher: FSWatcher | undefined;
  const seen = new Promise<void>((resolve) => {
    let left = nth;
    watcher = watch(directory, (_, name) => {
      if (name !== null && isWanted(join(directory, name))) left -= 1;
      if (left <= 0) resolve();
    });
  });
  await Promise.race([seen, pause(PATIENCE, undefined, { signal: given.signal }).catch(() => {})]);
  given.abort();
  watcher?.close();
}
