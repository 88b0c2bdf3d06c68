/** The sources of an agent. */
import type { StateConfig } from '../../core/config.js';
import type { ForwardSource } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';
import { judgeAvroSource } from './avro-source.js';
import { componentType } from './component-types.js';
import { batchFits, type Channels, connection } from './connections.js';
import { judgeInterceptors } from './interceptors.js';
import type { Judging } from './judging.js';
import { judgeNetcat } from './netcat.js';
import { judgeSpoolDir } from './spooldir.js';

export interface JudgedSource {
  readonly component: Component;
  readonly forward: ForwardSource;
  /** Bytes of a line, where it says how long one may be. */
  readonly longestLine: number | undefined;
  readonly state: StateConfig | undefined;
}

/** Undefined where its type is not here. */
export function judgeSource(
  component: Component,
  channels: Channels,
  judging: Judging,
): JudgedSource | undefined {
  const { findings } = judging;
  const { names } = connection(component, 'channels', channels, findings);
  const reached = names.map((name) => channels.get(name)).filter((found) => found !== undefined);
  const type = componentType(component, 'sources', findings);
  if (type === undefined) return undefined;
  const interceptors = judgeInterceptors(component, judging);
  const common = { name: component.name, channels: names };
  switch (type) {
    case 'spooldir': {
      const { source, headers, longestLine, state, batchSize } = judgeSpoolDir(component, judging);
      const batch = { key: 'batchSize', size: batchSize };
      for (const channel of reached) batchFits(component, batch, channel, findings);
      const forward = { ...common, source, headers: [...headers, ...interceptors] };
      return { component, forward, longestLine, state };
    }
    case 'avro': {
      const patience = Math.max(0, ...reached.map(({ keepAlive }) => keepAlive));
      const source = judgeAvroSource(component, patience, judging);
      const forward = { ...common, source, headers: interceptors };
      return { component, forward, longestLine: undefined, state: undefined };
    }
    case 'netcat': {
      const { source, longestLine } = judgeNetcat(component, findings);
      const forward = { ...common, source, headers: interceptors };
      return { component, forward, longestLine, state: undefined };
    }
  }
}
