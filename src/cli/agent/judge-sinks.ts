/** The sinks of an agent, alone and in groups. */
import type { DeliveringSinkConfig, EventSinkConfig } from '../../core/forward-config.js';
import type { AgentModel, Component } from './agent-model.js';
import { judgeAvroSink } from './avro-sink.js';
import { componentType } from './component-types.js';
import { batchFits, type Channels, connection } from './connections.js';
import { judgeFileRollSink } from './file-roll-sink.js';
import type { JudgedSink } from './judged-sink.js';
import type { Judging } from './judging.js';
import { judgeLoggerSink } from './logger-sink.js';
import { judgeNullSink } from './null-sink.js';
import { ALONE, type JudgedGroup, judgeSinkGroup } from './sink-groups.js';
import { judgeSparkSink } from './spark-sink.js';

/** How long less than a batch waits for more, in ms. */
const LINGER = 50;
/** As Flume: what comes after waits for what went before. */
const IN_FLIGHT = 1;
/** Of a sink that does not say. */
const USUAL_BATCH = 100;
/** Spark asks for so many at a time, and Flume then fails where its channel gives fewer. */
const USUAL_PULL = 1000;

/** A sink that is right in itself, and where it takes its events. */
interface Connected {
  readonly sink: JudgedSink;
  readonly channel: string;
}

export interface JudgedSinks {
  readonly sinks: readonly EventSinkConfig[];
  /** The channels that any sink names. */
  readonly emptied: ReadonlySet<string>;
}

export function judgeSinks(model: AgentModel, channels: Channels, judging: Judging): JudgedSinks {
  const { findings } = judging;
  const emptied = new Set<string>();
  const connected = new Map<string, Connected>();
  const judged = new Map<string, JudgedSink>();
  for (const component of model.sinks) {
    const [channel] = connection(component, 'channel', channels, findings).names;
    if (channel !== undefined) emptied.add(channel);
    const sink = judgeSink(component, judging);
    if (sink === undefined) continue;
    judged.set(component.name, sink);
    if (channel === undefined) continue;
    connected.set(component.name, { sink, channel });
    fits(sink, channels.get(channel), judging);
  }
  const groups = judgeGroups(model, judged, judging);
  const grouped = new Set(groups.flatMap(({ sinks }) => sinks));
  const single = [...connected.values()].filter(({ sink }) => !grouped.has(sink));
  return {
    sinks: [
      ...single.map((each) => alone(each, channels)),
      ...groups.flatMap((group) => together(group, connected, judging)),
    ],
    emptied,
  };
}

function judgeSink(component: Component, judging: Judging): JudgedSink | undefined {
  const { findings } = judging;
  switch (componentType(component, 'sinks', findings)) {
    case 'avro':
      return judgeAvroSink(component, judging);
    case 'logger':
      return judgeLoggerSink(component, findings);
    case 'null':
      return judgeNullSink(component, findings);
    case 'file_roll':
      return judgeFileRollSink(component, findings);
    case 'spark':
      return judgeSparkSink(component, findings);
    case undefined:
      return undefined;
  }
}

function fits(sink: JudgedSink, channel: ReturnType<Channels['get']>, judging: Judging): void {
  if (sink.kind !== 'delivery' || sink.batch === undefined || channel === undefined) return;
  const batch = { key: sink.batchKey, size: sink.batch };
  batchFits(sink.component, batch, channel, judging.findings);
}

/** A sink is in one group at most, as with Flume. */
function judgeGroups(
  model: AgentModel,
  judged: ReadonlyMap<string, JudgedSink>,
  judging: Judging,
): JudgedGroup[] {
  const { findings } = judging;
  const names = new Map(model.listed.sinks.map((name) => [name, judged.get(name)]));
  const groups: JudgedGroup[] = [];
  const owner = new Map<JudgedSink, string>();
  for (const component of model.sinkgroups) {
    const group = judgeSinkGroup(component, names, findings);
    for (const sink of group.sinks) {
      const other = owner.get(sink);
      const { name } = sink.component;
      if (other !== undefined) {
        const text = `${component.path} and ${other} both have the sink ${name}`;
        findings.fault(component.place, text, 'take it out of one of them');
      }
      owner.set(sink, component.path);
    }
    groups.push(group);
  }
  return groups;
}

function alone({ sink, channel }: Connected, channels: Channels): EventSinkConfig {
  const { name } = sink.component;
  if (sink.kind === 'pull-server') {
    const transaction = channels.get(channel)?.transactionCapacity ?? 0;
    return { ...sink.server, channel, mostEvents: Math.max(transaction, USUAL_PULL) };
  }
  return {
    ...delivering(name, channel),
    batch: sink.batch ?? USUAL_BATCH,
    policy: ALONE,
    deliveries: [sink.delivery],
  };
}

function delivering(name: string, channel: string) {
  return { kind: 'deliver' as const, name, channel, linger: LINGER, inFlight: IN_FLIGHT };
}

/** Nothing where the sinks of the group are not right. */
function together(
  { component, sinks, policy }: JudgedGroup,
  connected: ReadonlyMap<string, Connected>,
  { findings }: Judging,
): DeliveringSinkConfig[] {
  const members = sinks.flatMap((sink) => connected.get(sink.component.name) ?? []);
  const used = [...new Set(members.map(({ channel }) => channel))];
  const [channel] = used;
  if (channel === undefined) return [];
  const place = component.entries.get('sinks')?.place ?? component.place;
  if (used.length > 1) {
    const text = `${component.path}: its sinks take from several channels (${used.join(', ')})`;
    findings.fault(place, text, 'sinks that stand in for each other need one channel');
  }
  const pulling = sinks.find(({ kind }) => kind === 'pull-server');
  if (pulling !== undefined) {
    const text = `${component.path}: ${pulling.component.name} is pulled from, so nothing can stand in for it`;
    findings.fault(place, text, 'take it out of the group');
  }
  const deliveries = sinks.flatMap((sink) => (sink.kind === 'delivery' ? sink.delivery : []));
  return [
    {
      ...delivering(component.name, channel),
      batch: groupBatch(component, sinks, findings),
      policy,
      deliveries,
    },
  ];
}

/** The smallest of them: any of the sinks may get the next one. */
function groupBatch(
  component: Component,
  sinks: readonly JudgedSink[],
  findings: Judging['findings'],
): number {
  const sizes = sinks.flatMap((sink) => (sink.kind === 'delivery' ? (sink.batch ?? []) : []));
  const batch = sizes.length === 0 ? USUAL_BATCH : Math.min(...sizes);
  if (new Set(sizes).size > 1) {
    findings.note('The sinks of a group have one size of batch, the smallest of theirs.', {
      group: component.path,
      batch,
    });
  }
  return batch;
}
