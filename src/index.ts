/** What other programs may build on: the pipeline, and the contracts that it speaks. */
export * from './core/answer.js';
export * from './core/batch.js';
export * from './core/clock.js';
export * from './core/config.js';
export * from './core/endpoint.js';
export * from './core/errors.js';
export * from './core/forward-config.js';
export * from './core/keys.js';
export * from './core/logger.js';
export { openOutlet } from './core/output/outlet.js';
export { Writer } from './core/output/writer.js';
export * from './core/snapshot.js';
export * from './core/stages.js';
export {
  type Counting,
  createCounting,
  createForwarding,
  type Forwarding,
  type ForwardOutcome,
  type Outcome,
  type Progress,
  type Surroundings,
} from './pipeline.js';
