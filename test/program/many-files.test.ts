/** Many small files: they settle side by side, each is counted once, and finished ones cost nothing. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastSnapshot, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';

const FILES = 4000;
const PATIENCE = 90_000;

const directory = scratch();

async function watching(): Promise<{ readonly logwin: Run; readonly spool: string }> {
  const spool = join(directory(), 'spool');
  mkdirSync(spool);
  const logwin = run(['watch', spool, '-o', 'ndjson', '-n', '1'], { timeout: PATIENCE });
  await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
  return { logwin, spool };
}

it(
  'counts thousands of small files once each, and retires them all',
  async () => {
    const { logwin, spool } = await watching();
    const names = Array.from({ length: FILES }, (_, index) => `${index}.log`);
    for (const name of names) writeFileSync(join(spool, name), requests(`/${name}`));
    // Looks at every snapshot, for looking at such a directory is work.
    await logwin.until(
      ({ stdout }) =>
        lastSnapshot(stdout)?.total === FILES &&
        namesIn(spool).every((name) => name.endsWith('.COMPLETED')),
    );
    logwin.kill('SIGTERM');
    const { code, stdout, stderr } = await logwin.exited;
    expect(code).toBe(0);
    expect(namesIn(spool)).toEqual(names.map((name) => `${name}.COMPLETED`).sort());
    expect(said(stderr, 'The run has ended')).toMatchObject([{ lines: FILES, rejected: 0 }]);
    // As many different URLs as lines, so each once.
    expect(lastSnapshot(stdout)).toMatchObject({ total: FILES, distinct: FILES });
  },
  PATIENCE,
);

it.skipIf(process.platform !== 'linux')(
  'is not kept busy by finished files while a log grows (needs Linux)',
  async () => {
    const { logwin, spool } = await watching();
    for (let file = 0; file < 3000; file += 1) {
      writeFileSync(join(spool, `${file}.log.COMPLETED`), '');
    }
    const { pid } = logwin.child;
    const begun = { time: performance.now(), processor: processorTime(pid) };
    let lines = 0;
    const timer = setInterval(() => {
      lines += 1;
      appendFileSync(join(spool, 'live.log'), requests('/live'));
    }, 20);
    await logwin.until(({ stdout }) => Number(lastSnapshot(stdout)?.total) >= 100);
    clearInterval(timer);
    const elapsed = performance.now() - begun.time;
    const share = (processorTime(pid) - begun.processor) / elapsed;
    await logwin.until(({ stdout }) => lastSnapshot(stdout)?.total === lines);
    logwin.kill('SIGTERM');
    await logwin.exited;
    expect(share).toBeLessThan(0.4);
  },
);

/** Of all threads of a process, in milliseconds. */
function processorTime(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  // Clock ticks, of which Linux has a hundred a second whatever the machine.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
