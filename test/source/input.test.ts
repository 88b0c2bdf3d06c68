/** What `logwin count` reads: files, FIFOs, compressed or not, and what cannot be read. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/core/batch.js';
import { createCutting } from '../../src/source/lines/cutting.js';
import { fileInput } from '../../src/source/stream/input.js';
import { StreamSource } from '../../src/source/stream/stream-source.js';
import { RecordedLog } from '../support/recorded-log.js';

let base: string;
let log: RecordedLog;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'logwin-test-'));
  log = new RecordedLog();
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function source(path: string): StreamSource {
  const limits = { maxLine: 100, channelLines: 1000, channelBytes: 10_000 };
  return new StreamSource(fileInput(path), { log, cutting: createCutting(limits) });
}

async function linesOf(path: string): Promise<{ lines: string[]; failed: number }> {
  const from = source(path);
  let text = '';
  await from.open();
  await from.run({
    put: async (batch: Batch) => {
      text += batch.kind === 'lines' ? Buffer.from(batch.bytes).toString() : '<too long>\n';
      batch.origin.added(batch);
    },
  });
  const { failed } = await from.close();
  return { lines: text.split('\n').filter((line) => line !== ''), failed };
}

/** Pipes that the event loop of this process waits for. */
function pipes(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'PipeWrap').length;
}

describe('a file that is counted', () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `line ${n}`);
  const text = lines.join('\n');

  it.each([
    ['plain', Buffer.from(text)],
    ['compressed', gzipSync(text)],
    [
      'of several members',
      Buffer.concat([gzipSync(text.slice(0, 999)), gzipSync(text.slice(999))]),
    ],
  ])('may be %s', async (_, bytes) => {
    const path = join(base, 'log');
    writeFileSync(path, bytes);
    expect(await linesOf(path)).toEqual({ lines, failed: 0 });
  });

  it.each(['', '\x1f', '\x1f\x8b'])('may be as short as %j', async (bytes) => {
    const path = join(base, 'log');
    writeFileSync(path, bytes, 'latin1');
    const { failed } = await linesOf(path);
    expect(failed).toBe(bytes.length === 2 ? 1 : 0);
  });

  it('may be a FIFO', async () => {
    const path = join(base, 'fifo');
    execFileSync('mkfifo', [path]);
    const before = pipes();
    const counted = linesOf(path);
    const writer = openSync(path, 'r+');
    writeSync(writer, 'one\ntwo\n');
    // This end goes away only when the other one is open.
    await expect.poll(pipes).toBeGreaterThan(before);
    closeSync(writer);
    expect(await counted).toEqual({ lines: ['one', 'two'], failed: 0 });
  });

  it('that is a FIFO without a writer does not hold up the end', async () => {
    const path = join(base, 'fifo');
    execFileSync('mkfifo', [path]);
    for (const turns of [0, 1, 10, 100]) {
      const from = source(path);
      await from.open();
      const ended = from.run({ put: async () => {} });
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      from.stop();
      await ended;
      expect(await from.close()).toEqual({ failed: 0 });
    }
  });

  it.each([
    ['does not exist', (path: string) => path],
    ['is a directory', () => base],
    [
      'is cut',
      (path: string) => {
        writeFileSync(path, gzipSync('x'.repeat(10_000)).subarray(0, 30));
        return path;
      },
    ],
  ])('fails alone when it %s', async (_, prepare) => {
    const { failed } = await linesOf(prepare(join(base, 'log')));
    expect(failed).toBe(1);
    expect(log.lines.map(([level]) => level)).toEqual(['error']);
  });
});
