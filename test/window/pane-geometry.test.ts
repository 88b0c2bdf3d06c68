import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogwinError } from '../../src/core/errors.js';
import { paneGeometry } from '../../src/window/pane-geometry.js';

function refusal(window: number | 'all', slide: number): string | undefined {
  try {
    paneGeometry(window, slide);
    return undefined;
  } catch (error) {
    if (!(error instanceof LogwinError) || error.code !== 'usage') throw error;
    return error.message;
  }
}

/** The values that a message suggests for an option, in milliseconds. */
function suggested(message: string, option: string): number | undefined {
  const match = new RegExp(`--${option} (\\d+)(ms|s)\\b`).exec(message);
  return match === null ? undefined : Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

function isAccepted(window: number, slide: number): boolean {
  return refusal(window, slide) === undefined;
}

describe('pane geometry', () => {
  it.each([
    [300_000, 1000, 1000, 300],
    [3_600_000, 1_800_000, 1_800_000, 2],
    [500, 200, 100, 5],
    [200, 500, 100, 2],
    [10, 10, 10, 1],
    [1_000_000, 10, 10, 100_000],
  ])('a window of %i ms that slides by %i ms has panes of %i ms, %i of them', (...row) => {
    const [window, slide, pane, panes] = row;
    expect(paneGeometry(window, slide)).toEqual({ pane, panes });
  });

  it('has one pane without an end where the window never forgets', () => {
    expect(paneGeometry('all', 1000)).toEqual({ pane: Number.POSITIVE_INFINITY, panes: 1 });
  });

  it.each([
    [300_000, 9, 'try --slide 10ms'],
    [300_001, 1000, 'try --slide 1001ms or --window 5m'],
    [300_000, 1001, 'try --slide 1s or --window 300001ms'],
    [1_000_010, 10, 'try --slide 11ms or --window 1000s'],
    [5, 5, 'try --window 10ms --slide 10ms'],
    ['all', 5, 'try --slide 10ms'],
    ['all', 0, 'try --slide 10ms'],
    [1000, 0.5, 'try --slide 10ms'],
  ] as const)('refuses a window of %s ms that slides by %s ms', (window, slide, remedy) => {
    expect(refusal(window, slide)).toMatch(new RegExp(`; ${remedy}$`));
  });

  it('says what is wrong', () => {
    expect(refusal(1_000_010, 10)).toContain('100001 panes of 10ms');
    expect(refusal(1000, 25.5)).toContain('whole milliseconds');
  });

  it('suggests only what it accepts, and nothing where nothing is wrong', () => {
    const duration = fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 1, max: 100_000 }).map((seconds) => seconds * 1000),
    );
    const property = fc.property(duration, duration, (window, slide) => {
      const message = refusal(window, slide);
      if (message === undefined) return;
      const newWindow = suggested(message, 'window');
      const newSlide = suggested(message, 'slide');
      expect(newWindow ?? newSlide).toBeDefined();
      const isEither =
        message.includes(' or ') || newWindow === undefined || newSlide === undefined;
      if (!isEither) expect(isAccepted(newWindow ?? 0, newSlide ?? 0)).toBe(true);
      if (isEither && newWindow !== undefined) expect(isAccepted(newWindow, slide)).toBe(true);
      if (isEither && newSlide !== undefined) expect(isAccepted(window, newSlide)).toBe(true);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('suggests the nearest', () => {
    const small = fc.integer({ min: 1, max: 300 });
    const property = fc.property(small, small, (window, slide) => {
      const message = refusal(window, slide) ?? '';
      const isBoth = !message.includes(' or ') && /--window.*--slide/.test(message);
      const newSlide = suggested(message, 'slide');
      const newWindow = suggested(message, 'window');
      if (newSlide === undefined || isBoth) return;
      const distance = Math.abs(newSlide - slide);
      for (let nearer = slide - distance + 1; nearer < slide + distance; nearer++) {
        if (nearer > 0) expect(isAccepted(window, nearer)).toBe(false);
      }
      expect(newWindow === undefined).toBe(slide < 10);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
