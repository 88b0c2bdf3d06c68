/** What docs/flume.md says of options, held against the program's help. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/program.js';
import { ROOT } from '../support/surroundings.js';

const text = readFileSync(join(ROOT, 'docs/flume.md'), 'utf8');

/** An option that stands for one of theirs, and its default as the document has it. */
const rows = [...text.matchAll(/^\|.*\| [^|]*`(--[\w-]+)`[^|]* \| (?:`(.+)` )?\|$/gm)];

/** Of an option of `watch`, as its help has it; undefined where there is no such option. */
function defaultOf(option: string): string | undefined {
  const invocation = parseArguments(['watch', '--help'], 1000);
  const help = invocation.command === 'help' ? invocation.text : '';
  const line = help.split('\n').find((line) => line.includes(`${option} `));
  return line && (/\(default: (.*)\)$/.exec(line)?.[1] ?? '');
}

describe('the options that stand for those of Flume and Spark', () => {
  it('are all found in the table', () => {
    expect(rows).toHaveLength(12);
  });

  it.each(rows.map(([, option, standard = '']) => [option, standard]))(
    '%s has the default %s',
    (option, standard) => {
      expect(defaultOf(option)).toBe(standard);
    },
  );
});
