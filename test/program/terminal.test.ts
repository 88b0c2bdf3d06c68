/** The table on a real terminal (of tmux): drawn in place, at every size, stopped, and left behind. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distinctRequests, requests } from '../support/requests.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';
import { type Size, Terminal } from '../support/tmux.js';

const SMALL = { columns: 60, rows: 20 };
const WATCH = 'logwin watch ./spool --slide 0.2 --settle 0.2';

const directory = scratch();
interface Place {
  readonly terminal: Terminal;
  readonly spool: string;
}

function begin(command: string, size: Size = SMALL): Place {
  const cwd = directory();
  const spool = join(cwd, 'spool');
  mkdirSync(spool);
  writeFileSync(join(spool, 'first.log'), requests('/first', '/first', '/first', '/second'));
  const terminal = new Terminal(cwd, command, size);
  return { terminal, spool };
}

const HEAD = /^rank +count/;

/** How many lines are the head of a table. */
function tables(lines: readonly string[]): number {
  return lines.filter((line) => HEAD.test(line)).length;
}

/** Which line is the head of a table. */
function tableAt(lines: readonly string[]): number {
  return lines.findIndex((line) => HEAD.test(line));
}

function hasRow(screen: string, count: number, key: string): boolean {
  return new RegExp(`^ +\\d+ +${count} +[\\d.]+% +${key}$`, 'm').test(screen);
}

describe.skipIf(lacks('tmux', 'bash')).concurrent('a table on a terminal (needs tmux)', () => {
  it('is drawn in place, the log above it, and nothing is left of the one before', async () => {
    const { terminal, spool } = begin(WATCH);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    writeFileSync(join(spool, 'later.log'), requests('/second', '/second', '/second'));
    await terminal.until((screen) => hasRow(screen, 4, '/second'));
    // Drawn many times meanwhile, with log lines coming in between.
    const finished = /later\.log.*\.COMPLETED/;
    const screen = await terminal.until((text) => finished.test(text.replaceAll('\n', '')));
    expect(tables(terminal.history())).toBe(1);
    expect(tables(screen)).toBe(1);
    const heading = screen.findIndex((line) => line.startsWith('last 5m to '));
    expect(screen.slice(heading).join('\n')).toMatch(
      /^last 5m to [\d:.]+ · 7 requests · 2 distinct\n\d+ lines\/s\nrank.*\n─.*\n +1 +4 +57\.1% +\/second\n +2 +3 +42\.9% +\/first$/,
    );
    expect(screen.slice(0, heading).join('')).toMatch(/INFO.*INFO.*later\.log/);
    expect(terminal.history().join('\n')).not.toContain('\x1b');
  });

  it('fits the screen, and says how many rows do not', async () => {
    const { terminal, spool } = begin(`${WATCH} -n 100 --log-level warn`);
    const long = `/${'long/'.repeat(40)}`;
    writeFileSync(join(spool, 'many.log'), requests(long, long, long, long) + distinctRequests(50));
    const screen = await terminal.until((text) => text.includes('58 requests'));
    expect(screen[0]).toMatch(/^last 5m to /);
    expect(tables(screen)).toBe(1);
    const rows = screen.filter((line) => /%/.test(line));
    const more = /… (\d+) more rows$/.exec(screen.at(-1) ?? '')?.[1];
    expect(rows.length + Number(more)).toBe(53);
    expect(screen.length).toBeLessThanOrEqual(SMALL.rows);
    expect(rows[0]).toMatch(/^ +1 +4 +6\.9% +\/long\/.*…/);
  });

  it('follows a change of size', async () => {
    const { terminal } = begin(`${WATCH} --log-level warn`);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    for (const [size, heading] of [
      [{ columns: 100, rows: 30 }, 2],
      [{ columns: 30, rows: 10 }, 3],
      [SMALL, 2],
    ] as const) {
      terminal.resize(size);
      const screen = await terminal.until((text) => tableAt(text.split('\n')) === heading);
      expect(screen[0]).toMatch(/^last 5m to /);
      // The heading, the names and their rule, two rows: nothing is left of another size.
      expect(screen).toHaveLength(heading + 4);
      expect(screen.at(-1)).toMatch(/ \/second$/);
    }
  });

  it('stays on the screen after Ctrl-C, with the cursor, and the code is 0', async () => {
    const { terminal } = begin(WATCH);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    terminal.type('C-c');
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.until((text) => text.includes('The run has ended'));
    expect(tables(screen)).toBe(1);
    expect(screen.some((line) => hasRow(line, 3, '/first'))).toBe(true);
    expect(terminal.isCursorVisible).toBe(true);
  });

  it('stopped with Ctrl-S: counting goes on, and SIGTERM ends it with 0', async () => {
    const { terminal, spool } = begin(WATCH);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    terminal.type('C-s');
    writeFileSync(join(spool, 'a.log'), requests('/a'));
    await eventually(() => namesIn(spool).includes('a.log.COMPLETED'));
    writeFileSync(join(spool, 'b.log'), requests('/b'));
    await eventually(() => namesIn(spool).includes('b.log.COMPLETED'));
    expect(terminal.screen().join('\n')).not.toContain('/b');
    process.kill(await terminal.pid(), 'SIGTERM');
    expect(await terminal.exitCode()).toBe(0);
  });

  it('stopped with Ctrl-S and let go: the newest table is shown', async () => {
    const { terminal, spool } = begin(`${WATCH} --log-level warn`);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    terminal.type('C-s');
    writeFileSync(join(spool, 'a.log'), distinctRequests(1, 'a').repeat(9));
    await eventually(() => namesIn(spool).includes('a.log.COMPLETED'));
    terminal.type('C-q');
    const screen = await terminal.until((text) => hasRow(text, 9, '/a0'));
    expect(tables(screen)).toBe(1);
  });

  it('has colours, and with NO_COLOR none', async () => {
    const quiet = `${WATCH} --log-level warn`;
    const coloured = begin(quiet).terminal;
    const plain = begin(`env NO_COLOR=1 ${quiet}`).terminal;
    await coloured.until((screen) => hasRow(screen, 3, '/first'));
    const [bold, faint] = ['\x1b[1m', '\x1b[90m'];
    expect(coloured.colouredScreen()).toContain(bold);
    expect(coloured.colouredScreen()).toContain(faint);
    await plain.until((screen) => hasRow(screen, 3, '/first'));
    expect(plain.colouredScreen()).not.toContain('\x1b');
  });

  it('ends when the terminal goes away', async () => {
    const { terminal } = begin(`${WATCH} --log-file log`);
    await terminal.until((screen) => hasRow(screen, 3, '/first'));
    const pid = await terminal.pid();
    terminal.end();
    await eventually(() => !isAlive(pid));
  });
});

describe.skipIf(lacks('tmux', 'bash')).concurrent('other output on a terminal (needs tmux)', () => {
  it('-o tsv stays line by line, beside the log', async () => {
    const { terminal } = begin(`${WATCH} -o tsv --ticks 4`, { columns: 120, rows: 30 });
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.until((text) => text.includes('The run has ended'));
    const rows = screen.filter((line) => /^\d{4}-\S+Z +\d+ +\d+ +\/(first|second)$/.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(6);
  });

  it('`count` prints one table and leaves what was there', async () => {
    const { terminal } = begin('bash -c "echo before; logwin count spool/first.log; echo after"');
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.until((text) => text.includes('after'));
    expect(screen[0]).toBe('before');
    expect(tables(screen)).toBe(1);
    expect(screen.at(-1)).toBe('after');
  });

  it('what a stranger wrote stays text', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'evil.log'), requests('/\x1b[2J\x1b]0;title\x07\x9b31m\u202eevil'));
    const terminal = new Terminal(cwd, 'logwin count evil.log', { columns: 120, rows: 20 });
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.until((text) => text.includes('evil'));
    const key = '/\\x1b[2J\\x1b]0;title\\x07\\xc2\\x9b31m\\xe2\\x80\\xaeevil';
    expect(screen.at(-1)).toContain(key);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
