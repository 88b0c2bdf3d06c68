/** Memory follows what was configured and not what strangers send. */
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { snapshotsIn } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';
import { canMeasure, costIn, costOf, MOST_MEMORY, measured } from './cost.js';

/** What a long line may take beside what a run takes anyway, in bytes: buffers, and their garbage. */
const LITTLE = 50e6;

const directory = scratch();

/** There to read what is not there costs nothing. */
const MEMORY = '/dev/shm';
const inMemory = existsSync(MEMORY) ? scratch(MEMORY) : directory;

/** A directory to which nothing happens, in bytes. */
const AT_REST = 100e6;

it.skipIf(!canMeasure)('memory at rest is little (needs Linux)', async () => {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  const args = ['watch', 'spool', '--slide', '0.1', '--ticks', '10'];
  const { code, peak } = await costOf(args, cwd, { cwd });
  expect(code).toBe(0);
  expect(peak).toBeGreaterThan(20e6);
  expect(peak).toBeLessThan(AT_REST);
});

describe.skipIf(!canMeasure)('a line of a gigabyte (needs Linux)', () => {
  const LENGTH = 1e9;
  const ONE = { total: 0, rejected: 1 };

  /** What it takes to count next to nothing; a line is rejected, so that there is a log as well. */
  async function little(env: Record<string, string> = {}): Promise<number> {
    const cwd = directory();
    writeFileSync(join(cwd, 'log'), 'x\n');
    return (await costOf(['count', 'log'], cwd, { cwd, env })).peak;
  }

  it('in a file costs no more than its bound', async () => {
    const cwd = inMemory();
    mkdirSync(join(cwd, 'spool'));
    writeFileSync(join(cwd, 'spool/log'), '');
    truncateSync(join(cwd, 'spool/log'), LENGTH);
    for (const [kernel, ...args] of [
      ['simd', 'count', 'spool/log'],
      ['plain', 'count', 'spool/log'],
      ['simd', 'watch', 'spool', '--once'],
    ]) {
      const env = { LOGWIN_KERNEL: kernel };
      const { stdout, peak } = await costOf([...args, '-o', 'ndjson'], cwd, { cwd, env });
      expect(snapshotsIn(stdout)).toMatchObject([ONE]);
      expect(peak - (await little(env))).toBeLessThan(LITTLE);
    }
  });

  it.skipIf(lacks('bash', 'head', 'tr'))(
    'through a pipe costs no more than its bound',
    async () => {
      const cwd = directory();
      const script = `head -c ${LENGTH} /dev/zero | tr '\\0' a | logwin count - -o ndjson`;
      const { stdout } = await shell(script, { cwd, env: measured(join(cwd, 'cost')) });
      expect(snapshotsIn(stdout)).toMatchObject([ONE]);
      expect(costIn(join(cwd, 'cost')).peak - (await little())).toBeLessThan(LITTLE);
    },
  );
});

describe.skipIf(!canMeasure)('an archive that unpacks to very much (needs Linux)', () => {
  const MEMBERS = 50;

  async function bomb(member: string | Buffer) {
    const cwd = directory();
    const packed = gzipSync(member);
    writeFileSync(join(cwd, 'log.gz'), Buffer.concat(new Array<Buffer>(MEMBERS).fill(packed)));
    expect(packed.length * MEMBERS).toBeLessThan(4e6);
    const { stdout, peak } = await costOf(['count', 'log.gz', '-o', 'ndjson'], cwd, { cwd });
    expect(peak).toBeLessThan(MOST_MEMORY);
    return snapshotsIn(stdout);
  }

  it('of one line takes no memory for it', async () => {
    expect(await bomb(Buffer.alloc(10e6, 'a'))).toMatchObject([{ total: 0, rejected: 1 }]);
  });

  it('of lines takes no memory for them', async () => {
    const lines = 100_000;
    const total = MEMBERS * lines;
    expect(await bomb(requests('/a').repeat(lines))).toMatchObject([{ total, rejected: 0 }]);
  });

  it('of line ends takes no memory for them', async () => {
    const lines = 1_000_000;
    const rejected = MEMBERS * lines;
    expect(await bomb('\n'.repeat(lines))).toMatchObject([{ total: 0, rejected }]);
  });
});
