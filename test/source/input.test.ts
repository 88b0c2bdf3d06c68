/** What `logwin count` reads: files, FIFOs, compressed or not, and what cannot be read. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, LineRange } from '../../src/core/batch.js';
import { bufferSize, createCutting } from '../../src/source/lines/cutting.js';
import { fileInput } from '../../src/source/stream/input.js';
import { StreamSource } from '../../src/source/stream/stream-source.js';
import { RecordedLog } from '../support/recorded-log.js';
import { SharedBuffers } from '../support/shared-buffers.js';

let base: string;
let log: RecordedLog;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'logwin-test-'));
  log = new RecordedLog();
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function source(path: string): StreamSource {
  const limits = { maxLine: 100, channelLines: 1000, channelBytes: 10_000 };
  const buffers = new SharedBuffers(bufferSize(limits), 2);
  return new StreamSource(fileInput(path), { log, cutting: createCutting(limits, buffers) });
}

async function linesOf(path: string): Promise<{ lines: string[]; failed: number }> {
  const from = source(path);
  const lines: string[] = [];
  await from.open();
  await from.run({
    put: async (batch: Batch) => {
      const given = linesIn(batch);
      lines.push(...given);
      batch.origin.added(batch, given.length);
    },
  });
  const { failed } = await from.close();
  return { lines, failed };
}

function linesIn(batch: Batch): string[] {
  if (batch.kind === 'too-long') return ['<too long>'];
  const bytes = batch.kind === 'lines' ? batch.bytes : bytesOf(batch);
  return Buffer.from(bytes).toString().replace(/\n$/, '').split('\n');
}

/** As the parser reads them. */
function bytesOf({ descriptor, start, end }: LineRange): Buffer {
  const bytes = Buffer.alloc(end - start);
  readSync(descriptor, bytes, 0, bytes.length, start);
  return bytes;
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

  it.each([
    ['in lines of any length', (n: number) => 'x'.repeat((n * 7919) % 300)],
    [
      'with a line longer than is looked at for its end',
      (n: number) => 'x'.repeat(n === 50 ? 40_000 : 9),
    ],
    ['in blank lines', () => ''],
  ])('comes whole and in order, %s', async (_, lineOf) => {
    const path = join(base, 'log');
    const text = Array.from({ length: 2000 }, (_, n) => lineOf(n)).join('\n');
    writeFileSync(path, text);
    const given: string[] = [];
    const from = source(path);
    let position = 0;
    await from.run({
      put: async (batch: Batch) => {
        expect(batch.start).toBe(position);
        position = batch.end;
        if (batch.kind === 'range') expect(batch.end - batch.start).toBeLessThanOrEqual(10_000);
        given.push(...linesIn(batch));
        batch.origin.added(batch, 1);
      },
    });
    const judged = (line: string) => (line.length > 100 ? '<too long>' : line);
    const expected = text.split('\n').map(judged);
    // A last line that is empty and has no line end is no line.
    if (expected.at(-1) === '') expected.pop();
    expect(given.map(judged)).toEqual(expected);
  });

  it('may grow while it is read', async () => {
    const path = join(base, 'log');
    writeFileSync(path, text);
    const from = source(path);
    const given: string[] = [];
    await from.run({
      put: async (batch: Batch) => {
        if (batch.start === 0) appendFileSync(path, ' and more\nlast\n');
        given.push(...linesIn(batch));
        batch.origin.added(batch, 1);
      },
    });
    expect(given).toEqual([...lines.slice(0, -1), `${lines.at(-1)} and more`, 'last']);
  });

  it.each([50, 10_000, 12_345])(
    'fails where it is cut to %s bytes while it is read',
    async (size) => {
      const path = join(base, 'log');
      writeFileSync(path, text);
      const from = source(path);
      await from.run({
        put: async (batch: Batch) => {
          truncateSync(path, size);
          batch.origin.added(batch, 1);
        },
      });
      expect(await from.close()).toEqual({ failed: 1 });
      expect(log.lines[0][2]?.reason).toBe('the file became shorter while it was read');
    },
  );

  it('fails where a part of it cannot be read, and says how much could', async () => {
    const path = join(base, 'log');
    writeFileSync(path, text);
    const from = source(path);
    let ranges = 0;
    await from.run({
      put: async (batch: Batch) => {
        ranges += 1;
        const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        if (ranges === 2 && batch.kind === 'range') batch.failed(error);
        batch.origin.added(batch, ranges === 1 ? 100 : 7);
      },
    });
    expect(ranges).toBe(2);
    expect(await from.close()).toEqual({ failed: 1 });
    expect(log.lines).toMatchObject([
      ['error', expect.any(String), { reason: 'EIO: i/o error, read', linesRead: 107 }],
    ]);
  });

  it('stays open until what was given of it is added', async () => {
    const path = join(base, 'log');
    writeFileSync(path, text);
    const from = source(path);
    const given: Batch[] = [];
    const run = from.run({ put: async (batch: Batch) => void given.push(batch) });
    await expect.poll(() => given.at(-1)?.end).toBe(text.length);
    for (const batch of given) {
      expect(linesIn(batch).length).toBeGreaterThan(0);
      batch.origin.added(batch, 1);
    }
    await run;
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

  it('that is cut says how many of its lines are counted, once they are', async () => {
    const path = join(base, 'log');
    const packed = gzipSync(text.repeat(20));
    writeFileSync(path, packed.subarray(0, packed.length / 2));
    const from = source(path);
    let lines = 0;
    await from.run({
      put: async (given) => {
        const [batch] = [given].flat();
        void nextTurn().then(async () => {
          for (let turn = 0; turn < 50; turn += 1) await nextTurn();
          const count = linesIn(batch).length;
          lines += count;
          from.added(batch, count);
        });
      },
    });
    expect(lines).toBeGreaterThan(1000);
    expect(log.lines.map(([, , fields]) => fields?.linesRead)).toEqual([lines]);
  });
});
