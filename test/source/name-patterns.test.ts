import { describe, expect, it } from 'vitest';
import type { NamePattern } from '../../src/core/config.js';
import { createNameFilter } from '../../src/source/spool/file-names.js';

function filter(include: readonly NamePattern[], ignore: readonly NamePattern[] = []) {
  return createNameFilter({ include, ignore, suffix: '.COMPLETED' });
}

describe('patterns of names', () => {
  it.each<[NamePattern[], string, boolean]>([
    [[/^a.*\.log$/u], 'a1.log', true],
    [[/^a.*\.log$/u], 'b.log', false],
    [[/^a.*\.log$/u], 'deep/a1.log', true],
    [[/^deep\/.*$/u], 'deep/a1.log', false],
    [['*.txt', /^a$/u], 'a', true],
    [['*.txt', /^a$/u], 'b.txt', true],
    [['*.txt', /^a$/u], 'b', false],
    [[/^.*$/u], '.hidden', false],
    [[/^.*$/u], 'a.COMPLETED', false],
  ])('%j and %s: %s', (include, path, expected) => {
    expect(filter(include).file(path)).toBe(expected);
  });

  it('to ignore are of files and directories, and win', () => {
    const { file, directory } = filter([/^.*$/u], [/^tmp.*$/u]);
    expect([file('tmp1'), file('x/tmp1'), file('x'), directory('tmp'), directory('x')]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});
