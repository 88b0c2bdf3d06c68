/**
 * Several deliveries that stand in for each other. A chunk goes to the one that the policy says; where
 * that fails, at once to the next that is not set aside, to each at most once.
 */
import type { Clock, Timer } from '../../core/clock.js';
import type { Policy } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import { ConnectionError } from '../../wire/connection-error.js';
import { isExpected } from '../../wire/expected-error.js';
import type { Delivery } from './delivery.js';
import { Peer } from './peer.js';

export interface PeersOptions {
  /** The sink's name. */
  readonly sink: string;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Logger;
  /** At least 0, below 1. */
  readonly random?: () => number;
}

interface Waiter {
  readonly timer: Timer;
  reject(reason: Error): void;
}

export class Peers {
  readonly #peers: readonly Peer[];
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #waiters = new Set<Waiter>();
  #turn = 0;
  #isClosed = false;

  constructor(deliveries: readonly Delivery[], options: PeersOptions) {
    const { policy, clock, random = Math.random } = options;
    // Nobody stands in for a single one: to set it aside would only make it wait longer.
    const isAlone = deliveries.length === 1;
    const mostPenalty = isAlone ? 0 : policy.mostPenalty;
    this.#peers = deliveries.map(
      (delivery) => new Peer(delivery, { ...options, mostPenalty, isAlone }),
    );
    this.#policy = policy;
    this.#clock = clock;
    this.#random = random;
  }

  async open(): Promise<void> {
    for (const { delivery } of this.#peers) await delivery.open();
  }

  get unanswered(): number {
    return this.#peers.reduce((sum, { delivery }) => sum + (delivery.unanswered ?? 0), 0);
  }

  /** Rejects with what the last one that was tried said, at once where that is a bug. */
  async deliver(events: EncodedEvents): Promise<void> {
    const tried = new Set<Peer>();
    let peer = this.#choose(tried) ?? (await this.#firstBack());
    for (;;) {
      tried.add(peer);
      try {
        return await peer.deliver(events);
      } catch (error) {
        if (this.#isClosed || !isExpected(error)) throw error;
        const next = this.#choose(tried);
        if (next === undefined) throw error;
        peer = next;
      }
    }
  }

  /** What is under way rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer, reject } of this.#waiters) {
      timer.cancel();
      reject(new ConnectionError('The sink was closed.'));
    }
    this.#waiters.clear();
    for (const peer of this.#peers) await peer.close();
  }

  #choose(tried: ReadonlySet<Peer>): Peer | undefined {
    const free = this.#inOrder().filter((peer) => !tried.has(peer) && peer.aside <= 0);
    if (this.#policy.kind === 'random') return free[Math.floor(this.#random() * free.length)];
    if (free.length > 0) this.#turn = (this.#peers.indexOf(free[0]) + 1) % this.#peers.length;
    return free[0];
  }

  #inOrder(): readonly Peer[] {
    if (this.#policy.kind !== 'round-robin') return this.#peers;
    return [...this.#peers.slice(this.#turn), ...this.#peers.slice(0, this.#turn)];
  }

  /** All are set aside: the one that comes back first, when it does. */
  async #firstBack(): Promise<Peer> {
    for (;;) {
      const first = this.#inOrder().reduce((one, other) => (other.aside < one.aside ? other : one));
      if (first.aside <= 0) return first;
      await this.#pause(first.aside);
    }
  }

  #pause(delay: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(delay, () => {
        this.#waiters.delete(waiter);
        resolve();
      });
      const waiter = { timer, reject };
      this.#waiters.add(waiter);
    });
  }
}
