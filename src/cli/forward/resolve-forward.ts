/**
 * From what was said to `forward` to what it will do: pure, so that its tests are tables. Everything here
 * throws `LogwinError('usage')`.
 */
import { LONGEST_LINE, type SourceConfig } from '../../core/config.js';
import { LogwinError } from '../../core/errors.js';
import type { ForwardConfig } from '../../core/forward-config.js';
import { type FilledForwardFlags, FORWARD_DEFAULTS } from '../defaults.js';
import type { ForwardFlags } from '../flags.js';
import { type LogSettings, logSettings } from '../log-settings.js';
import { networkOptions } from '../network-options.js';
import { channelOptions, linesFitTheChannel, stateOption } from '../resolve.js';
import { namedSources } from '../sources.js';
import { spoolOptions } from '../spool-options.js';
import { refusal, size } from '../values.js';
import { headerRules } from './header-rules.js';
import { sinkConfigs } from './sinks.js';
import { refuseUnused } from './unused-flags.js';

export interface ForwardSettings {
  readonly config: ForwardConfig;
  readonly log: LogSettings;
}

/** `hostname` is this machine's, for `--header host`. */
export function resolveForward(
  args: readonly string[],
  flags: ForwardFlags,
  hostname: string,
): ForwardSettings {
  const filled = { ...FORWARD_DEFAULTS, ...flags };
  const rules = headerRules(filled.header, hostname);
  const sinks = sinkConfigs(filled);
  refuseUnused(flags, sinks);
  const { channelLines: lines, channelBytes: bytes } = channelOptions(filled);
  const channels = sinks.map(({ channel: name }) => ({ name, lines, bytes }));
  const names = channels.map(({ name }) => name);
  const config: ForwardConfig = {
    sources: sourcesOf(args, filled).map((source) => {
      const ofFiles = source.kind === 'spool';
      const headers = rules.filter(({ kind }) => ofFiles || kind !== 'file');
      return { name: 'source', source, headers, channels: names };
    }),
    channels,
    sinks,
    state: stateOption(filled.state),
    maxLine: size('--max-line', filled.maxLine, LONGEST_LINE),
  };
  linesFitTheChannel({ maxLine: config.maxLine, channelBytes: bytes }, filled);
  filesHaveHeaders(config, filled);
  batchFitsTheChannel(lines, filled);
  return { config, log: logSettings(filled) };
}

function sourcesOf(args: readonly string[], flags: FilledForwardFlags): SourceConfig[] {
  const spool = spoolOptions(flags, false);
  return namedSources(args, networkOptions(flags)).map((source) =>
    source.kind === 'spool' ? { ...source, ...spool } : source,
  );
}

/** One that never fills up would always wait for its linger. */
function batchFitsTheChannel(lines: number, { batch }: FilledForwardFlags): void {
  if (Number(batch) <= lines) return;
  const reason = `is more than the channel holds (--channel-lines ${lines})`;
  throw refusal('--batch', batch, reason, 'give a smaller --batch or more --channel-lines');
}

/** A header that no event would get was asked for in vain. */
function filesHaveHeaders({ sources }: ForwardConfig, { header }: FilledForwardFlags): void {
  const ofFile = header.find((text) => text === 'file' || text === 'basename');
  if (ofFile === undefined || sources.some(({ source }) => source.kind === 'spool')) return;
  throw new LogwinError(
    'usage',
    `--header ${ofFile} names a file, and no source is a directory`,
    'leave it out, or name a directory',
  );
}
