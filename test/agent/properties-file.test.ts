import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../src/cli/agent/findings.js';
import { parseProperties } from '../../src/cli/agent/properties-file.js';
import { Random } from '../../src/traffic/random.js';
import { scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';

function parse(text: string): [key: string, value: string, line: number][] {
  const entries = parseProperties(Buffer.from(text, 'latin1'), 'x.conf', new Findings());
  return entries.map(({ key, value, place }) => [key, value, place.line]);
}

describe('a properties file', () => {
  it.each<[string, string, ReturnType<typeof parse>]>([
    [
      'what separates',
      'a=1\nb:2\nc 3\nd\t=\f4',
      [
        ['a', '1', 1],
        ['b', '2', 2],
        ['c', '3', 3],
        ['d', '4', 4],
      ],
    ],
    [
      'only the first of them',
      'a==1\nb=:2\nc = = 3',
      [
        ['a', '=1', 1],
        ['b', ':2', 2],
        ['c', '= 3', 3],
      ],
    ],
    [
      'keys without a value',
      'a\nb=\n=c',
      [
        ['a', '', 1],
        ['b', '', 2],
        ['', 'c', 3],
      ],
    ],
    ['blanks before, and after', '  a = 1 \t', [['a', '1 \t', 1]]],
    ['comments', '# a=1\n  ! b=2\nc=3 # no comment', [['c', '3 # no comment', 3]]],
    [
      'a line that goes on',
      'a = 1,\\\n   2\nb=3',
      [
        ['a', '1,2', 1],
        ['b', '3', 3],
      ],
    ],
    ['a comment does not go on', '# a \\\nb=1', [['b', '1', 2]]],
    ['a comment is none where a line goes on', 'a=1\\\n#b', [['a', '1#b', 1]]],
    [
      'two backslashes are one, and go nowhere',
      'a=1\\\\\nb=2',
      [
        ['a', '1\\', 1],
        ['b', '2', 2],
      ],
    ],
    ['a backslash alone is nothing', '\\\n# a\nb=1\n\\', [['b', '1', 3]]],
    [
      'every line end',
      'a=1\rb=2\r\nc=3\n\r\nd=4',
      [
        ['a', '1', 1],
        ['b', '2', 2],
        ['c', '3', 3],
        ['d', '4', 5],
      ],
    ],
    ['escapes', 'a\\=\\:\\ b=\\t\\n\\r\\f\\.\\u00e4\\u263A', [['a=: b', '\t\n\r\f.ä☺', 1]]],
    ['other characters', 'a=\xe4', [['a', 'ä', 1]]],
    [
      'a repeated key, twice',
      'a=1\na=2',
      [
        ['a', '1', 1],
        ['a', '2', 2],
      ],
    ],
  ])("is read by Java's rules: %s", (_, text, entries) => {
    expect(parse(text)).toEqual(entries);
  });

  it.each(['a=\\u12', 'a=\\uxyzw', '\\u=1', 'b=1\\\n2\\u00'])(
    'is at fault where \\u has no four digits: %j',
    (text) => {
      const findings = new Findings();
      parseProperties(Buffer.from(`ok=1\n${text}`), 'x.conf', findings);
      expect(findings.faults).toEqual([expect.stringMatching(/^x\.conf:2: .*\\u.*; write four/)]);
    },
  );

  it('may begin with a byte order mark, which is said', () => {
    const findings = new Findings();
    const bytes = Buffer.from('\ufeffa=1');
    expect(parseProperties(bytes, 'x.conf', findings)).toMatchObject([{ key: 'a', value: '1' }]);
    expect(findings.notes).toHaveLength(1);
  });
});

const FILES = 200;

/** Prints what `java.util.Properties` finds in each file, as hexadecimal UTF-16. */
const PROGRAM = `
import java.io.*; import java.nio.file.*; import java.util.*;
public class Load {
  static String hex(String s) {
    StringBuilder b = new StringBuilder("x");
    for (char c : s.toCharArray()) b.append(String.format("%04x", (int) c));
    return b.toString();
  }
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      Properties p = new Properties();
      StringBuilder line = new StringBuilder();
      try (InputStream in = Files.newInputStream(Path.of(args[0], "" + i))) {
        p.load(in);
        for (String k : new TreeSet<>(p.stringPropertyNames()))
          if (!k.isEmpty()) line.append(hex(k)).append("=").append(hex(p.getProperty(k))).append(" ");
      } catch (IllegalArgumentException e) { line.append("malformed"); }
      System.out.println(line.toString().trim());
    }
  }
}`;

describe.skipIf(lacks('java'))('beside the real java.util.Properties (needs java)', () => {
  const makeDirectory = scratch();

  it(`finds the same in ${FILES} files`, () => {
    const seed = Date.now() % 1_000_000;
    const directory = makeDirectory();
    const files = join(directory, 'files');
    mkdirSync(files);
    const texts = makeTexts(seed);
    texts.forEach((text, index) => {
      writeFileSync(join(files, String(index)), text, 'latin1');
    });
    const program = join(directory, 'Load.java');
    writeFileSync(program, PROGRAM);
    const printed = execFileSync('java', [
      '-Xshare:auto',
      '-XX:TieredStopAtLevel=1',
      program,
      files,
      String(FILES),
    ]);
    const lines = printed.toString().split('\n').slice(0, FILES);
    const found = texts.map(shown);
    expect({ seed, found }).toEqual({ seed, found: lines });
  });
});

/** Of what means something in a properties file, mostly. */
function makeTexts(seed: number): string[] {
  const random = new Random(seed);
  const pieces = [
    'a',
    'b',
    '.',
    ' ',
    '\t',
    '\f',
    '=',
    ':',
    '#',
    '!',
    '\\',
    '\\',
    '\n',
    '\n',
    '\r',
    '\\\n',
    '\\u0041',
    '\\u12',
    '\xe4',
    '1',
    '\\t',
  ];
  return Array.from({ length: FILES }, () =>
    Array.from({ length: 1 + random.below(30) }, () => random.pick(pieces)).join(''),
  );
}

/** As the program prints it. */
function shown(text: string): string {
  const findings = new Findings();
  const entries = parseProperties(Buffer.from(text, 'latin1'), 'x', findings);
  if (findings.faults.length > 0) return 'malformed';
  const last = new Map(entries.map(({ key, value }) => [key, value]));
  const hex = (part: string): string =>
    `x${Array.from({ length: part.length }, (_, at) => part.charCodeAt(at).toString(16).padStart(4, '0')).join('')}`;
  // A key without a name is of no use, and where a backslash ends the file Java makes one.
  return [...last.keys()]
    .filter((key) => key !== '')
    .sort()
    .map((key) => `${hex(key)}=${hex(last.get(key) ?? '')}`)
    .join(' ');
}
