/** Ten thousand small files: they settle side by side, and each is counted once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastSnapshot, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { run } from '../support/run.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';

const FILES = 10_000;
const PATIENCE = 90_000;

const directory = scratch();

it(
  'counts ten thousand small files once each, and retires them all',
  async () => {
    const spool = join(directory(), 'spool');
    mkdirSync(spool);
    const names = Array.from({ length: FILES }, (_, index) => `${index}.log`);
    const logwin = run(['watch', spool, '--slide', '0.5', '-n', '0', '-o', 'ndjson'], {
      timeout: PATIENCE,
    });
    await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
    for (const name of names) writeFileSync(join(spool, name), requests(`/${name}`));
    await eventually(() => namesIn(spool).every((name) => name.endsWith('.COMPLETED')), PATIENCE);
    logwin.kill('SIGTERM');
    const { code, stderr } = await logwin.exited;
    expect(code).toBe(0);
    expect(namesIn(spool)).toEqual(names.map((name) => `${name}.COMPLETED`).sort());
    expect(said(stderr, 'The run has ended')).toMatchObject([{ lines: FILES, counted: FILES }]);
    const counts = lastSnapshot(logwin.written.stdout)?.top.map(({ count }) => count);
    expect(counts).toEqual(new Array(FILES).fill(1));
  },
  PATIENCE,
);
