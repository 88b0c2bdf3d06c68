import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, pause } from '../core/clock.js';
import { LogwinError, messageOf } from '../core/errors.js';
import type { Outcome } from '../pipeline.js';
import { Drops } from './drops.js';
import type { WatchFlags } from './flags.js';
import { resolveDemo, type Settings } from './resolve.js';
import type { Context, Run } from './run.js';
import { createWatch, watchToEnd } from './watch.js';

/** Runs `logwin demo`. Resolves with the exit code. */
export async function demo(flags: WatchFlags, context: Context): Promise<number> {
  const directory = join(tmpdir(), `logwin-demo-${randomUUID()}`);
  const terminal = context.outputs.output.terminal !== undefined;
  const settings = resolveDemo(directory, flags, terminal);
  const run = await createWatch(settings, context);
  run.open();
  const remove = makeDirectory(directory);
  try {
    return await watchDrops(run, settings, { directory, clock: context.clock });
  } finally {
    remove();
  }
}

async function watchDrops(
  run: Run<Outcome>,
  settings: Settings,
  { directory, clock }: { readonly directory: string; readonly clock: Clock },
): Promise<number> {
  const drops = new Drops(directory, clock, run.log);
  run.log.info('Generated traffic is dropped into a temporary directory.', { directory });
  await drops.start();
  await roomBeforeBoundary(settings.config.slide, clock);
  try {
    return await watchToEnd(run, settings);
  } finally {
    await drops.stop();
  }
}

/** Returns what removes it, which also happens when a second signal ends the process at once. */
function makeDirectory(directory: string): () => void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    const message = `no temporary directory can be made (${messageOf(error)})`;
    throw new LogwinError('source-unusable', message, 'set TMPDIR to a directory that is writable');
  }
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  return remove;
}

/** What a first file takes to be read, in ms, with something to spare. */
const ROOM = 300;

/** A first snapshot that comes before the first file was read would show an empty table. */
async function roomBeforeBoundary(slide: number, clock: Clock): Promise<void> {
  const left = slide - (clock.wall() % slide);
  if (slide > 2 * ROOM && left < ROOM) await pause(clock, left);
}
