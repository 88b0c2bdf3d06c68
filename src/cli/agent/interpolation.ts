/**
 * `${…}` in values, as Flume 1.11 resolves it: another key of the file, `env:`, `sys:`, `date:`, a
 * default after `:-`, and `$${…}` for one that is meant as it stands.
 */
import { formatDate } from './date-format.js';
import type { Entry, Findings } from './findings.js';

export interface Lookups {
  /** Of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Of `-D`. */
  readonly properties: ReadonlyMap<string, string>;
  /** A name alone may also be of the environment, as with Flume's EnvVarResolverProperties. */
  readonly plainVariables: boolean;
  readonly now: Date;
}

export interface Interpolated {
  readonly entries: readonly Entry[];
  /** Keys of the file and of `-D` (`sys:…`) that something asked for. */
  readonly used: ReadonlySet<string>;
}

/** Values refer to values that refer to values; of one, nobody means more lookups than this. */
const MOST_LOOKUPS = 1000;
const DEEPEST = 50;
const LONGEST = 65_536;

export function interpolate(
  entries: readonly Entry[],
  lookups: Lookups,
  findings: Findings,
): Interpolated {
  const interpolation = new Interpolation(entries, lookups, findings);
  return {
    entries: entries.map((entry) => interpolation.resolve(entry)),
    used: interpolation.used,
  };
}

class Interpolation {
  readonly used = new Set<string>();
  readonly #values: ReadonlyMap<string, string>;
  readonly #lookups: Lookups;
  readonly #findings: Findings;
  #lookedUp = 0;

  constructor(entries: readonly Entry[], lookups: Lookups, findings: Findings) {
    this.#values = new Map(entries.map(({ key, value }) => [key, value]));
    this.#lookups = lookups;
    this.#findings = findings;
  }

  resolve(entry: Entry): Entry {
    if (!entry.value.includes('${')) return entry;
    this.#lookedUp = 0;
    const value = this.#expand(entry, entry.value, 0);
    if (value !== undefined) return { ...entry, value };
    const reason = 'refers to itself, or to far too much';
    this.#findings.badValue(entry, reason, 'write what it stands for');
    return entry;
  }

  /** Undefined where it does not end. */
  #expand(entry: Entry, text: string, depth: number): string | undefined {
    this.#lookedUp += 1;
    if (depth > DEEPEST || this.#lookedUp > MOST_LOOKUPS) return undefined;
    let result = '';
    for (let at = 0; at < text.length; ) {
      const start = text.indexOf('${', at);
      if (start < 0) return bounded(result + text.slice(at));
      const end = closing(text, start);
      if (end === undefined) return bounded(result + text.slice(at));
      const isEscaped = text[start - 1] === '$';
      result += text.slice(at, isEscaped ? start - 1 : start);
      const whole = text.slice(start, end + 1);
      const found = isEscaped ? whole : this.#value(entry, text.slice(start + 2, end), depth);
      if (found === undefined || result.length + found.length > LONGEST) return undefined;
      result += found;
      at = end + 1;
    }
    return result;
  }

  /** What stands for `${inner}`, or undefined where that does not end. */
  #value(entry: Entry, inner: string, depth: number): string | undefined {
    const name = this.#expand(entry, inner, depth + 1);
    if (name === undefined) return undefined;
    const [wanted, otherwise] = splitDefault(name);
    const found = this.#lookUp(entry, wanted) ?? otherwise;
    if (found !== undefined) return this.#expand(entry, found, depth + 1);
    this.#findings.noteOf(entry, 'Nothing is known by this name, so it stands as it is.', {
      name: wanted,
      ...(/^\w+$/.test(name) ? { remedy: `write \${env:${name}} for a variable` } : {}),
    });
    return `\${${name}}`;
  }

  #lookUp(entry: Entry, name: string): string | undefined {
    const { variables, properties, plainVariables, now } = this.#lookups;
    const [, prefix, rest] = /^(env|sys|date|java):([\s\S]*)$/.exec(name) ?? [];
    switch (prefix) {
      case 'env':
        return variables[rest];
      case 'sys':
        this.used.add(name);
        return properties.get(rest);
      case 'date':
        return this.#date(entry, rest, now);
      case 'java':
        this.#findings.badValue(
          entry,
          'asks for Java, which is not here',
          'write the value itself',
        );
        return '';
      default:
        this.used.add(name);
        return this.#values.get(name) ?? (plainVariables ? variables[name] : undefined);
    }
  }

  #date(entry: Entry, format: string, now: Date): string {
    const date = formatDate(format, now);
    if (typeof date === 'string') return date;
    const reason = `has the date letter '${date.unknown}', which is not supported`;
    this.#findings.badValue(entry, reason, 'y, M, d, D, H, h, m, s, S and a are');
    return '';
  }
}

function bounded(text: string): string | undefined {
  return text.length > LONGEST ? undefined : text;
}

/** The place of the brace that closes the one after `start`. */
function closing(text: string, start: number): number | undefined {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith('${', at)) open += 1;
    else if (text[at] === '}') open -= 1;
    if (open === 0 && text[at] === '}') return at;
  }
  return undefined;
}

/** `env:NAME:-default` */
function splitDefault(name: string): [wanted: string, otherwise: string | undefined] {
  const at = name.indexOf(':-');
  return at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 2)];
}
