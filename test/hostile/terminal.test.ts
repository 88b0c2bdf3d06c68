/**
 * The hostile files on a terminal: which bytes reach it (recorded by `script`), and what they make of
 * its screen (of tmux).
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requests } from '../support/requests.js';
import { scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';
import { Terminal } from '../support/tmux.js';
import { FOLDER, GROUPS, type Group, type Hostile, together } from './corpus.js';
import { READERS } from './read-formats.js';
import { readTable } from './read-table.js';
import { bidirectionalIn, unsafeIn } from './unsafe.js';

const FORMATS = [...Object.keys(READERS), 'table'];
/** A terminal's own line ends have a carriage return before them. */
const SEPARATORS: Readonly<Record<string, RegExp>> = { tsv: /\t|\r\n/g, csv: /\r?\r\n/g };

/** What the program itself says to a terminal: styles, line wrap, and to begin the frame anew. */
const OWN = new RegExp(
  ['\x1b\\[(?:1|22|39|90|3[1-6])m', '\x1b\\[\\?7[lh]', '\r\x1b\\[\\d+A\x1b\\[J'].join('|'),
  'g',
);

/** Formats know nothing of other options. */
const TERMINAL_GROUPS = GROUPS.filter(({ title }) => ['no options', '--by agent'].includes(title));

const directory = scratch();

/** What a terminal was told: `script` adds a line before and after it. */
function toldIn(record: string): string {
  return record.replace(/^Script started [^\n]*\n/, '').replace(/\nScript done [^\n]*\n$/, '');
}

/** Expects that the terminal was told nothing but text, line ends, and what the program itself says. */
function expectHarmless(record: string, separators = /\r\n/g): void {
  const bytes = readFileSync(record, 'latin1');
  const told = Buffer.from(toldIn(bytes).replace(OWN, ''), 'latin1');
  expect(told.length).toBeGreaterThan(100);
  expect(unsafeIn(told, separators)).toEqual([]);
  expect(bidirectionalIn(told.toString())).toEqual([]);
}

describe
  .skipIf(lacks('script', 'bash', 'stty'))
  .concurrent('the bytes that a terminal is told (needs script)', () => {
    it.each(TERMINAL_GROUPS)('by count for $title', async ({ args, files }) => {
      const records = directory();
      const names = files.map(({ name }) => name).join(' ');
      const commands = FORMATS.map((format) => {
        const count = `stty cols 120 rows 40; logwin count ${args.join(' ')} -n 0 -o ${format} ${names}`;
        return `script -qc '${count}' ${join(records, format)}`;
      });
      await shell(`{ ${commands.join('; ')}; } > ${join(records, 'all')}`, { cwd: FOLDER });
      for (const format of FORMATS) expectHarmless(join(records, format), SEPARATORS[format]);
    });

    it('by watch, table and log together', async () => {
      const cwd = place(GROUPS.flatMap(({ files }) => files));
      const watch = 'logwin watch spool -n 0 --ticks 4 --slide 0.3 --settle 0.2 --log-level trace';
      await shell(`script -qc 'stty cols 80 rows 30; ${watch}' record > all`, { cwd });
      expectHarmless(join(cwd, 'record'));
      expect(readFileSync(join(cwd, 'record'), 'utf8')).toMatch(/WARN.*A line is rejected/);
    });
  });

/** A directory with a spool directory that holds these files. */
function place(files: readonly Hostile[]): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  for (const { path } of files) copyFileSync(path, join(cwd, 'spool', basename(path)));
  return cwd;
}

describe.skipIf(lacks('tmux', 'bash')).concurrent('the screen of a terminal (needs tmux)', () => {
  const [largest] = [...GROUPS].sort((one, other) => other.files.length - one.files.length);

  it('has a line for each row, and each in its place', async () => {
    const { files }: Group = largest;
    const cwd = place(files);
    const command = "bash -c 'logwin count spool/* -n 0 --log-file log; echo after'";
    const terminal = new Terminal(cwd, command, { columns: 120, rows: 40 });
    await terminal.until((screen) => screen.endsWith('after'));
    const table = readTable(
      terminal
        .history()
        .join('\n')
        .replace(/after$/, ''),
    );
    expect(table.rows.map(({ rank }) => rank)).toEqual(
      [...together(files).rows.keys()].map((_, index) => String(index + 1)),
    );
  });

  const others = requests('(other)', '(other)', '/a', '/b', '/c', '/d');
  const otherRows = async (columns: number) => {
    const cwd = directory();
    writeFileSync(join(cwd, 'log'), others);
    const command = 'logwin count log --max-keys 2';
    const terminal = new Terminal(cwd, command, { columns, rows: 20 });
    const screen = await terminal.until((text) => text.includes('/a'));
    expect(screen.join(' ')).toContain('3 other');
    return screen.filter((line) => line.endsWith('(other)')).map((line) => line.trim());
  };

  it.each([
    [30, ['1      2  33.3%  (other)', '3  50.0%  (other)']],
    [20, ['1      2  (other)', '3  (other)']],
    // No room for ranks: then it is the request alone.
    [16, ['2  (other)']],
  ])(
    'of %i columns tells a request for (other) from what is over the bounds',
    async (columns, rows) => {
      expect(await otherRows(columns)).toEqual(rows);
    },
  );
});
