import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { javaPattern } from '../../src/cli/agent/java-pattern.js';
import { scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';

const PATTERNS = [
  '^.*$',
  '^$',
  '.*\\.log',
  '^.*\\.(log|txt)$',
  'a|b',
  'access_\\d{4}-\\d\\d',
  '[a-c]+',
  '[^a-c]+',
  '[]a]+',
  '[^]a]+',
  '[\\w.-]+',
  '[-a]+',
  '[a\\-z]+',
  '\\Qa.b\\E.*',
  '\\Qa.b',
  'a{2}',
  'a{2,}',
  'a{1,2}?b?',
  '(?:ab)+',
  '(?<x>a)\\k<x>',
  '(a)\\1',
  '(?!a).*',
  '(?=a).*',
  '.*(?<=g)',
  '.*(?<!g)',
  '\\Aa.*\\z',
  '\\S+\\s\\S+',
  '\\D+',
  '\\W+',
  '\\bfoo\\b.*',
  '[\\d\\s]+',
  'a\\-b',
  'a\\_b',
  '\\x61+',
  '\\u0061+',
  'a]',
  'a}',
  '\\.\\*\\+',
  '.',
  '..',
  '[^\\n]*',
  '\\h*a',
  'é+',
];
const NAMES = [
  '',
  'a',
  'b',
  'c',
  'aa',
  'aab',
  'ab',
  'abab',
  'a.b',
  'a.b.log',
  'access.log',
  'access_2026-11',
  'x.txt',
  'a-b',
  'a_b',
  'a]',
  'a}',
  ']',
  '-',
  'z',
  'foo bar',
  'foo',
  'foo1',
  '1 2',
  '.*+',
  'a\nb',
  'é',
  'éé',
  '😀',
  'a\u00a0b',
  '\ta',
  'log',
  'A',
];

function matches(pattern: string, name: string): boolean {
  const found = javaPattern(pattern);
  if ('unsupported' in found) throw new Error(`${pattern} has ${found.unsupported}`);
  return found.expression.test(name);
}

describe('a pattern of Java', () => {
  it.each([
    ['.*\\.log', 'access.log', true],
    ['.*\\.log', 'access.log.gz', false],
    ['log', 'access.log', false],
    ['a|b', 'ab', false],
    ['\\Qa.b\\E', 'axb', false],
    ['[\\d-]+', '12-3', true],
    ['\\d', '٣', false],
    ['.', '😀', true],
    ['.', '\u0085', false],
  ])('%s and the name %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it.each([
    ['a*+', 'the possessive quantifier *+'],
    ['a{2}+b', 'the possessive quantifier {2}+'],
    ['(?>a)', 'the atomic group (?>'],
    ['(?i).*\\.LOG', 'the flags (?i)'],
    ['(?i:a)', 'the flags (?i:'],
    ['\\p{Alpha}+', '\\p{Alpha}'],
    ['\\P{L}', '\\P{L}'],
    ['\\R', '\\R'],
    ['\\G', '\\G'],
    ['[a-z&&[^b]]', 'the intersection of classes &&'],
    ['[a[b]]', 'a class within a class'],
    ['[\\S]', '\\S within a class'],
    ['[a', 'a class without its ]'],
    ['(a', 'what is no regular expression'],
    ['a\\', 'a backslash at the end'],
    ['*.log', 'what is no regular expression'],
  ])('%s is not supported, and it is said why', (pattern, unsupported) => {
    expect(javaPattern(pattern)).toEqual({ unsupported });
  });
});

const PROGRAM = `
import java.nio.file.*; import java.util.*; import java.util.regex.*;
public class Match {
  public static void main(String[] args) throws Exception {
    String[] all = Files.readString(Path.of(args[0])).split("\\0", -1);
    int patterns = Integer.parseInt(args[1]);
    for (int p = 0; p < patterns; p++) {
      StringBuilder line = new StringBuilder();
      for (int n = patterns; n < all.length; n++)
        line.append(Pattern.compile(all[p]).matcher(all[n]).matches() ? '1' : '0');
      System.out.println(line);
    }
  }
}`;

describe.skipIf(lacks('java'))('beside the real java.util.regex (needs java)', () => {
  const makeDirectory = scratch();

  it('matches the same names', () => {
    const directory = makeDirectory();
    const list = join(directory, 'list');
    writeFileSync(list, [...PATTERNS, ...NAMES].join('\0'));
    const program = join(directory, 'Match.java');
    writeFileSync(program, PROGRAM);
    const args = ['-XX:TieredStopAtLevel=1', program, list, String(PATTERNS.length)];
    const printed = execFileSync('java', args).toString().trim().split('\n');
    const found = PATTERNS.map((pattern) =>
      NAMES.map((name) => (matches(pattern, name) ? '1' : '0')).join(''),
    );
    const table = (rows: readonly string[]) =>
      PATTERNS.map((pattern, at) => `${pattern} ${rows[at]}`);
    expect(table(found)).toEqual(table(printed));
  });
});
