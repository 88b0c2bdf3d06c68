/** Gives events headers on their way into the channel; the rules are those of Flume's interceptors. */
import { basename, resolve } from 'node:path';
import type { Batch, Events, LineBatch } from '../core/batch.js';
import type { HeaderRule } from '../core/forward-config.js';
import { byteArray, withRoom } from '../core/growth.js';
import { decodeHeaders, encodeHeaders } from '../wire/avro/headers.js';

/** The batch as it goes into the channels; `moment` is milliseconds since the epoch. */
export function withHeaders(batch: Batch, rules: readonly HeaderRule[], moment: number): Batch {
  if (batch.kind !== 'lines') return batch;
  const events = batch.events ?? { kind: 'same', headers: NO_HEADERS };
  if (rules.length === 0) return batch.events === undefined ? { ...batch, events } : batch;
  const apply = (headers: Uint8Array): Uint8Array => {
    const map = decodeHeaders(headers);
    for (const rule of rules) applyRule(rule, map, batch, moment);
    return encodeHeaders(map);
  };
  return { ...batch, events: rewritten(events, apply) };
}

const NO_HEADERS = encodeHeaders(new Map());

function applyRule(
  rule: HeaderRule,
  headers: Map<string, string>,
  { origin }: LineBatch,
  moment: number,
): void {
  switch (rule.kind) {
    case 'file':
      headers.set(rule.header, fileValue(origin.name, rule.form));
      break;
    case 'timestamp':
      if (!rule.preserve || !headers.has(rule.header)) headers.set(rule.header, String(moment));
      break;
    case 'constant':
      if (!rule.preserve || !headers.has(rule.header)) headers.set(rule.header, rule.value);
  }
}

function fileValue(name: string, form: 'absolute' | 'basename'): string {
  return form === 'absolute' ? resolve(name) : basename(name);
}

function rewritten(events: Events, apply: (headers: Uint8Array) => Uint8Array): Events {
  if (events.kind === 'same') return { kind: 'same', headers: apply(events.headers) };
  const { ends, headers, headerEnds } = events;
  const newEnds = new Uint32Array(headerEnds.length);
  let all = byteArray(headers.length);
  let length = 0;
  for (let event = 0; event < headerEnds.length; event += 1) {
    const start = event === 0 ? 0 : headerEnds[event - 1];
    const changed = apply(headers.subarray(start, headerEnds[event]));
    all = withRoom(all, length + changed.length, byteArray);
    all.set(changed, length);
    length += changed.length;
    newEnds[event] = length;
  }
  return { kind: 'own', ends, headers: all.subarray(0, length), headerEnds: newEnds };
}
