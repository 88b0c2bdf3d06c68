/** The components of one agent of a file: what is listed, with its properties. */
import type { Entry, Findings, Place } from './findings.js';
import { didYouMean } from './nearest.js';

export const KINDS = ['sources', 'channels', 'sinks', 'sinkgroups'] as const;
export type Kind = (typeof KINDS)[number];

/** As in messages: a source, a sink. */
const ONE: Readonly<Record<Kind, string>> = {
  sources: 'source',
  channels: 'channel',
  sinks: 'sink',
  sinkgroups: 'sink group',
};

export interface Component {
  readonly kind: Kind;
  readonly name: string;
  /** `a1.sources.r1` */
  readonly path: string;
  /** Where it first appears. */
  readonly place: Place;
  /** Its properties, by the key without the path. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** In the order in which they are listed. */
export interface AgentModel extends Readonly<Record<Kind, readonly Component[]>> {
  /** Also those that have no properties. */
  readonly listed: Readonly<Record<Kind, readonly string[]>>;
}

/** `entries` are of the agent `agent` and of others; of these, nothing is said. */
export function agentModel(
  entries: readonly Entry[],
  agent: string,
  findings: Findings,
): AgentModel {
  const own = entries.filter(({ key }) => key.startsWith(`${agent}.`));
  const lists = new Map<Kind, Entry>();
  const properties = new Map<string, Map<string, Entry>>();
  for (const entry of own) {
    const [kindName, name, ...rest] = entry.key.slice(agent.length + 1).split('.');
    const kind = kindOf(entry, kindName, findings);
    if (kind === undefined) continue;
    if (name === undefined) lists.set(kind, entry);
    else if (name === '' || rest.length === 0 || rest.join('.') === '') {
      const remedy = `write ${agent}.${kind}.<name>.<key> = <value>`;
      findings.badKey(entry, 'names no property of a component', remedy);
    } else ofComponent(properties, `${agent}.${kind}.${name}`).set(rest.join('.'), entry);
  }
  const listed = (kind: Kind): Component[] =>
    listedComponents({ agent, kind, list: lists.get(kind), properties, findings });
  const names = (kind: Kind): readonly string[] => namesOf(lists.get(kind));
  const model = {
    sources: listed('sources'),
    channels: listed('channels'),
    sinks: listed('sinks'),
    sinkgroups: listed('sinkgroups'),
    listed: {
      sources: names('sources'),
      channels: names('channels'),
      sinks: names('sinks'),
      sinkgroups: names('sinkgroups'),
    },
  };
  noteUnlisted(model, agent, properties, findings);
  return model;
}

/** The agents that a file names, in the order in which they come. */
export function agentNames(entries: readonly Entry[]): readonly string[] {
  const own = entries.filter(({ key }) => KINDS.some((kind) => key.split('.')[1] === kind));
  return [...new Set(own.map(({ key }) => key.split('.')[0]))];
}

function ofComponent(
  properties: Map<string, Map<string, Entry>>,
  path: string,
): Map<string, Entry> {
  const found = properties.get(path) ?? new Map<string, Entry>();
  properties.set(path, found);
  return found;
}

function kindOf(entry: Entry, name: string, findings: Findings): Kind | undefined {
  const kind = KINDS.find((each) => each === name);
  if (kind !== undefined) return kind;
  if (name === 'configfilters') {
    const remedy = `write the value itself, or \${env:NAME}`;
    findings.badKey(entry, 'is a configuration filter, and there is none here', remedy);
  } else {
    const remedy = didYouMean(name, KINDS, `an agent has ${KINDS.join(', ')}`);
    findings.badKey(entry, 'is no component of an agent', remedy);
  }
  return undefined;
}

interface Listing {
  readonly agent: string;
  readonly kind: Kind;
  readonly list: Entry | undefined;
  readonly properties: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  readonly findings: Findings;
}

function listedComponents({ agent, kind, list, properties, findings }: Listing): Component[] {
  if (list === undefined) return [];
  const components: Component[] = [];
  for (const name of namesOf(list)) {
    const path = `${agent}.${kind}.${name}`;
    const entries = properties.get(path);
    if (entries === undefined) {
      const remedy = unlistedRemedy(path, namesOf(list), properties);
      findings.badKey(list, `lists ${name}, which has no properties`, remedy);
      continue;
    }
    components.push({ kind, name, path, place: firstPlace(entries) ?? list.place, entries });
  }
  return components;
}

/** Each once. */
function namesOf(list: Entry | undefined): readonly string[] {
  return [...new Set(list?.value.split(/\s+/))];
}

/** Perhaps it is there under a name that is like it. */
function unlistedRemedy(
  path: string,
  listed: readonly string[],
  properties: ReadonlyMap<string, unknown>,
): string {
  const start = path.slice(0, path.lastIndexOf('.') + 1);
  const names = [...properties.keys()].filter(
    (key) => key.startsWith(start) && !listed.includes(key.slice(start.length)),
  );
  return didYouMean(path, names, `write ${path}.type = …, or take it from the list`);
}

function firstPlace(entries: ReadonlyMap<string, Entry>): Place | undefined {
  for (const { place } of entries.values()) return place;
  return undefined;
}

/** As with Flume, they are not used. */
function noteUnlisted(
  model: AgentModel,
  agent: string,
  properties: ReadonlyMap<string, ReadonlyMap<string, Entry>>,
  findings: Findings,
): void {
  for (const [path, entries] of properties) {
    const kind = KINDS.find((each) => path.startsWith(`${agent}.${each}.`));
    if (kind === undefined || model[kind].some((component) => component.path === path)) continue;
    const [first] = entries.values();
    findings.noteOf(first, 'A component that is not listed is not used.', {
      component: `${ONE[kind]} ${path.slice(`${agent}.${kind}.`.length)}`,
      list: `${agent}.${kind}`,
    });
  }
}
