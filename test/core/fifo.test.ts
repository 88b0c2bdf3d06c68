import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from '../../src/core/fifo.js';

it('a queue gives what an array gives', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('push', 'shift', 'peek')), (operations) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      operations.forEach((operation, index) => {
        if (operation === 'push') {
          fifo.push(index);
          array.push(index);
        } else if (operation === 'shift') {
          expect(fifo.shift()).toBe(array.shift());
        } else {
          expect(fifo.peek()).toBe(array[0]);
        }
        expect(fifo.length).toBe(array.length);
      });
    }),
  );
});
