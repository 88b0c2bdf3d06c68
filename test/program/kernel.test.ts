/** `--threads` and `LOGWIN_KERNEL`, by the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTraffic } from '../../src/traffic/traffic.js';
import { runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';

const directory = scratch();

/** Large enough for other threads to have their part in it, with lines of every kind. */
function largeLog(): string {
  const path = join(directory(), 'large.log');
  const traffic = createTraffic({ urls: 20_000, skew: 0.8, odd: 0.05, seed: 7 });
  const second = traffic.lines(20_000, Date.UTC(2026, 10, 22));
  writeFileSync(path, Buffer.concat(Array<Uint8Array>(12).fill(Buffer.from(second))));
  return path;
}

describe('the answer', () => {
  const path = largeLog();

  async function answer(args: readonly string[], env: Record<string, string> = {}) {
    const { code, stdout, stderr } = await runToEnd(['count', path, '-n', '0', ...args], { env });
    expect(code).toBe(0);
    const withoutTime = stdout.replace(/^[^\t]+\t/gm, '');
    const reasons = stderr.match(/"lines":.*(?=,"msg")/)?.[0];
    expect(reasons).toContain('"lines":240000');
    return { rows: withoutTime, reasons };
  }

  it('does not depend on the number of threads, nor on the kernel', async () => {
    const one = await answer(['--threads', '1']);
    expect(one.rows.split('\n').length).toBeGreaterThan(1000);
    for (const threads of ['2', '5']) expect(await answer(['--threads', threads])).toEqual(one);
    expect(await answer([], { LOGWIN_KERNEL: 'plain' })).toEqual(one);
  });

  it('does not depend on them where keys find no room', async () => {
    const bounds = ['--max-keys', '500', '--by', 'url,host'];
    const one = await answer([...bounds, '--threads', '1']);
    expect(one.rows).toMatch(/\(other\)/);
    expect(await answer([...bounds, '--threads', '3'])).toEqual(one);
    expect(await answer(bounds, { LOGWIN_KERNEL: 'plain' })).toEqual(one);
  });

  it('comes from standard input as well', async () => {
    const { code, stdout } = await runToEnd(['count', '-n', '1', '--threads', '3'], {
      input: readFileSync(path),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S+\t1\t\d+\t/);
  });
});

describe('LOGWIN_KERNEL', () => {
  it('of another name is refused', async () => {
    const { code, stderr } = await runToEnd(['count', 'x'], { env: { LOGWIN_KERNEL: 'fast' } });
    expect(code).toBe(2);
    expect(stderr).toContain('LOGWIN_KERNEL fast is not known; choose one of simd, plain');
  });
});

describe('bounds that ask for more memory than there is', () => {
  it('are met by the plain parser, and the log says so', async () => {
    const path = join(directory(), 'one.log');
    writeFileSync(path, createTraffic({ urls: 5, skew: 1, odd: 0, seed: 1 }).lines(10, 0));
    const { code, stdout, stderr } = await runToEnd(['count', path, '--max-keys', '67108864']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\t1\t\d+\t/);
    expect(stderr).toContain('The SIMD kernel cannot be used here');
  });

  it('are said in the log file, where there is one', async () => {
    const cwd = directory();
    writeFileSync(
      join(cwd, 'one.log'),
      createTraffic({ urls: 5, skew: 1, odd: 0, seed: 1 }).lines(9, 0),
    );
    const args = ['count', 'one.log', '--max-keys', '67108864', '--log-file', 'run.log'];
    const { code, stderr } = await runToEnd(args, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'run.log'), 'utf8')).toContain('The SIMD kernel cannot be used');
  });
});
