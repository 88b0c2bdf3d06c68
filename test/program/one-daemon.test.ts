/** One run a directory: a second one is refused, by whatever path it comes and wherever its journal is. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cannotMount, mounting, READ_ONLY } from '../support/mounts.js';
import { said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Ended, type Run, run, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, endedWith0, killed, SpoolPlace, shows } from '../support/spool-place.js';

const directory = scratch();
const mounted = mounting();

/** Its last words name the first. */
async function expectRefused(second: Promise<Ended>, first: Run, what: string): Promise<void> {
  const { code, stdout, stderr } = await second;
  expect([code, stdout]).toEqual([3, '']);
  const message = `another logwin (pid ${first.child.pid}) works on ${what}`;
  const remedy = 'stop it first, or name another directory';
  expect(stderr.split('\n').at(-2)).toBe(`logwin: ${message}; ${remedy}`);
}

describe.concurrent('a second watch of a directory', () => {
  it.each([
    ['by the same path', 'spool', []],
    ['by a path through a link', 'link/spool', []],
    ['by a link to it', 'spool-link', []],
    ['with its journal elsewhere', 'spool', ['--state', 'other']],
    ['without a journal', 'spool', ['--no-state']],
    ['that leaves the files', 'spool', ['--after', 'keep']],
    ['that ends by itself', 'spool', ['--once']],
  ])('%s is refused, and told who has it', async (_, path, args) => {
    const place = new SpoolPlace(directory());
    symlinkSync('.', join(place.base, 'link'));
    symlinkSync('spool', join(place.base, 'spool-link'));
    const first = await place.watch();
    const held = readFileSync(join(place.state, 'lock'));
    place.drop('a.log', requests('/a'));
    await expectRefused(runToEnd(['watch', path, ...args], { cwd: place.base }), first, path);
    expect(readFileSync(join(place.state, 'lock'))).toEqual(held);
    expect(existsSync(join(place.base, 'other'))).toBe(false);
    expect(await place.finalCounts(first)).toEqual({ '/a': 1 });
  });

  it('is refused where the first keeps no journal, or is asleep', async () => {
    const place = new SpoolPlace(directory());
    const first = await place.watch('--no-state');
    await expectRefused(runToEnd(['watch', place.spool]), first, place.spool);
    first.kill('SIGSTOP');
    await expectRefused(runToEnd(['watch', place.spool]), first, place.spool);
    first.kill('SIGCONT');
    await endedWith0(first);
    expect(readdirSync(place.spool)).toEqual([]);
  });

  it('is refused with other directories beside it, which it leaves as they were', async () => {
    const place = new SpoolPlace(directory());
    const other = new SpoolPlace(directory());
    const first = await place.watch();
    const second = runToEnd(['watch', other.spool, place.spool]);
    await expectRefused(second, first, place.spool);
    expect(readdirSync(other.spool)).toEqual([]);
    await endedWith0(await other.watch());
    await endedWith0(first);
  });

  it('is let in when the first has ended, or was killed', async () => {
    const place = new SpoolPlace(directory());
    await endedWith0(await place.watch());
    expect(existsSync(join(place.state, 'lock'))).toBe(false);
    const second = await place.watch();
    await killed(second);
    expect(readFileSync(join(place.state, 'lock'), 'latin1')).toContain(`${second.child.pid} `);
    const third = await place.watch();
    expect(readFileSync(join(place.state, 'lock'), 'latin1')).toContain(`${third.child.pid} `);
    await endedWith0(third);
    expect(readdirSync(place.state).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
});

describe.concurrent('a second watch with the same --state', () => {
  it('is refused, and leaves its own directory as it was', async () => {
    const [place, other] = [new SpoolPlace(directory()), new SpoolPlace(directory())];
    const state = join(place.base, 'state');
    const first = await place.watch('--state', state);
    const second = runToEnd(['watch', other.spool, '--state', state]);
    await expectRefused(second, first, state);
    expect(readdirSync(other.spool)).toEqual([]);
    place.drop('a.log', requests('/a'));
    expect(await place.finalCounts(first)).toEqual({ '/a': 1 });
  });
});

describe
  .skipIf(cannotMount(READ_ONLY))
  .concurrent('a directory that cannot be written (needs unshare)', () => {
    it('is kept without a journal, and for one run alone', async () => {
      const place = new SpoolPlace(directory());
      const temporary = directory();
      place.drop('a.log', requests('/a'));
      const spool = await mounted(READ_ONLY, place.spool);
      const env = { TMPDIR: temporary };
      const args = ['watch', spool, '--after', 'keep', '--slide', '0.1', '-o', 'ndjson'];
      const first = await begun(run(args, { env }));
      expect(said(first.written.stderr, 'No journal is kept')).toMatchObject([
        { directory: join(spool, '.logwin'), reason: 'EROFS' },
      ]);
      const { dev, ino } = statSync(spool, { bigint: true });
      expect(readdirSync(temporary)).toEqual([`logwin-${dev}-${ino}.lock`]);

      await expectRefused(runToEnd(args, { env }), first, spool);
      // Who can write there is another one all the same.
      await expectRefused(runToEnd(['watch', place.spool], { env }), first, place.spool);
      expect(readdirSync(place.spool)).toEqual(['a.log']);

      await shows(first, ({ total }) => total === 1);
      await endedWith0(first);
      expect(readdirSync(temporary)).toEqual([]);
    });
  });
