/** Sink groups of an agent's file: which sinks stand in for each other, and how. */
import type { Policy } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import type { JudgedSink } from './judged-sink.js';
import { HONOURED, judgeKeys, type KeyTable, refused } from './keys.js';
import { didYouMean } from './nearest.js';
import { Settings } from './settings.js';

export interface JudgedGroup {
  readonly component: Component;
  /** In the order in which they are asked. */
  readonly sinks: readonly JudgedSink[];
  readonly policy: Policy;
}

/** Flume's, in ms. */
const PENALTY = { standard: 30_000, least: 0, most: 2 ** 31 - 1 };

/** Of one sink. */
export const ALONE: Policy = { kind: 'failover', mostPenalty: PENALTY.standard };

const COMMON: KeyTable = {
  sinks: HONOURED,
  'processor.type': HONOURED,
  'policy.*': refused('is not used by Flume either', 'write processor in place of policy'),
};

export const KEYS: Readonly<Record<ProcessorType, KeyTable>> = {
  default: COMMON,
  failover: { ...COMMON, 'processor.maxpenalty': HONOURED, 'processor.priority.*': HONOURED },
  load_balance: {
    ...COMMON,
    'processor.backoff': HONOURED,
    'processor.selector': HONOURED,
    'processor.selector.maxTimeOut': HONOURED,
  },
};

const PROCESSORS = ['default', 'failover', 'load_balance'] as const;
type ProcessorType = (typeof PROCESSORS)[number];

/** `sinks` are all of the agent's, by name; undefined for one that was refused. */
export function judgeSinkGroup(
  component: Component,
  sinks: ReadonlyMap<string, JudgedSink | undefined>,
  findings: Findings,
): JudgedGroup {
  const settings = new Settings(component, findings);
  const type = settings.choice('processor.type', PROCESSORS, 'default');
  judgeKeys(component, KEYS[type], findings);
  const members = groupMembers(settings, sinks);
  switch (type) {
    case 'default':
      return { component, sinks: alone(settings, members), policy: ALONE };
    case 'failover':
      return failover(settings, members);
    case 'load_balance':
      return loadBalance(settings, members);
  }
}

function groupMembers(
  settings: Settings,
  sinks: ReadonlyMap<string, JudgedSink | undefined>,
): readonly JudgedSink[] {
  settings.required('sinks', 'name the sinks that are in it');
  const entry = settings.entry('sinks');
  const members: JudgedSink[] = [];
  for (const name of new Set(settings.words('sinks'))) {
    const sink = sinks.get(name);
    if (sink !== undefined) members.push(sink);
    else if (!sinks.has(name) && entry !== undefined) {
      const remedy = didYouMean(name, [...sinks.keys()], 'name sinks of this agent');
      settings.findings.badValue(entry, `names ${name}, which is no sink`, remedy);
    }
  }
  return members;
}

function alone(settings: Settings, members: readonly JudgedSink[]): readonly JudgedSink[] {
  const entry = settings.entry('sinks');
  // Of a type that is not known, that is what is said.
  const type = settings.text('processor.type')?.toLowerCase() ?? 'default';
  if (members.length > 1 && type === 'default' && entry !== undefined) {
    const remedy = 'give processor.type = failover or load_balance';
    settings.findings.badValue(entry, 'are several, and the processor is for one', remedy);
  }
  return members;
}

/** The highest priority first; sinks without one come last, as they are listed. */
function failover(settings: Settings, members: readonly JudgedSink[]): JudgedGroup {
  const processor = settings.below('processor.');
  const priorities = new Map<JudgedSink, number>();
  const taken = new Map<number, string>();
  for (const sink of members) {
    const { name } = sink.component;
    const entry = processor.entry(`priority.${name}`);
    if (entry === undefined) continue;
    const range = { standard: 0, least: -(2 ** 31), most: 2 ** 31 - 1 };
    const priority = processor.whole(`priority.${name}`, range);
    const other = taken.get(priority);
    if (other !== undefined) {
      const reason = `is the priority of ${other} too`;
      settings.findings.badValue(entry, reason, 'give each sink a priority of its own');
    }
    taken.set(priority, name);
    priorities.set(sink, priority);
  }
  refuseStrayPriorities(settings, members);
  const rank = (sink: JudgedSink): number => priorities.get(sink) ?? Number.NEGATIVE_INFINITY;
  return {
    component: settings.component,
    // Two that have none are equal, and stay as they are.
    sinks: members.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a))),
    policy: { kind: 'failover', mostPenalty: processor.whole('maxpenalty', PENALTY) },
  };
}

function refuseStrayPriorities(settings: Settings, members: readonly JudgedSink[]): void {
  const names = members.map(({ component }) => component.name);
  for (const [key, entry] of settings.component.entries) {
    const name = /^processor\.priority\.(.*)$/.exec(key)?.[1];
    if (name === undefined || names.includes(name)) continue;
    const remedy = didYouMean(name, names, 'take it out, or put the sink into the group');
    settings.findings.badKey(entry, 'is of a sink that is not in the group', remedy);
  }
}

function loadBalance(settings: Settings, members: readonly JudgedSink[]): JudgedGroup {
  const processor = settings.below('processor.');
  const selector = processor.choice('selector', ['round_robin', 'random'], 'round_robin');
  const longest = processor.whole('selector.maxTimeOut', PENALTY);
  const backoff = processor.flag('backoff');
  const unused = processor.entry('selector.maxTimeOut');
  if (!backoff && unused !== undefined) {
    settings.findings.noteOf(unused, 'It is not used, since processor.backoff is not true.');
  }
  const entry = settings.entry('sinks');
  if (members.length === 1 && entry !== undefined) {
    settings.findings.badValue(entry, 'is one sink, and there is nothing to balance', 'name two');
  }
  return {
    component: settings.component,
    sinks: members,
    policy: {
      kind: selector === 'random' ? 'random' : 'round-robin',
      mostPenalty: backoff ? longest : 0,
    },
  };
}
