/** Compressed files in a spool directory: read once they have settled, by their magic bytes. */
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';

let run: SpoolRun;
afterEach(() => run.end());

async function begin(): Promise<void> {
  run = new SpoolRun();
  await run.start();
}

const lines = Array.from({ length: 50_000 }, (_, n) => `line number ${n}`);
const text = `${lines.join('\n')}\n`;

function finished(): number {
  return run.log.lines.filter(([, message]) => message.includes('finished')).length;
}

describe('a compressed file', () => {
  it('is known by its first bytes, whatever its name', async () => {
    await begin();
    run.write('a.log', gzipSync(text));
    await run.until(() => finished() === 1);
    expect(run.lines.join()).toBe(lines.join());
    expect(run.names()).toEqual(['a.log.COMPLETED']);
  });

  it('may have several members and no last line end', async () => {
    await begin();
    run.write('a.gz', Buffer.concat([gzipSync('one\ntw'), gzipSync('o\n'), gzipSync('three')]));
    await run.until(() => finished() === 1);
    expect(run.lines).toEqual(['one', 'two', 'three']);
  });

  it('may be padded with zeros, however many', async () => {
    await begin();
    run.write('a.gz', Buffer.concat([gzipSync('one\n'), Buffer.alloc(3_000_000)]));
    await run.until(() => finished() === 1);
    expect(run.lines).toEqual(['one']);
  });

  it('is not touched before it has settled', async () => {
    await begin();
    const packed = gzipSync(text);
    for (let at = 0; at < packed.length; at += 10_000) {
      appendFileSync(run.path('slow.gz'), packed.subarray(at, at + 10_000));
      await run.pass(500);
      expect(run.lines).toEqual([]);
    }
    await run.until(() => finished() === 1);
    expect(run.lines.join()).toBe(lines.join());
  });

  it('that gets another member before it is retired gives only what is new', async () => {
    await begin();
    run.write('a.gz', gzipSync('one\n'));
    await run.until(() => run.lines.length === 1);
    appendFileSync(run.path(run.names()[0] ?? ''), gzipSync('two\n'));
    await run.until(() => run.lines.length === 2);
    await run.until(() => finished() >= 1);
    expect(run.lines).toEqual(['one', 'two']);
  });

  it.each([
    ['cut', (packed: Buffer) => packed.subarray(0, packed.length / 2)],
    ['damaged', (packed: Buffer) => Buffer.from(packed).fill(0xff, packed.length / 2)],
  ])('that is %s is set aside, and what it gave stays counted', async (_, spoil) => {
    await begin();
    // What it gave is counted when all of it is in the window, and not before.
    run.lag = 50;
    run.write('a.gz', spoil(gzipSync(text)));
    run.write('b', 'the next one\n');
    await run.until(() => run.names().includes('b.COMPLETED'));
    await run.until(() => run.names().includes('a.gz.FAILED'));
    const given = run.lines.filter((line) => line !== 'the next one');
    expect(given.length).toBeGreaterThan(1000);
    expect(given.join()).toBe(lines.slice(0, given.length).join());
    const find = () => run.log.lines.find(([, message]) => message.includes('set aside'));
    await run.until(() => find() !== undefined, 'the word of it');
    const said = find();
    expect(said?.[2]).toMatchObject({ linesRead: given.length });
    expect(await run.end()).toBe(1);
    await begin();
  });
});

describe('a compressed file that is not what it seems', () => {
  it('goes on where it stopped when it is left in place and its copy goes on', async () => {
    run = new SpoolRun({ after: { kind: 'keep' } });
    await run.start();
    const packed = gzipSync(text);
    run.write('a.gz', packed.subarray(0, packed.length / 2));
    const saidBad = () => run.log.lines.filter(([, message]) => message.includes('set aside'));
    await run.until(() => saidBad().length > 0, 'the word of it');
    await run.pass(5000);
    expect(saidBad()).toHaveLength(1);
    expect(run.lines.length).toBeGreaterThan(1000);
    appendFileSync(run.path('a.gz'), packed.subarray(packed.length / 2));
    await run.until(() => finished() === 1);
    expect(run.lines.join()).toBe(lines.join());
  });

  it('is read as what it became, when plain text took its place before it was read', async () => {
    await begin();
    run.stepLength = 5;
    run.hold();
    run.write('first', 'in the way\n');
    await run.until(() => run.waiting > 0);
    run.write('x', gzipSync('packed\n'));
    await run.pass(2000);
    run.letGo();
    await run.pass(2000);
    run.write('x', 'plain 1\nplain 2\n');
    await run.until(() => finished() === 2);
    expect(run.lines).toEqual(['in the way', 'plain 1', 'plain 2']);
  });
});

it('a compressed file that is being read when the run ends stays what it is', async () => {
  await begin();
  run.write('a.gz', gzipSync(text));
  run.hold();
  await run.until(() => run.waiting > 0);
  const failed = await run.end();
  expect(run.log.lines).toEqual([]);
  expect(failed).toBe(0);
  await begin();
});
