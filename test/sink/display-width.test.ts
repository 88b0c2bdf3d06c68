import { describe, expect, test } from 'vitest';
import { clip, displayWidth } from '../../src/sink/display-width.js';

describe('displayWidth', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['ｶﾅ', 2],
    ['Ａ', 2],
    ['😀', 2],
    ['한글', 4],
    ['❤️', 2],
    ['👨‍👩‍👧', 6],
  ])('%s takes %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('clip', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本', 4, '日本'],
    ['日本', 3, '日…'],
    ['日本', 2, '…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['a日', 2, 'a…'],
    ['e\u0301e\u0301', 1, '…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['😀😀', 3, '😀…'],
    ['abc', 1, '…'],
  ])('%s in %d columns', (text, columns, clipped) => {
    expect(clip(text, columns)).toBe(clipped);
  });
});
