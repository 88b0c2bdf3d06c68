/** Nowhere: what is delivered is gone. */
import type { Delivery } from './delivery.js';

export class NullDelivery implements Delivery {
  readonly peer: string;

  constructor({ name }: { readonly name: string }) {
    this.peer = name;
  }

  async open(): Promise<void> {}

  async deliver(): Promise<void> {}

  async close(): Promise<void> {}
}
