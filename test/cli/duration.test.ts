import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/cli/duration.js';
import { formatDuration } from '../../src/core/duration.js';

describe('parseDuration', () => {
  it.each([
    ['300', 300_000],
    ['0.5', 500],
    ['300s', 300_000],
    ['200ms', 200],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0', 0],
    ['1.1', 1100],
    ['0.001', 1],
    ['1.5h', 5_400_000],
  ])('reads %s as %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    ' 1',
    '-1',
    '+1',
    '.5',
    '5.',
    '1e3',
    '1d',
    '1 s',
    '5M',
    'all',
    '0x10',
    '0.0001',
    '0.5ms',
    '99999999999999999',
  ])('takes %j for no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [500, '500ms'],
    [1500, '1500ms'],
    [1000, '1s'],
    [90_000, '90s'],
    [300_000, '5m'],
    [3_600_000, '1h'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as the same', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
