/** How sources, channels and sinks of an agent hang together. */
import type { Component } from './agent-model.js';
import type { Entry, Findings } from './findings.js';
import type { JudgedChannel } from './memory-channel.js';
import { didYouMean } from './nearest.js';

/** Channels by name; undefined for one that is listed and not right. */
export type Channels = ReadonlyMap<string, JudgedChannel | undefined>;

/** What is connected, and the key that says it. */
export interface Connection {
  readonly entry: Entry | undefined;
  readonly names: readonly string[];
}

/** The `channels` of a source or the `channel` of a sink, those that there are. */
export function connection(
  component: Component,
  key: 'channels' | 'channel',
  channels: Channels,
  findings: Findings,
): Connection {
  const entry = component.entries.get(key);
  if (entry === undefined) {
    findings.fault(component.place, `${component.path} has no ${key}`, remedyFor(component, key));
    return { entry, names: [] };
  }
  const named = [...new Set(entry.value.split(/\s+/))];
  if (key === 'channel' && named.length > 1) {
    findings.badValue(entry, 'are several channels', 'name one: a sink takes from one channel');
  }
  const names = named.filter((name) => channels.has(name));
  for (const name of named.filter((each) => !channels.has(each))) {
    const known = [...channels.keys()];
    const remedy = didYouMean(name, known, `list ${name} among the channels, and give it a type`);
    findings.badValue(entry, `names ${name}, which is no channel of this agent`, remedy);
  }
  return { entry, names };
}

/** A source has `channels`, a sink `channel`; the other one is a common slip. */
function remedyFor(component: Component, key: 'channels' | 'channel'): string {
  const other = key === 'channels' ? 'channel' : 'channels';
  if (component.entries.has(other)) return `write ${key} in place of ${other}`;
  return key === 'channels' ? 'say where its events go' : 'say where it takes events from';
}

/** A batch that no transaction can hold never gets through, so Flume refuses it, too. */
export function batchFits(
  component: Component,
  batch: { readonly key: string; readonly size: number },
  channel: JudgedChannel,
  findings: Findings,
): void {
  const { transactionCapacity, transactionPlace, config } = channel;
  if (batch.size <= transactionCapacity) return;
  const { file, line } = transactionPlace;
  const text = `${component.path}: the ${batch.key} ${batch.size} is higher than the transactionCapacity ${transactionCapacity} of ${config.name} (${file}:${line})`;
  const place = component.entries.get(batch.key)?.place ?? component.place;
  findings.fault(place, text, `give a smaller ${batch.key} or a higher transactionCapacity`);
}

/** A channel that nothing goes into, or that nothing is taken from. */
export function channelsAreUsed(
  channels: readonly Component[],
  filled: ReadonlySet<string>,
  emptied: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const { name, path, place } of channels) {
    if (!filled.has(name)) {
      const remedy = 'name it among the channels of a source, or take it from the list';
      findings.fault(place, `${path} has no source`, remedy);
    }
    if (emptied.has(name)) continue;
    const remedy =
      'give a sink this channel, or take it out: once full, it would hold up its sources';
    findings.fault(place, `${path} has no sink`, remedy);
  }
}
