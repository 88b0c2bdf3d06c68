import type { DeliveryConfig, PullServerConfig } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';

/** A sink of an agent's file before it is known what it shares with others. */
export type JudgedSink =
  | {
      readonly kind: 'delivery';
      readonly component: Component;
      readonly delivery: DeliveryConfig;
      /** Events at once, at most; undefined where any number will do. */
      readonly batch: number | undefined;
      /** The key that says it. */
      readonly batchKey: string;
    }
  | {
      readonly kind: 'pull-server';
      readonly component: Component;
      readonly server: Omit<PullServerConfig, 'channel' | 'mostEvents'>;
    };
