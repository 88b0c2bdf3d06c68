/** `logwin forward`, and what takes its events, as processes. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/traffic/random.js';
import { COUNTING, forwarding, listening, portOf } from '../support/far-end.js';
import { countsOf, said } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, endedWith0, killed, newestIn, SpoolPlace, shows } from '../support/spool-place.js';

const directory = scratch();

const to = (port: number): string => `avro://127.0.0.1:${port}`;

function sumOf(logwin: Run): number {
  const newest = newestIn(logwin.written.stdout);
  return newest === undefined ? 0 : newest.total;
}

describe.concurrent('forward', () => {
  it('brings a file to a far end, and retires it when its last line is there', async () => {
    const place = new SpoolPlace(directory());
    const far = await listening(0, ['--by', 'header.file,header.env,url']);
    place.drop('a.log', requests('/a', '/b', '/a'));
    const args = ['--header', 'file', '--header', 'env=test'];
    const near = await forwarding(place.spool, to(far.port), args);
    await place.retired('a.log');
    const path = `${place.spool}/a.log`;
    const { top } = await shows(far.run, ({ total }) => total === 3);
    expect(top).toEqual([
      { rank: 1, 'header.file': path, 'header.env': 'test', url: '/a', count: 2 },
      { rank: 2, 'header.file': path, 'header.env': 'test', url: '/b', count: 1 },
    ]);
    expect(said((await endedWith0(near)).stderr, 'The run has ended')).toMatchObject([
      { lines: 3 },
    ]);
    await endedWith0(far.run);
  });

  it('retires nothing while the far end is away, and sends it when that comes', async () => {
    const place = new SpoolPlace(directory());
    const first = await listening(0);
    await endedWith0(first.run);
    place.drop('a.log', requests('/a'));
    const near = await forwarding(place.spool, to(first.port));
    await near.until(({ stderr }) => said(stderr, 'Events cannot be delivered').length > 0);
    expect(place.names).toEqual(['a.log']);
    const far = await listening(first.port);
    await place.retired('a.log');
    expect(countsOf(await shows(far.run, ({ total }) => total > 0))).toEqual(new Map([['/a', 1]]));
    const { stderr } = await endedWith0(near);
    expect(said(stderr, 'Events are delivered again')).toHaveLength(1);
    await endedWith0(far.run);
  });

  it('ends within seconds of being asked, though the far end is away, and leaves the file', async () => {
    const place = new SpoolPlace(directory());
    const far = await listening(0);
    await endedWith0(far.run);
    place.drop('a.log', distinctRequests(30_000));
    const near = await forwarding(place.spool, to(far.port));
    await near.until(({ stderr }) => said(stderr, 'Events cannot be delivered').length > 0);
    const { stderr } = await endedWith0(near);
    expect(said(stderr, 'The end came before all was delivered')).toHaveLength(1);
    expect(place.names).toEqual(['a.log']);
  });

  it('sends standard input, and ends when all of it has arrived', async () => {
    const far = await listening(0);
    const near = run(['forward', '-', '--to', to(far.port)], { input: distinctRequests(5000) });
    expect((await near.exited).code).toBe(0);
    expect(await shows(far.run, ({ total }) => total === 5000)).toMatchObject({ distinct: 5000 });
    await endedWith0(far.run);
  });

  it('passes on what it receives, as it came', async () => {
    const far = await listening(0, ['--by', 'header.hop,url']);
    const hop = run(['forward', 'avro://127.0.0.1:0', '--to', to(far.port)]);
    await hop.until(({ stderr }) => said(stderr, 'Forwarding begins').length > 0);
    const port = portOf(hop, 'Listening for events');
    const args = ['--header', 'hop=first', '--to', to(port)];
    const near = run(['forward', '-', ...args], { input: requests('/a', '/b') });
    expect((await near.exited).code).toBe(0);
    const { top } = await shows(far.run, ({ total }) => total === 2);
    expect(top).toMatchObject([
      { 'header.hop': 'first', url: '/a' },
      { 'header.hop': 'first', url: '/b' },
    ]);
    await endedWith0(hop);
    await endedWith0(far.run);
  });

  it('is pulled from, and retires what was acknowledged', async () => {
    const place = new SpoolPlace(directory());
    place.drop('a.log', distinctRequests(3000));
    const near = await forwarding(place.spool, 'flume+pull://127.0.0.1:0');
    const url = `flume+pull://127.0.0.1:${portOf(near, 'Listening for who pulls events')}`;
    const far = await begun(run(['watch', url, ...COUNTING]));
    await place.retired('a.log');
    await shows(far, ({ total }) => total === 3000);
    await endedWith0(near);
    await endedWith0(far);
  });

  it.each(['?compression=deflate', '?compression=deflate&level=0'])('speaks %s', async (layers) => {
    const far = await listening(0, [], '?compression=deflate');
    const args = ['forward', '-', '--to', `${to(far.port)}${layers}`];
    const near = run(args, { input: distinctRequests(5000) });
    expect((await near.exited).code).toBe(0);
    await shows(far.run, ({ total }) => total === 5000);
    await endedWith0(far.run);
  });
});

describe('when one side is killed in the middle', () => {
  const seed = Number(process.env.LOGWIN_CRASH_SEED ?? Date.now() % 2 ** 31);
  /** Each is one kill; LOGWIN_KILLS=20 takes half a minute. */
  const FILES = Number(process.env.LOGWIN_KILLS ?? 6);
  const LINES = 4000;

  it(`${FILES} times the far end, every line arrives (seed ${seed})`, async ({ annotate }) => {
    const random = new Random(seed);
    const place = new SpoolPlace(directory());
    const args = ['--state', `${place.base}/state`, '--ack', 'durable'];
    let far = await listening(0, args);
    const near = await forwarding(place.spool, to(far.port));
    for (let file = 0; file < FILES; file += 1) {
      const before = sumOf(far.run);
      place.drop(`${file}.log`, distinctRequests(LINES, `${file}-`));
      // It dies while calls come in: somewhere between the first of them and the last.
      const enough = before + random.below(LINES);
      await far.run.until(() => sumOf(far.run) >= enough);
      await killed(far.run);
      far = await listening(far.port, args);
    }
    await place.retired(...Array.from({ length: FILES }, (_, file) => `${file}.log`));
    const all = await shows(far.run, ({ distinct }) => distinct === FILES * LINES);
    const twice = all.total - FILES * LINES;
    await annotate(`of ${FILES * LINES} lines ${twice} arrived twice`);
    // One call of a hundred is under way when it dies.
    expect(twice).toBeLessThanOrEqual(FILES * 100);
    await endedWith0(near);
    await endedWith0(far.run);
  }, 90_000);

  it(`${FILES} times forward itself, every line arrives (seed ${seed})`, async ({ annotate }) => {
    const random = new Random(seed);
    const place = new SpoolPlace(directory());
    const far = await listening(0);
    for (let file = 0; file < FILES; file += 1) {
      place.drop(`${file}.log`, distinctRequests(LINES, `${file}-`));
      const enough = sumOf(far.run) + random.below(LINES);
      const near = await forwarding(place.spool, to(far.port));
      await far.run.until(() => sumOf(far.run) >= enough);
      await killed(near);
    }
    const near = await forwarding(place.spool, to(far.port));
    await place.retired(...Array.from({ length: FILES }, (_, file) => `${file}.log`));
    const all = await shows(far.run, ({ distinct }) => distinct === FILES * LINES);
    await annotate(`of ${FILES * LINES} lines ${all.total - FILES * LINES} arrived twice`);
    expect(existsSync(place.state)).toBe(true);
    await endedWith0(near);
    await endedWith0(far.run);
  }, 90_000);
});
