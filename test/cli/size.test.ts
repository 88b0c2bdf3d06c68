import { describe, expect, it } from 'vitest';
import { parseSize } from '../../src/cli/size.js';

describe('parseSize', () => {
  it.each([
    ['500', 500],
    ['500B', 500],
    ['64KiB', 65_536],
    ['64kib', 65_536],
    ['1MiB', 1_048_576],
    ['1.5MiB', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['10kB', 10_000],
    ['3MB', 3_000_000],
    ['1GB', 1_000_000_000],
    ['0', 0],
  ])('reads %s as %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '1.5', '0.3KiB', '64K', '64 KiB', 'KiB', '1TiB', '1e3', '9999999GiB'])(
    'takes %j for no size',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );
});
