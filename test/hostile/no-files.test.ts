/** What lies in a spool directory and is no file that we read: skipped, left, and said once. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';
import { countedBy, expectHarmless } from './harmless.js';

const directory = scratch();

const cannotMakeDevices =
  lacks('mknod') || spawnSync('mknod', [join(directory(), 'x'), 'c', '1', '5']).status !== 0;

describe.concurrent('what is no file', () => {
  const LINKS = { out: '/etc/passwd', loop: 'loop', up: '..', nowhere: 'missing', in: 'a.log' };

  function placeWith(add: (spool: string) => void): string {
    const cwd = directory();
    const spool = join(cwd, 'spool');
    mkdirSync(spool);
    writeFileSync(join(spool, 'a.log'), requests('/a'));
    add(spool);
    return cwd;
  }

  /** Counts once, and expects the one file counted, and all else said to be skipped and left. */
  async function expectSkipped(cwd: string, names: readonly string[], ...args: string[]) {
    const before = namesIn(join(cwd, 'spool'));
    const ended = await runToEnd(['watch', 'spool', '--once', '-o', 'ndjson', ...args], { cwd });
    expect(ended.code).toBe(0);
    expectHarmless(ended);
    expect(countedBy(ended)).toEqual(new Map([['/a', 1]]));
    const skipped = said(ended.stderr, 'not read').map(({ file }) => file);
    expect(skipped.sort()).toEqual(names.map((name) => join('spool', name)).sort());
    const after = before.map((name) => (name === 'a.log' ? 'a.log.COMPLETED' : name));
    expect(namesIn(join(cwd, 'spool'))).toEqual(after.sort());
  }

  it('a link, wherever it leads, is not followed', async () => {
    const cwd = placeWith((spool) => {
      for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, join(spool, name));
    });
    await expectSkipped(cwd, Object.keys(LINKS), '--recursive');
  });

  it('a directory that is called like a log is none, nor is what is in it', async () => {
    const cwd = placeWith((spool) => {
      mkdirSync(join(spool, 'access.log'));
      writeFileSync(join(spool, 'access.log', 'b.log'), requests('/b'));
    });
    await expectSkipped(cwd, []);
  });

  it.skipIf(lacks('mkfifo'))('a FIFO that nobody writes holds nobody up', async () => {
    const cwd = placeWith((spool) => execFileSync('mkfifo', [join(spool, 'fifo.log')]));
    await expectSkipped(cwd, ['fifo.log']);
  });

  it('a socket is not read', async () => {
    const cwd = placeWith(() => {});
    const server = createServer().listen(join(cwd, 'spool', 's.log'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expectSkipped(cwd, ['s.log']);
    server.close();
  });

  it.skipIf(cannotMakeDevices)('a device without an end is not read (needs mknod)', async () => {
    const cwd = placeWith((spool) => {
      for (const [name, minor] of Object.entries({ null: '3', zero: '5' })) {
        execFileSync('mknod', [join(spool, name), 'c', '1', minor]);
      }
    });
    await expectSkipped(cwd, ['null', 'zero']);
  });

  it('a name that is not UTF-8 is said once, and left', async () => {
    const cwd = placeWith((spool) => {
      const path = Buffer.concat([Buffer.from(`${spool}/`), Buffer.from([0xff, 0x1b, 0xfe])]);
      writeFileSync(path, requests('/b'));
    });
    const ended = await runToEnd(['watch', 'spool', '--once', '-o', 'ndjson'], { cwd });
    expect(ended.code).toBe(0);
    expectHarmless(ended);
    expect(countedBy(ended)).toEqual(new Map([['/a', 1]]));
    expect(said(ended.stderr, 'not read')).toMatchObject([{ reason: 'its name is not UTF-8' }]);
  });
});
