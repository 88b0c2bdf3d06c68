import fc from 'fast-check';

export interface Settings {
  readonly window: number | 'all';
  readonly slide: number;
  readonly pane: number;
  readonly maxCells?: number;
  readonly maxKeys?: number;
  /** What is added is recorded, so that the history may have crashes. */
  readonly isRecorded?: boolean;
}

/** Panes of 10 ms to 1 s, windows of up to 12 and slides of up to 6 of them. */
export const generated = fc
  .record({
    unit: fc.constantFrom(10, 50, 1000),
    window: fc.integer({ min: 1, max: 12 }),
    slide: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ unit, window, slide }) => ({ window: window * unit, slide: slide * unit, pane: unit }));

export const PAIRS: readonly (readonly [name: string, settings: Settings])[] = [
  ['a window of many slides', { window: 3000, slide: 10, pane: 10 }],
  ['a window of one slide', { window: 1000, slide: 1000, pane: 100 }],
  ['a window that is no multiple of its slide', { window: 500, slide: 200, pane: 100 }],
  ['a window shorter than its slide', { window: 200, slide: 500, pane: 100 }],
  ['a window that never forgets', { window: 'all', slide: 100, pane: 100 }],
];
