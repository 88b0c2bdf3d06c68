/** The outlet on real descriptors: a process of its own for each, run from `dist`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('outlet-program.mjs', import.meta.url));
const hasTmux = existsSync('/usr/bin/tmux') || existsSync('/usr/local/bin/tmux');

let directory: string;
let report: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwin-outlet-'));
  report = join(directory, 'report');
});

afterEach(() => {
  for (const child of children.splice(0)) killGroup(child);
  rmSync(directory, { recursive: true });
});

/** A shell and all that it started. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** What the program said of itself, a line an event. */
function reported(): string[] {
  return existsSync(report) ? readFileSync(report, 'utf8').split('\n') : [];
}

/** Resolves when the report holds; looks whenever it was written. */
async function until(holds: (lines: string[]) => boolean): Promise<void> {
  const watcher = watch(directory);
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (holds(reported())) resolve();
      };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
}

function ticks(): number {
  return reported().filter((line) => line === 'tick').length;
}

function shell(command: string): ChildProcess {
  const child = spawn('sh', ['-c', command], {
    env: { ...process.env, NODE: process.execPath, PROGRAM, REPORT: report },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  children.push(child);
  return child;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

/** The program's id, once it runs. */
async function programId(): Promise<number> {
  await until((lines) => lines.includes('tick'));
  return Number(reported()[0].slice('pid '.length));
}

describe('standard output on a pipe', () => {
  test('whose reader stalls: the process goes on ticking and ends when told', async () => {
    const child = shell('"$NODE" "$PROGRAM" "$REPORT" flood | (exec sleep 60)');
    const id = await programId();
    await until((lines) => lines.includes('stalled'));
    const before = ticks();
    await until(() => ticks() > before + 20);
    process.kill(id, 'SIGTERM');
    await until((lines) => lines.includes('drained false'));
    await until((lines) => lines.includes('exit'));
    expect(child.exitCode).toBe(null);
  });

  test('whose reader stalls and comes back: all of it arrives, in whole lines', async () => {
    const copy = join(directory, 'copy');
    const go = join(directory, 'go');
    await run('mkfifo', [go]);
    const child = shell(
      `"$NODE" "$PROGRAM" "$REPORT" once | (read line <${go}; exec cat >${copy})`,
    );
    const end = ended(child);
    await until((lines) => lines.includes('waiting'));
    const gate = openSync(go, 'w');
    closeSync(gate);
    expect(await end).toBe(0);
    expect(reported()).toContain('drained true');
    const lines = readFileSync(copy, 'utf8').split('\n');
    expect(lines.length).toBe(20_001);
    expect(lines.slice(0, -1).every((line, index) => line === `${index}`.padEnd(99, '.'))).toBe(
      true,
    );
  });

  test('whose reader goes away: told as closed', async () => {
    const child = shell('"$NODE" "$PROGRAM" "$REPORT" flood | head -n 1');
    await ended(child);
    expect(reported()).toContain('closed');
    expect(reported()).not.toContain('failed');
  });

  test('that Node made, which is a socket', async () => {
    const child = spawn(process.execPath, [PROGRAM, report, 'once'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    children.push(child);
    await until((lines) => lines.includes('waiting'));
    let bytes = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    expect(await ended(child)).toBe(0);
    expect(bytes).toBe(2_000_000);
  });
});

test('a regular file is written where its shared offset stands', async () => {
  const file = join(directory, 'file');
  const child = shell(`(echo before; "$NODE" "$PROGRAM" "$REPORT" small; echo after) >${file}`);
  expect(await ended(child)).toBe(0);
  expect(reported()).toContain('same terminal false');
  expect(readFileSync(file, 'utf8')).toBe('before\nsmall\nafter\n');
});

test.skipIf(!existsSync('/dev/full'))(
  'a full device is told as failed, and does not hang',
  async () => {
    const child = shell('"$NODE" "$PROGRAM" "$REPORT" small >/dev/full');
    expect(await ended(child)).toBe(0);
    expect(reported()).toEqual(expect.arrayContaining(['failed ENOSPC', 'drained false']));
  },
);

describe.skipIf(!hasTmux)('standard output on a terminal', () => {
  // A socket of its own in the test's directory, so that no other server is touched.
  const tmux = (...args: string[]) =>
    run('tmux', ['-S', join(directory, 'tmux'), '-f', '/dev/null', ...args]);

  afterEach(() => tmux('kill-server').catch(() => {}));

  function start(mode: string): Promise<unknown> {
    const command = `'${process.execPath}' '${PROGRAM}' '${report}' ${mode}; exec cat`;
    return tmux('new-session', '-d', '-x', '60', '-y', '10', command);
  }

  /** Asks for the screen until it holds; each question is a process, so this does not spin. */
  async function screen(holds: (text: string) => boolean): Promise<string> {
    for (;;) {
      const { stdout } = await tmux('capture-pane', '-p');
      if (holds(stdout)) return stdout;
    }
  }

  test('stopped with Ctrl-S: the process goes on ticking and ends when told', async () => {
    await start('frames');
    const id = await programId();
    await screen((text) => text.includes('frame '));
    await tmux('send-keys', 'C-s');
    await until((lines) => lines.includes('stalled'));
    const before = ticks();
    await until(() => ticks() > before + 20);
    process.kill(id, 'SIGTERM');
    await until((lines) => lines.includes('drained false') && lines.includes('exit'));
  });

  test('stopped with Ctrl-S and let go: says how many frames were dropped', async () => {
    await start('frames');
    const id = await programId();
    await screen((text) => text.includes('frame '));
    await tmux('send-keys', 'C-s');
    await until((lines) => lines.includes('stalled'));
    await tmux('send-keys', 'C-q');
    await until((lines) => lines.some((line) => line.startsWith('dropped ')));
    process.kill(id, 'SIGTERM');
    await until((lines) => lines.includes('drained true') && lines.includes('exit'));
  });

  test('a frame is drawn anew after a resize, without waiting for the next', async () => {
    await start('still');
    await screen((text) => text.startsWith('frame 0 at 60\n'));
    await tmux('resize-window', '-x', '30', '-y', '8');
    await screen((text) => text.startsWith('frame 0 at 30\n'));
  });

  test('frames are drawn over each other below the log lines, also after a resize', async () => {
    await start('frames');
    const id = await programId();
    await screen((text) => /frame \d\d/.test(text));
    await tmux('resize-window', '-x', '30', '-y', '8');
    await until((lines) => lines.includes('size 30 8'));
    process.kill(id, 'SIGTERM');
    await until((lines) => lines.includes('exit'));
    expect(reported()).toContain('same terminal true');
    const lines = (await screen((text) => text.includes('bye'))).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('frame '))).toHaveLength(1);
    expect(lines.slice(-3)).toEqual([
      'bye',
      expect.stringMatching(/^frame \d+ at 30$/),
      'second line',
    ]);
  });
});
