/**
 * What a spooling directory has to keep to where it stands in for Flume's, by the number that each
 * point has in the list. The first is in line-bodies.test.ts, those about Spark in spark.test.ts.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lastSnapshot, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { runToEnd } from '../support/run.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { SpoolRun } from '../support/spool-run.js';
import { linesOf, textOf } from './lines.js';
import { HOUR, untilSettled } from './settling.js';

const directory = scratch();

let run: SpoolRun;
afterEach(() => run?.end());

async function begin(...args: ConstructorParameters<typeof SpoolRun>): Promise<void> {
  run = new SpoolRun(...args);
  await run.start();
}

async function untilNames(...names: string[]): Promise<void> {
  await run.until(() => run.names().join() === names.join(), names.join());
}

describe('2. a zero-byte file', () => {
  it('is no line, not even an empty one, and is retired', async () => {
    const spool = join(directory(), 'spool');
    mkdirSync(spool);
    for (const name of ['b', 'c', 'd']) writeFileSync(join(spool, name), '');
    writeFileSync(join(spool, 'a'), requests('/a'));
    const { code, stdout, stderr } = await runToEnd(['watch', spool, '--once', '-o', 'ndjson']);
    expect(code).toBe(0);
    expect(lastSnapshot(stdout)).toMatchObject({ total: 1, rejected: 0 });
    const lines = said(stderr, 'A file is finished').map(({ lines }) => lines);
    expect(lines.sort()).toEqual([0, 0, 0, 1]);
    expect(namesIn(spool)).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}.COMPLETED`));
  });
});

describe('3. .COMPLETED', () => {
  it('comes only after the channel accepted everything', async () => {
    await begin({ settle: 100 });
    run.hold();
    run.write('a', textOf('a', 3));
    await run.until(() => run.waiting > 0);
    await run.pass(5000);
    expect(run.names()).toEqual(['a']);
    run.letGo();
    await untilNames('a.COMPLETED');
    expect(run.lines).toEqual(linesOf('a', 3));
  });

  it('and after it was counted, which Flume does not wait for', async () => {
    run = new SpoolRun({ settle: 100 });
    run.lag = Number.POSITIVE_INFINITY;
    await run.start();
    run.write('a', textOf('a', 3));
    await run.until(() => run.lines.length === 3);
    await run.pass(5000);
    expect(run.names()).toEqual(['a']);
    run.lag = 0;
    await untilNames('a.COMPLETED');
  });
});

describe('4. what Flume stops for is met, and the log says of which file', () => {
  it('collision', async () => {
    run = new SpoolRun({ settle: 100 });
    run.write('a.COMPLETED', 'was here');
    run.write('a', textOf('a', 1));
    await run.start();
    await untilNames('a.2.COMPLETED', 'a.COMPLETED');
    await run.until(() => run.log.lines.length === 1);
    const fields = { file: run.path('a'), as: run.path('a.2.COMPLETED'), lines: 1 };
    expect(run.log.lines).toEqual([['info', 'A file is finished.', fields]]);
  });

  it('modification after the file was finished', async () => {
    await begin({ settle: 100 });
    run.write('a', textOf('a', 1));
    await run.until(() => run.log.lines.length === 1);
    appendFileSync(run.path('a.COMPLETED'), 'aline2\n');
    // In small steps: it is looked for only so long.
    await eventually(() => {
      run.clock.advance(250);
      return run.lines.length === 2;
    });
    expect(run.log.lines[1]).toEqual([
      'warn',
      'A finished file was appended to; the addition is counted.',
      { file: run.path('a.COMPLETED'), bytes: 7 },
    ]);
    expect(run.lines).toEqual(linesOf('a', 2));
  });

  it('modification of what was read', async () => {
    await begin({ settle: HOUR });
    run.write('a', textOf('old', 3));
    await run.until(() => run.lines.length === 3);
    run.write('a', textOf('new', 2));
    await run.until(() => run.lines.length === 5);
    await untilSettled(run, 'a.COMPLETED');
    expect(run.log.lines[0]).toMatchObject([
      'warn',
      'A file was written anew; it is read from its beginning as a new drop.',
      { file: run.path('a') },
    ]);
    expect(run.lines).toEqual([...linesOf('old', 3), ...linesOf('new', 2)]);
  });
});

describe('8. channel full', () => {
  it('no loss, no duplicate: the source waits, however often, and says nothing', async () => {
    const files = ['a', 'b', 'c'];
    await begin({ settle: HOUR });
    for (let round = 0; round < 5; round += 1) {
      run.hold();
      for (const name of files) appendFileSync(run.path(name), textOf(`${name}${round}`, 20));
      await run.until(() => run.waiting > 0);
      await run.pass(1000);
      run.letGo();
      await run.until(() => run.lines.length === 60 * (round + 1));
    }
    await untilSettled(run, ...files.map((name) => `${name}.COMPLETED`));
    for (const name of files) {
      const ofFile = run.lines.filter((line) => line.startsWith(name));
      const rounds = Array.from({ length: 5 }, (_, round) => linesOf(`${name}${round}`, 20));
      expect(ofFile).toEqual(rounds.flat());
    }
    expect(run.log.lines.filter(([level]) => level !== 'info')).toEqual([]);
  });
});
