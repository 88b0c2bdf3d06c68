/**
 * What becomes of each key of a component: a table says it, and what is in no table is refused, since a
 * word that is misspelt would else be passed over, as Flume does.
 */
import type { Component } from './agent-model.js';
import type { Entry, Findings } from './findings.js';
import { didYouMean } from './nearest.js';

export type KeyRule =
  /** Somebody reads it. */
  | { readonly kind: 'honoured' }
  /** What it asks for is had in another way, or is not needed; that is said. */
  | { readonly kind: 'noted'; readonly message: string; readonly whole: boolean }
  /** `harmless` are the values, in lower case, that ask for what is done anyway. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly remedy: string;
      readonly harmless: readonly string[];
    };

/** By key. `interceptors.*` is every key that begins with `interceptors.`. */
export type KeyTable = Readonly<Record<string, KeyRule>>;

export const HONOURED: KeyRule = { kind: 'honoured' };

/** `message` says what is done instead. */
export function noted(message: string): KeyRule {
  return { kind: 'noted', message, whole: false };
}

/** The same, of a whole number; anything else is a fault, as it is to Flume. */
export function notedNumber(message: string): KeyRule {
  return { kind: 'noted', message, whole: true };
}

/** `reason` continues "a1.sources.r1.ipFilter = true …". */
export function refused(reason: string, remedy: string, harmless: readonly string[] = []): KeyRule {
  return { kind: 'refused', reason, remedy, harmless };
}

/** Judges every key of a component. */
export function judgeKeys(component: Component, table: KeyTable, findings: Findings): void {
  for (const [key, entry] of component.entries) {
    const rule = ruleOf(table, key);
    if (rule === undefined) refuseUnknown(component, entry, key, table, findings);
    else judge(entry, rule, findings);
  }
}

function judge(entry: Entry, rule: KeyRule, findings: Findings): void {
  if (rule.kind === 'noted') {
    if (rule.whole && !/^[+-]?\d+$/.test(entry.value)) {
      findings.badValue(entry, 'is not a whole number', 'give digits only');
    } else findings.noteOf(entry, rule.message);
  }
  if (rule.kind === 'refused' && !rule.harmless.includes(entry.value.toLowerCase())) {
    findings.badValue(entry, rule.reason, rule.remedy);
  }
}

function ruleOf(table: KeyTable, key: string): KeyRule | undefined {
  if (Object.hasOwn(table, key) && !key.endsWith('*')) return table[key];
  const family = Object.keys(table).find(
    (name) => name.endsWith('.*') && key.startsWith(name.slice(0, -1)),
  );
  return family === undefined ? undefined : table[family];
}

function refuseUnknown(
  component: Component,
  entry: Entry,
  key: string,
  table: KeyTable,
  findings: Findings,
): void {
  const known = Object.keys(table).filter((name) => !name.endsWith('*'));
  const type = component.entries.get('type')?.value;
  const what = type === undefined ? component.kind : `the type ${type}`;
  const remedy = didYouMean(key, known, 'take the line out: Flume does not use it either');
  findings.badKey(entry, `is not known to ${what}`, remedy);
}
