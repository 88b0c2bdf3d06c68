/** From an agent's properties to what is run. */
import type { StateConfig } from '../../core/config.js';
import type { ChannelConfig, ForwardConfig } from '../../core/forward-config.js';
import { type AgentModel, agentModel, agentNames, type Component } from './agent-model.js';
import { componentType } from './component-types.js';
import { type Channels, channelsAreUsed } from './connections.js';
import type { Entry, Findings } from './findings.js';
import { judgeSinks } from './judge-sinks.js';
import { type JudgedSource, judgeSource } from './judge-sources.js';
import type { Judging } from './judging.js';
import { type JudgedChannel, judgeMemoryChannel } from './memory-channel.js';
import { didYouMean } from './nearest.js';

/** A line may be so long whatever the file says, in bytes; what is longer is left out. */
const LEAST_MAX_LINE = 64 * 1024;

export interface AgentRequest {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** For messages about the whole: the files, as they were given. */
  readonly files: string;
  /** Of the command line, where it says it. */
  readonly state: StateConfig | undefined;
}

/** Means something only where nothing was found that is wrong. */
export function judgeAgent(request: AgentRequest, judging: Judging): ForwardConfig | undefined {
  const { findings } = judging;
  const model = agentModel(request.entries, request.name, findings);
  const names = agentNames(request.entries);
  if (!names.includes(request.name)) return unknownAgent(request, names, findings);
  nothingIsMissing(request, findings);
  const channels = judgeChannels(model, findings);
  const sources = model.sources.flatMap((each) => judgeSource(each, channels, judging) ?? []);
  const { sinks, emptied } = judgeSinks(model, channels, judging);
  channelsAreUsed(model.channels, filledBy(model), emptied, findings);
  const maxLine = Math.max(LEAST_MAX_LINE, ...sources.map(({ longestLine }) => longestLine ?? 0));
  return {
    sources: sources.map(({ forward }) => forward),
    channels: [...channels.values()].flatMap((each) =>
      each ? roomFor(maxLine, each, findings) : [],
    ),
    sinks,
    state: state(request.state, sources, findings),
    maxLine,
  };
}

function unknownAgent(
  { name, files }: AgentRequest,
  names: readonly string[],
  findings: Findings,
): undefined {
  const known = names.length === 0 ? 'no agent is in it' : `its agents are ${names.join(', ')}`;
  const remedy = didYouMean(name, names, 'give one of its agents with --name');
  findings.fault(undefined, `${files} has no agent ${name}: ${known}`, remedy);
}

function nothingIsMissing({ name, files, entries }: AgentRequest, findings: Findings): void {
  for (const kind of ['sources', 'channels', 'sinks'] as const) {
    if (entries.some(({ key }) => key === `${name}.${kind}`)) continue;
    const used = entries.find(({ key }) => key.startsWith(`${name}.${kind}.`));
    const remedy = `write ${name}.${kind} = <names>`;
    const where = used === undefined ? `${files}: ` : '';
    findings.fault(used?.place, `${where}the agent ${name} lists no ${kind}`, remedy);
  }
}

function judgeChannels(model: AgentModel, findings: Findings): Channels {
  const channels = new Map<string, JudgedChannel | undefined>();
  for (const name of model.listed.channels) channels.set(name, undefined);
  for (const component of model.channels) {
    const type = componentType(component, 'channels', findings);
    channels.set(
      component.name,
      type === undefined ? undefined : judgeMemoryChannel(component, findings),
    );
  }
  return channels;
}

/** What sources name, whether they are right or not: one fault is enough. */
function filledBy({ sources }: AgentModel): ReadonlySet<string> {
  const named = (component: Component): string[] =>
    component.entries.get('channels')?.value.split(/\s+/) ?? [];
  return new Set(sources.flatMap(named));
}

/** A line that is longer than the whole channel would wait for room for ever. */
function roomFor(
  maxLine: number,
  { config, byteCapacity }: JudgedChannel,
  findings: Findings,
): ChannelConfig {
  if (config.bytes > maxLine) return config;
  const bytes = maxLine + 1;
  if (byteCapacity !== undefined) {
    findings.noteOf(byteCapacity, 'A channel has room for the longest line, at least.', { bytes });
  }
  return { ...config, bytes };
}

/** There is one journal. The command line says where, or a source's trackerDir. */
function state(
  asked: StateConfig | undefined,
  sources: readonly JudgedSource[],
  findings: Findings,
): StateConfig {
  if (asked !== undefined) return asked;
  let chosen: StateConfig = { kind: 'usual' };
  for (const { component, state } of sources) {
    const entry = component.entries.get('trackerDir');
    if (state?.kind !== 'directory' || entry === undefined) continue;
    if (chosen.kind === 'directory' && chosen.directory !== state.directory) {
      const reason = 'is another place than that of a source before, and there is one journal';
      findings.badValue(entry, reason, 'give all the same one, or say --state');
    }
    chosen = state;
  }
  return chosen;
}
