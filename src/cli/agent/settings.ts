/** The values of a component's keys, as what they mean. What is wrong becomes a fault and a default. */
import type { Component } from './agent-model.js';
import type { Entry, Findings } from './findings.js';

export interface Range {
  readonly standard: number;
  readonly least: number;
  readonly most?: number;
}

export class Settings {
  readonly component: Component;
  readonly findings: Findings;
  /** Put before each key: `processor.`. */
  readonly #prefix: string;

  constructor(component: Component, findings: Findings, prefix = '') {
    this.component = component;
    this.findings = findings;
    this.#prefix = prefix;
  }

  /** The same component, with `prefix` before each key. */
  below(prefix: string): Settings {
    return new Settings(this.component, this.findings, this.#prefix + prefix);
  }

  entry(key: string): Entry | undefined {
    return this.component.entries.get(this.#prefix + key);
  }

  text(key: string): string | undefined {
    return this.entry(key)?.value;
  }

  /** Empty where it is missing, which is a fault. */
  required(key: string, remedy: string): string {
    const found = this.text(key);
    if (found !== undefined) return found;
    const { path, place } = this.component;
    this.findings.fault(place, `${path} has no ${this.#prefix}${key}`, remedy);
    return '';
  }

  /** Only `true` is true, in any case of letters; what is neither is said, since Flume takes it for false. */
  flag(key: string, standard = false): boolean {
    const entry = this.entry(key);
    if (entry === undefined) return standard;
    const word = entry.value.toLowerCase();
    if (word !== 'true' && word !== 'false') {
      this.findings.badValue(entry, 'is neither true nor false', 'Flume takes it for false');
    }
    return word === 'true';
  }

  whole(key: string, { standard, least, most = Number.MAX_SAFE_INTEGER }: Range): number {
    const entry = this.entry(key);
    if (entry === undefined) return standard;
    const value = /^[+-]?\d+$/.test(entry.value) ? Number(entry.value) : Number.NaN;
    if (value >= least && value <= most) return value;
    const upTo = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
    const reason = `is not a whole number of at least ${least}${upTo}`;
    this.findings.badValue(entry, reason, `give digits only, or leave it out for ${standard}`);
    return standard;
  }

  /** Required. To connect to, `least` is 1; who listens at 0 gets one of the system's choice. */
  port(least: 0 | 1): number {
    if (this.required('port', 'give the number of a port') === '') return 0;
    const entry = this.entry('port');
    const value = /^\d{1,5}$/.test(entry?.value ?? '') ? Number(entry?.value) : Number.NaN;
    if (value >= least && value <= 65_535) return value;
    if (entry !== undefined) {
      this.findings.badValue(entry, 'is no port', `give a number from ${least} to 65535`);
    }
    return 0;
  }

  /** One of `words`, in any case of letters. */
  choice<T extends string>(key: string, words: readonly T[], standard: T): T {
    const entry = this.entry(key);
    if (entry === undefined) return standard;
    const found = words.find((word) => word === entry.value.toLowerCase());
    if (found !== undefined) return found;
    this.findings.badValue(entry, 'is not known', `choose one of ${words.join(', ')}`);
    return standard;
  }

  /** Names with white space between them. */
  words(key: string): readonly string[] {
    return this.text(key)?.split(/\s+/) ?? [];
  }
}
