import { expect, it } from 'vitest';
import { OpenPane } from '../../src/window/open-pane.js';

it('an open pane is sealed into its cells, and then is empty', () => {
  const pane = new OpenPane();
  pane.reserve(8);
  for (const key of [5, 2]) {
    pane.addCell(key);
    pane.counts[key] = key;
  }
  pane.add(8, 1, 4);
  const cells = Uint32Array.of(5, 5, 2, 2);
  expect(pane.seal(1000)).toEqual({ end: 1000, counted: 8, other: 1, rejected: 4, cells });
  expect([...pane.counts].every((count) => count === 0)).toBe(true);
  expect(pane.seal(2000)).toBeUndefined();
});

it('a pane holds more lines of a key than 32 bits can count', () => {
  const pane = new OpenPane();
  pane.reserve(1);
  pane.addCell(0);
  pane.counts[0] = 2 ** 33;
  pane.add(2 ** 33, 0, 0);
  expect(pane.seal(1000)?.cells).toEqual(Float64Array.of(0, 2 ** 33));
});
