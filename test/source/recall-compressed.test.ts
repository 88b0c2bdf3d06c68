/** Compressed files over a restart: what was read of them is known by what came out of them. */
import { truncateSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';

let run: SpoolRun;
afterEach(() => run.end());

async function begin(...args: ConstructorParameters<typeof SpoolRun>): Promise<void> {
  run = new SpoolRun(...args);
  await run.start();
}

/** The first batch that comes is let in, and no other. */
function admitOne(): void {
  const put = run.put.bind(run);
  run.put = async (batch) => {
    run.put = put;
    await put(batch);
    run.hold();
  };
}

/** Waits for so many lines; they are recorded, and that is the last that the run does. */
async function killAt(lines: number): Promise<void> {
  run.memory.recording = 'never';
  await run.until(() => run.lines.length === lines);
  run.memory.record();
  await run.kill();
}

describe('a compressed file', () => {
  const lines = Array.from({ length: 50_000 }, (_, n) => `line ${(n * 7919) % 99_991}`);
  const tooLong = gzipSync(`${'long'.repeat(100_000)}\n`);
  const packed = gzipSync(`${lines.join('\n')}\n`);

  async function leaveHalfRead(bytes: Uint8Array): Promise<number> {
    await begin();
    admitOne();
    run.write('a.gz', bytes);
    await run.until(() => run.waiting > 0);
    const { length } = run.lines;
    await run.kill();
    expect(run.lines).toHaveLength(length);
    return length;
  }

  it('is read on where it was left', async () => {
    const half = await leaveHalfRead(packed);
    expect(half).toBeGreaterThan(1000);
    expect(half).toBeLessThan(lines.length);
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines.join()).toBe(lines.join());
    expect(run.said('')).toBe(1);
  });

  it('that has other bytes before the position is a new drop', async () => {
    const half = await leaveHalfRead(packed);
    run.write('a.gz', gzipSync('other\n'));
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines.slice(half)).toEqual(['other']);
    expect(run.said('written anew')).toBe(1);
  });

  it('that has other bytes before the position, which its beginning does not show', async () => {
    const first = gzipSync(lines.slice(0, 10_000).join('\n'));
    await begin();
    run.write('a.gz', Buffer.concat([first, gzipSync('\none\n')]));
    await killAt(10_001);
    run.write('a.gz', Buffer.concat([first, gzipSync('\ntwo\n')]));
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines).toHaveLength(20_002);
    expect(run.lines.at(-1)).toBe('two');
  });

  it('that ends before the position is a new drop', async () => {
    const first = gzipSync(`${lines.slice(0, 10_000).join('\n')}\n`);
    await begin();
    run.write('a.gz', Buffer.concat([first, gzipSync('one\n')]));
    await killAt(10_001);
    run.write('a.gz', first);
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines).toHaveLength(20_001);
  });

  it('may have a line that is too long, of which nobody kept the bytes', async () => {
    const first = gzipSync(`${lines.slice(0, 10_000).join('\n')}\n`);
    await begin({}, 50);
    run.write('a.gz', Buffer.concat([first, tooLong]));
    await killAt(10_001);
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines).toHaveLength(10_001);
    expect(run.said('')).toBe(1);
  });

  it('that ends before a line that was too long is a new drop', async () => {
    const first = gzipSync(`${lines.slice(0, 10_000).join('\n')}\n`);
    await begin({}, 50);
    run.write('a.gz', Buffer.concat([first, tooLong]));
    await killAt(10_001);
    run.write('a.gz', first);
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines).toHaveLength(20_001);
  });

  it('that is held against what was read when the run ends is not taken for another', async () => {
    const many = Array.from({ length: 10 }, () => packed);
    await begin();
    run.write('a.gz', Buffer.concat(many));
    await killAt(10 * lines.length);
    for (let turns = 0; turns < 40; turns += 1) {
      run.use({ settle: 0 });
      await run.start();
      for (let turn = 0; turn < 4 * turns; turn += 1) await nextTurn();
      await run.kill();
    }
    await run.start();
    await run.untilNamed('a.gz.COMPLETED');
    expect(run.lines).toHaveLength(10 * lines.length);
    expect(run.said('')).toBe(1);
  });

  it('that breaks off before the position is bad', async () => {
    const half = await leaveHalfRead(packed);
    truncateSync(run.path('a.gz'), 5000);
    await run.start();
    await run.untilNamed('a.gz.FAILED');
    expect(run.lines).toHaveLength(half);
    expect(run.said('set aside')).toBe(1);
  });
});
