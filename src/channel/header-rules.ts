/**
 * Gives events headers on their way into the channel; the rules are those of Flume's interceptors.
 *
 * What events have already is not taken apart, for strangers wrote it: new headers are put behind, as one
 * more block of the map, and of two with one name the last counts.
 */
import { basename, resolve } from 'node:path';
import type { Batch, Events, LineBatch } from '../core/batch.js';
import type { HeaderRule } from '../core/forward-config.js';
import { encodeHeaders, endOfHeaders, findHeader, NO_HEADERS } from '../wire/avro/headers.js';

/** The batch as it goes into the channels; `moment` is milliseconds since the epoch. */
export function withHeaders(batch: Batch, rules: readonly HeaderRule[], moment: number): Batch {
  if (batch.kind !== 'lines') return batch;
  if (rules.length === 0) return batch.events ? batch : { ...batch, events: NOTHING };
  const additions = rules.map((rule) => additionOf(rule, batch, moment));
  const { events } = batch;
  if (events?.kind === 'own') return { ...batch, events: extended(events, additions) };
  const headers = extendedMap(events?.headers ?? NO_HEADERS, additions);
  return { ...batch, events: { kind: 'same', headers } };
}

const NOTHING: Events = { kind: 'same', headers: NO_HEADERS };

type OwnHeaders = Extract<Events, { kind: 'own' }>;

interface Addition {
  readonly header: string;
  readonly value: string;
  /** An event that has the header keeps it. */
  readonly preserve: boolean;
}

function additionOf(rule: HeaderRule, { origin }: LineBatch, moment: number): Addition {
  switch (rule.kind) {
    case 'file': {
      const value = rule.form === 'absolute' ? resolve(origin.name) : basename(origin.name);
      return { header: rule.header, value, preserve: false };
    }
    case 'timestamp':
      return { ...rule, value: String(moment) };
    case 'constant':
      return rule;
  }
}

function extendedMap(headers: Uint8Array, additions: readonly Addition[]): Uint8Array {
  const end = headers.length;
  const block = encodeHeaders(entriesFor(headers, 0, end, additions));
  return Buffer.concat([headers.subarray(0, endOfHeaders(headers, 0, end)), block]);
}

function extended(events: OwnHeaders, additions: readonly Addition[]): OwnHeaders {
  const { ends, headers, headerEnds } = events;
  const preserves = additions.some(({ preserve }) => preserve);
  // Without exceptions, all get the same.
  const usual = encodeHeaders(entriesFor(headers, 0, 0, additions));
  const all = new Uint8Array(headers.length + headerEnds.length * usual.length);
  const newEnds = new Uint32Array(headerEnds.length);
  let length = 0;
  for (let event = 0; event < headerEnds.length; event += 1) {
    const start = event === 0 ? 0 : headerEnds[event - 1];
    const end = headerEnds[event];
    const block = preserves ? encodeHeaders(entriesFor(headers, start, end, additions)) : usual;
    const kept = headers.subarray(start, endOfHeaders(headers, start, end));
    all.set(kept, length);
    all.set(block, length + kept.length);
    length += kept.length + block.length;
    newEnds[event] = length;
  }
  return { kind: 'own', ends, headers: all.subarray(0, length), headerEnds: newEnds };
}

const extent = new Int32Array(2);

/** What is new for the event whose headers lie there; a later rule sees what an earlier one gave. */
function entriesFor(
  headers: Uint8Array,
  start: number,
  end: number,
  additions: readonly Addition[],
): Map<string, string> {
  const entries = new Map<string, string>();
  for (const { header, value, preserve } of additions) {
    const isThere = (): boolean =>
      entries.has(header) || findHeader(headers, start, end, Buffer.from(header), extent);
    if (!preserve || !isThere()) entries.set(header, value);
  }
  return entries;
}
