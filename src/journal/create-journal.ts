/** Which journal a run keeps: a file, what an earlier run left to be looked up, or none. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceConfig, SpoolOptions, StateConfig } from '../core/config.js';
import { systemCode } from '../core/errors.js';
import type { Journal, Terms } from '../core/journal.js';
import type { Logger } from '../core/logger.js';
import { FileJournal, type JournalSurroundings } from './file-journal.js';
import { HOME } from './lock/directory-lock.js';
import { NoJournal } from './no-journal.js';
import { PastJournal } from './past-journal.js';
import { listSegments } from './segment/segment-files.js';

const NONE = 'No journal is kept: a restart begins anew; --state <dir> keeps one.';

/** What the journal depends on. */
export interface JournalConfig {
  readonly state: StateConfig;
  readonly sources: readonly SourceConfig[];
  /** A batch run only looks up what an earlier one left. */
  readonly mode: 'watch' | 'once';
  readonly terms: Terms;
  /** What was added is not without a record for longer. Milliseconds. */
  readonly period: number;
}

/** Opens nothing. What the user may not expect goes to the log. */
export async function createJournal(
  config: JournalConfig,
  around: JournalSurroundings,
): Promise<Journal> {
  const directory = await stateDirectory(config, around);
  if (directory === undefined) return new NoJournal();
  const isElsewhere = config.state.kind === 'directory';
  if (config.mode === 'once') return new PastJournal({ directory, isElsewhere, log: around.log });
  const { terms, period } = config;
  return new FileJournal({ ...around, directory, isElsewhere, terms, period });
}

async function stateDirectory(
  { state, sources, mode }: JournalConfig,
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
  if (reason !== undefined) {
    log.warn(NONE, { directory, reason });
    return undefined;
  }
  await sayUnused(sources, directory, log);
  return directory;
}

/** Directories that were named in another order before have a journal in another one of them. */
async function sayUnused(
  sources: readonly SourceConfig[],
  directory: string,
  log: Logger,
): Promise<void> {
  for (const source of sources) {
    const other = source.kind === 'spool' ? join(source.directory, HOME) : directory;
    if (other === directory || (await listSegments(other).catch(() => [])).length === 0) continue;
    const message =
      'There is a journal that is not used, for another directory is named first; --state names one.';
    log.warn(message, { directory: other, used: directory });
  }
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
