/** Faults where they happen: what the system refuses, and what becomes of the files. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemError } from '../../src/core/errors.js';
import { watchForHints } from '../../src/source/spool/change-hints.js';
import { SpoolRun } from '../support/spool-run.js';

/** What fails at the moment. */
const faults = vi.hoisted(() => ({
  /** Reads from this position on. */
  readFrom: Number.POSITIVE_INFINITY,
  /** Opening a file whose path this matches, with this code. */
  open: undefined as { readonly path: RegExp; readonly code: string } | undefined,
  /** Giving a file a name that this matches, with this code. */
  link: undefined as { readonly path: RegExp; readonly code: string } | undefined,
  watch: false,
}));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const read = (
    fd: number,
    into: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, count: number) => void,
  ): void => {
    if (position < faults.readFrom) real.read(fd, into, offset, length, position, done);
    else setImmediate(() => done(systemError('EIO', 'i/o error'), 0));
  };
  const watch = (...args: Parameters<typeof real.watch>): unknown => {
    if (faults.watch) throw systemError('ENOSPC', 'no watches left');
    return real.watch(...args);
  };
  return { ...real, read, watch };
});

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open = async (...args: Parameters<typeof real.open>): Promise<unknown> => {
    const { path, code } = faults.open ?? {};
    if (code !== undefined && path?.test(String(args[0]))) throw systemError(code, 'refused');
    return real.open(...args);
  };
  const link = async (from: string, to: string): Promise<void> => {
    const { path, code } = faults.link ?? {};
    if (code !== undefined && path?.test(to)) throw systemError(code, 'refused');
    return real.link(from, to);
  };
  return { ...real, link, open };
});

vi.mock('chokidar', () => ({
  watch: () => {
    const watcher = Object.assign(new EventEmitter(), { close: async () => {} });
    setImmediate(() => watcher.emit('error', systemError('ENOSPC', 'no watches left')));
    return watcher;
  },
}));

let run: SpoolRun;
beforeEach(() => {
  run = new SpoolRun();
  faults.readFrom = Number.POSITIVE_INFINITY;
  faults.open = faults.link = undefined;
  faults.watch = false;
});
afterEach(() => run.end());

describe('a file that cannot be read', () => {
  it('to its end is set aside; what came before the fault is counted', async () => {
    faults.readFrom = 2_000_000;
    await run.start();
    run.write('bad', 'a line of this file\n'.repeat(200_000));
    run.write('good', 'one\n');
    await run.until(() => run.names().join() === 'bad.FAILED,good.COMPLETED');
    const given = run.lines.length - 1;
    expect(given).toBeGreaterThan(10_000);
    expect(run.log.lines).toContainEqual([
      'error',
      'A file cannot be read and is set aside.',
      expect.objectContaining({ linesRead: given, reason: 'i/o error' }),
    ]);
  });

  it('at all is set aside', async () => {
    faults.open = { path: /bad$/, code: 'EACCES' };
    await run.start();
    run.write('bad', 'one\n');
    await run.until(() => run.names().join() === 'bad.FAILED');
    await run.until(() => run.said('set aside') === 1);
  });

  it.each(['EMFILE', 'ENFILE'])('at the moment, for %s, is tried again', async (code) => {
    faults.open = { path: /a$/, code };
    await run.start();
    run.write('a', 'one\n');
    await run.until(() => run.said('cannot be read at the moment') === 1);
    await run.pass(10_000);
    expect(run.log.lines).toHaveLength(1);
    expect(run.names()).toEqual(['a']);
    faults.open = undefined;
    await run.until(() => run.names().join() === 'a.COMPLETED');
    expect(run.lines).toEqual(['one']);
  });
});

it.each(['ENOSPC', 'EMFILE', 'EACCES'])(
  'a file that cannot be renamed, for %s, stays and is tried again',
  async (code) => {
    faults.link = { path: /\.COMPLETED$/, code };
    await run.start();
    run.write('a', 'one\n');
    await run.until(() => run.said('cannot be retired') === 1);
    await run.pass(60_000);
    expect(run.names()).toEqual(['a']);
    expect(run.log.lines).toHaveLength(1);
    faults.link = undefined;
    await run.until(() => run.names().join() === 'a.COMPLETED');
    expect(run.lines).toEqual(['one']);
  },
);

it.each([false, true])(
  'where no watches are left, files are found by looking (recursive: %s)',
  async (recursive) => {
    faults.watch = true;
    run.use({ recursive });
    run.watchForHints = watchForHints;
    await run.start();
    await run.until(() => run.said('Changes are not told') === 1);
    run.write('a', 'one\n');
    await run.until(() => run.names().join() === 'a.COMPLETED');
    expect(run.lines).toEqual(['one']);
    expect(run.said('Changes are not told')).toBe(1);
  },
);
