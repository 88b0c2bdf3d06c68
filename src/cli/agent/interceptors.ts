/** Interceptors of sources: those that give headers. */
import type { HeaderRule } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';
import type { Entry } from './findings.js';
import type { Judging } from './judging.js';
import { HONOURED, judgeKeys, type KeyTable } from './keys.js';
import { didYouMean } from './nearest.js';
import { Settings } from './settings.js';

interface InterceptorType {
  readonly className: string;
  readonly keys: KeyTable;
  rule(settings: Settings, judging: Judging): HeaderRule;
}

const PACKAGE = 'org.apache.flume.interceptor.';

export const TYPES: Readonly<Record<string, InterceptorType>> = {
  timestamp: {
    className: 'TimestampInterceptor',
    keys: { type: HONOURED, headerName: HONOURED, preserveExisting: HONOURED },
    rule: (settings) => ({
      kind: 'timestamp',
      header: settings.text('headerName') ?? 'timestamp',
      preserve: settings.flag('preserveExisting'),
    }),
  },
  host: {
    className: 'HostInterceptor',
    keys: { type: HONOURED, hostHeader: HONOURED, preserveExisting: HONOURED, useIP: HONOURED },
    rule: (settings, { environment }) => ({
      kind: 'constant',
      header: settings.text('hostHeader') ?? 'host',
      value: settings.flag('useIP', true) ? environment.hostAddress : environment.hostName,
      preserve: settings.flag('preserveExisting'),
    }),
  },
  static: {
    className: 'StaticInterceptor',
    keys: { type: HONOURED, key: HONOURED, value: HONOURED, preserveExisting: HONOURED },
    rule: (settings) => ({
      kind: 'constant',
      header: settings.text('key') ?? 'key',
      value: settings.text('value') ?? 'value',
      preserve: settings.flag('preserveExisting', true),
    }),
  },
};

export const UNSUPPORTED = [
  'regex_filter',
  'regex_extractor',
  'remove_header',
  'search_replace',
  'uuid',
  'morphline',
];

const REMEDY =
  'leave it out, or keep a Flume agent for it and let its avro sink push to an avro source here';

/** In the order in which they are listed. */
export function judgeInterceptors(source: Component, judging: Judging): HeaderRule[] {
  const list = source.entries.get('interceptors');
  const names = [...new Set(list?.value.split(/\s+/) ?? [])];
  noteUnlisted(source, names, judging);
  const rules: HeaderRule[] = [];
  for (const name of names) {
    const component = interceptor(source, name);
    const rule = component === undefined ? undefined : judgeInterceptor(component, judging);
    if (rule !== undefined) rules.push(rule);
    if (component !== undefined || list === undefined) continue;
    const remedy = `write ${source.path}.interceptors.${name}.type = …, or take it from the list`;
    judging.findings.badKey(list, `lists ${name}, which has no properties`, remedy);
  }
  return rules;
}

/** Its properties as a component of their own; undefined where it has none. */
function interceptor(source: Component, name: string): Component | undefined {
  const start = `interceptors.${name}.`;
  const own = [...source.entries].filter(([key]) => key.startsWith(start));
  if (own.length === 0) return undefined;
  return {
    ...source,
    name,
    path: `${source.path}.interceptors.${name}`,
    place: own[0][1].place,
    entries: new Map(own.map(([key, entry]) => [key.slice(start.length), entry])),
  };
}

function judgeInterceptor(component: Component, judging: Judging): HeaderRule | undefined {
  const { findings } = judging;
  const entry = component.entries.get('type');
  if (entry === undefined) {
    const remedy = `give one of ${Object.keys(TYPES).join(', ')}`;
    findings.fault(component.place, `${component.path} has no type`, remedy);
    return undefined;
  }
  const type = findType(entry.value);
  if (type === undefined) {
    refuse(entry, judging);
    return undefined;
  }
  judgeKeys(component, type.keys, findings);
  return type.rule(new Settings(component, findings), judging);
}

/** By its alias, in any case of letters, or by the class that builds it. */
function findType(text: string): InterceptorType | undefined {
  for (const [alias, type] of Object.entries(TYPES)) {
    const className = PACKAGE + type.className;
    if (text.toLowerCase() === alias || text === `${className}$Builder`) return type;
  }
  return undefined;
}

function refuse(entry: Entry, { findings }: Judging): void {
  const known = [...Object.keys(TYPES), ...UNSUPPORTED];
  const isKnown = entry.value.includes('.') || UNSUPPORTED.includes(entry.value.toLowerCase());
  if (isKnown) findings.badValue(entry, 'is not supported', REMEDY);
  else findings.badValue(entry, 'is not known', didYouMean(entry.value, known, REMEDY));
}

function noteUnlisted(source: Component, names: readonly string[], { findings }: Judging): void {
  const seen = new Set(names);
  for (const [key, entry] of source.entries) {
    const [family, name] = key.split('.');
    if (family !== 'interceptors' || name === undefined || seen.has(name)) continue;
    seen.add(name);
    findings.noteOf(entry, 'An interceptor that is not listed is not used.', {
      list: `${source.path}.interceptors`,
    });
  }
}
