/**
 * Whether a protocol that somebody sent is one of ours in other words: the same messages with the same
 * types. Comments, defaults, aliases, and whether a namespace is spelled out, say nothing about bytes.
 */
import { MalformedError } from '../malformed.js';

/** The Java texts have three thousand characters. */
const MOST_TEXT = 256 * 1024;
const DEEPEST = 16;
const MOST_TYPES = 10_000;

type Json = { readonly [key: string]: unknown };

/**
 * Whether each message that both have is the same, and there is one. `ours` is a text of ours. Never
 * throws: a text that is no protocol is not the same.
 */
export function isSameProtocol(theirs: string, ours: string): boolean {
  if (theirs.length > MOST_TEXT) return false;
  let messages: ReadonlyMap<string, string>;
  try {
    messages = shapes(theirs);
  } catch (error) {
    // What a stranger calls a protocol; that it is none is the answer.
    if (error instanceof MalformedError || error instanceof SyntaxError) return false;
    throw error;
  }
  const known = shapes(ours);
  const both = [...messages].filter(([name]) => known.has(name));
  return both.length > 0 && both.every(([name, shape]) => known.get(name) === shape);
}

/** For each message, a text that says what its bytes are. */
function shapes(text: string): ReadonlyMap<string, string> {
  const { types, messages } = object(JSON.parse(text));
  const shaper = new Shaper();
  for (const type of list(types ?? [])) shaper.define(type);
  return new Map(
    Object.entries(object(messages)).map(([name, message]) => [
      name,
      shaper.message(object(message)),
    ]),
  );
}

class Shaper {
  readonly #named = new Map<string, Json>();
  #written = 0;

  /** Makes the named types within known, each by the last part of its name, as Avro compares them. */
  define(type: unknown, depth = 0): void {
    if (depth > DEEPEST) throw new MalformedError('types lie too deep');
    if (Array.isArray(type)) {
      for (const branch of type) this.define(branch, depth + 1);
    } else if (typeof type === 'object' && type !== null) {
      const json = object(type);
      if (typeof json.name === 'string') this.#named.set(simple(json.name), json);
      if (Array.isArray(json.fields)) {
        for (const field of json.fields) this.define(object(field).type, depth + 1);
      }
      for (const inner of [json.items, json.values, json.type]) this.define(inner, depth + 1);
    }
  }

  message({ request, response, 'one-way': oneWay }: Json): string {
    for (const parameter of list(request)) this.define(object(parameter).type);
    this.define(response);
    const way = oneWay === true ? 'one-way' : '';
    return `${this.#fields(request, 0)}${this.#type(response, 0)}${way}`;
  }

  #type(type: unknown, depth: number): string {
    this.#written += 1;
    if (depth > DEEPEST || this.#written > MOST_TYPES) throw new MalformedError('too many types');
    if (Array.isArray(type)) return `[${type.map((one) => this.#type(one, depth + 1)).join()}]`;
    if (typeof type === 'string') {
      const named = this.#named.get(simple(type));
      return named === undefined ? JSON.stringify(type) : this.#type(named, depth + 1);
    }
    const json = object(type);
    const name = typeof json.name === 'string' ? simple(json.name) : '';
    switch (json.type) {
      case 'record':
      case 'error':
        return `record ${JSON.stringify(name)}${this.#fields(json.fields, depth)}`;
      case 'enum':
        return `enum ${JSON.stringify([name, json.symbols])}`;
      case 'fixed':
        return `fixed ${JSON.stringify([name, json.size])}`;
      case 'array':
        return `array(${this.#type(json.items, depth + 1)})`;
      case 'map':
        return `map(${this.#type(json.values, depth + 1)})`;
      default:
        return this.#type(json.type, depth + 1);
    }
  }

  #fields(fields: unknown, depth: number): string {
    const written = list(fields).map((field) => {
      const { name, type } = object(field);
      return `${JSON.stringify(name)}:${this.#type(type, depth + 1)}`;
    });
    return `(${written.join()})`;
  }
}

function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedError('not a protocol');
  }
  return value as Json;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedError('not a protocol');
  return value;
}

/** Without its namespace. */
function simple(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
