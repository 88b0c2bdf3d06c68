/**
 * From what was said to what will be done: pure, so that its tests are tables. All of it is judged
 * before anything is opened. Everything here throws `LogwinError('usage')`.
 */

import {
  isField,
  type PipelineConfig,
  type SourceConfig,
  type StateConfig,
} from '../core/config.js';
import { LogwinError } from '../core/errors.js';
import { countingOptions } from './counting-options.js';
import {
  COUNT_DEFAULTS,
  DEMO_DEFAULTS,
  type FilledWatchFlags,
  WATCH_DEFAULTS,
} from './defaults.js';
import type { CountFlags, WatchFlags } from './flags.js';
import { type LogSettings, logSettings } from './log-settings.js';
import { checkNetwork, isNetworkSource, networkOptions } from './network-options.js';
import { namedSources, standardInputOnce } from './sources.js';
import { spoolOptions } from './spool-options.js';
import { positiveDuration, refusal, size, wholeNumber } from './values.js';

export interface Settings {
  readonly config: PipelineConfig;
  readonly log: LogSettings;
}

/**
 * A sender that waits for its answer sends nothing meanwhile, so there is nothing to do beside; and to wake
 * another thread takes longer than to parse what one call brings.
 */
const ONE_THREAD = { threads: '1' };

/** `terminal` says whether standard output is one. */
export function resolveWatch(
  args: readonly string[],
  flags: WatchFlags,
  terminal: boolean,
): Settings {
  return watchSettings(args, { ...WATCH_DEFAULTS, ...flags }, terminal);
}

/** `directory` is the temporary one that the demo fills. */
export function resolveDemo(directory: string, flags: WatchFlags, terminal: boolean): Settings {
  return watchSettings([directory], { ...DEMO_DEFAULTS, ...flags }, terminal);
}

/** No file means standard input. */
export function resolveCount(
  args: readonly string[],
  flags: CountFlags,
  terminal: boolean,
): Settings {
  const filled = { ...COUNT_DEFAULTS, ...flags };
  standardInputOnce(args);
  const counting = countingOptions(filled, terminal);
  const { channelLines, channelBytes } = channelOptions(WATCH_DEFAULTS);
  const config: PipelineConfig = {
    ...counting,
    sources: args.length === 0 ? [{ kind: 'standard-input' }] : args.map(countedSource),
    state: { kind: 'none' },
    channelLines,
    // The channel is no option of `count`, so it makes room for whatever line is allowed.
    channelBytes: Math.max(channelBytes, counting.maxLine + 1),
    window: 'all',
    slide: positiveDuration('--slide', WATCH_DEFAULTS.slide),
    mode: 'once',
    onChange: false,
    ticks: 0,
  };
  headersCome(config);
  return { config, log: logSettings(filled) };
}

function watchSettings(
  args: readonly string[],
  flags: FilledWatchFlags,
  terminal: boolean,
): Settings {
  const spool = spoolOptions(flags, flags.once);
  const sources = namedSources(args, networkOptions(flags));
  const isAwaited = sources.every(isNetworkSource);
  const config: PipelineConfig = {
    ...countingOptions({ ...(isAwaited ? ONE_THREAD : {}), ...flags }, terminal),
    ...channelOptions(flags),
    sources: sources.map((source) => (source.kind === 'spool' ? { ...source, ...spool } : source)),
    state: stateOption(flags.state),
    window: flags.window === 'all' ? 'all' : positiveDuration('--window', flags.window),
    slide: positiveDuration('--slide', flags.slide),
    mode: flags.once ? 'once' : 'watch',
    onChange: flags.onChange,
    ticks: flags.ticks === undefined ? 0 : wholeNumber('--ticks', flags.ticks, 1),
  };
  linesFitTheChannel(config, flags);
  oneSnapshot(config);
  checkNetwork(config);
  headersCome(config);
  return { config, log: logSettings(flags) };
}

export function stateOption(flag: string | false | undefined): StateConfig {
  if (flag === undefined) return { kind: 'usual' };
  if (flag === false) return { kind: 'none' };
  if (flag.startsWith('-')) throw refusal('--state', flag, 'is an option', 'name a directory');
  if (flag !== '') return { kind: 'directory', directory: flag };
  throw new LogwinError('usage', '--state is empty', 'name a directory, or leave the option out');
}

/** What is about many snapshots would be taken and ignored. */
function oneSnapshot({ mode, ticks, onChange }: PipelineConfig): void {
  if (mode !== 'once' || (ticks === 0 && !onChange)) return;
  const option = onChange ? '--on-change' : '--ticks';
  throw new LogwinError(
    'usage',
    `--once prints one snapshot, and ${option} is about many`,
    'leave one of them out',
  );
}

function headersCome({ by, sources }: PipelineConfig): void {
  const header = by.find((field) => !isField(field));
  if (header === undefined || sources.some(isNetworkSource)) return;
  const reason = `asks for '${header}', and no source has events with headers`;
  const remedy = 'count by a field of the line, or watch a source such as avro://HOST:PORT';
  throw refusal('--by', by.join(','), reason, remedy);
}

function countedSource(arg: string): SourceConfig {
  return arg === '-' ? { kind: 'standard-input' } : { kind: 'file', path: arg };
}

type ChannelOptions = Pick<PipelineConfig, 'channelLines' | 'channelBytes'>;

export function channelOptions(
  flags: Pick<FilledWatchFlags, 'channelLines' | 'channelBytes'>,
): ChannelOptions {
  return {
    channelLines: wholeNumber('--channel-lines', flags.channelLines, 1),
    channelBytes: size('--channel-bytes', flags.channelBytes),
  };
}

/** A line that is longer than the whole channel would wait for room for ever. */
export function linesFitTheChannel(
  config: Pick<PipelineConfig, 'maxLine' | 'channelBytes'>,
  flags: Pick<FilledWatchFlags, 'maxLine' | 'channelBytes'>,
): void {
  if (config.maxLine < config.channelBytes) return;
  const reason = `leaves no room for its line end in the channel (--channel-bytes ${flags.channelBytes})`;
  const remedy = 'give a smaller --max-line or a larger --channel-bytes';
  throw refusal('--max-line', flags.maxLine, reason, remedy);
}
