/** Which journal a run keeps: a file, what an earlier run left to be looked up, or none. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineConfig, SpoolOptions } from '../core/config.js';
import { formatDuration } from '../core/duration.js';
import { systemCode } from '../core/errors.js';
import type { Journal } from '../core/journal.js';
import { FileJournal, type JournalSurroundings } from './file-journal.js';
import { NoJournal } from './no-journal.js';
import { PastJournal } from './past-journal.js';
import type { Fingerprint } from './segment/records.js';

/** What every spool directory has of ours. */
const HOME = '.logwin';

const NONE = 'No journal is kept: after a restart, counting begins anew.';

/** Opens nothing. What the user may not expect goes to the log. */
export async function createJournal(
  config: PipelineConfig,
  around: JournalSurroundings,
): Promise<Journal> {
  const directory = await stateDirectory(config, around);
  if (directory === undefined) return new NoJournal();
  const isElsewhere = config.state.kind === 'directory';
  if (config.mode === 'once') return new PastJournal({ directory, isElsewhere, log: around.log });
  const fingerprint = fingerprintOf(config);
  return new FileJournal({ ...around, directory, isElsewhere, fingerprint });
}

async function stateDirectory(
  { state, sources, mode }: PipelineConfig,
  { log }: JournalSurroundings,
): Promise<string | undefined> {
  if (state.kind === 'directory') return state.directory;
  if (state.kind === 'none') return undefined;
  const spool = sources.find((source) => source.kind === 'spool');
  if (spool === undefined) {
    if (mode === 'watch') log.info(NONE, { reason: 'no source is a directory' });
    return undefined;
  }
  const directory = join(spool.directory, HOME);
  const reason = await reasonAgainst(spool);
  if (reason === undefined) return directory;
  log.info(NONE, { directory, reason });
  return undefined;
}

/** Where files are only read, it is no error that nothing can be written. */
async function reasonAgainst({ directory, after }: SpoolOptions): Promise<string | undefined> {
  if (after.kind !== 'keep') return undefined;
  try {
    await access(directory, constants.W_OK);
    return undefined;
  } catch (error) {
    const code = systemCode(error);
    // What is wrong with it otherwise is for the source to say.
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : code;
  }
}

function fingerprintOf({ window, slide, by }: PipelineConfig): Fingerprint {
  return {
    window: window === 'all' ? 'all' : formatDuration(window),
    slide: formatDuration(slide),
    by: by.join(','),
    format: 'combined',
  };
}
