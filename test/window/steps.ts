import fc from 'fast-check';
import { REJECTIONS } from '../../src/core/answer.js';
import type { Line } from './checked-keys.js';

/** What happens, in order. Times are in tenths of a pane. */
export type Step =
  | { readonly kind: 'wait' | 'stall'; readonly tenths: number }
  | { readonly kind: 'parse'; readonly lines: readonly Line[] }
  | { readonly kind: 'add' }
  | { readonly kind: 'look' }
  | { readonly kind: 'record' }
  | { readonly kind: 'crash'; readonly tenths: number };

const line: fc.Arbitrary<Line> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g') }) },
  { weight: 1, arbitrary: fc.record({ rejection: fc.constantFrom(...REJECTIONS) }) },
);

const tenths = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(10, 20, 50));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), tenths }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stall'), tenths }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('parse'), lines: fc.array(line, { maxLength: 8 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look') }) },
);

export const steps = fc.array(step, { maxLength: 80 });

/** The same, in which the process dies now and then and is started again after a while. */
export const stepsWithCrashes = fc.array(
  fc.oneof(
    { weight: 14, arbitrary: step },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('record') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('crash'),
        tenths: fc.oneof(fc.constant(0), tenths),
      }),
    },
  ),
  { maxLength: 80, size: 'max' },
);
