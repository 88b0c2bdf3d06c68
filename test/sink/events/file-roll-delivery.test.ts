import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogwinError, systemError } from '../../../src/core/errors.js';
import type { FileRollOptions } from '../../../src/core/forward-config.js';
import { FileRollDelivery } from '../../../src/sink/events/file-roll-delivery.js';
import {
  type CreateFile,
  createFile,
  type FileToWrite,
} from '../../../src/sink/events/rolled-file.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { eventually, scratch } from '../../support/scratch.js';
import { encoded } from './parts.js';

const temporary = scratch();
/** What the clock begins at. */
const START = 1_800_000_000_000;

class Rolled {
  readonly directory = temporary();
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly delivery: FileRollDelivery;

  constructor(options: Partial<FileRollOptions> = {}, create?: CreateFile) {
    const all = {
      name: 'k1',
      directory: this.directory,
      rollAfter: 30_000,
      prefix: '',
      extension: '',
      lineEnds: true,
      ...options,
    };
    this.delivery = new FileRollDelivery(all, { clock: this.clock, log: this.log }, create);
  }

  names(): string[] {
    return readdirSync(this.directory).sort();
  }

  content(number: number): string {
    return readFileSync(join(this.directory, `${START}-${number}`), 'latin1');
  }
}

/** Makes files of which `write`, `truncate` or `datasync` can be made to fail. */
function faulty(faults: {
  write?: (bytes: Uint8Array, file: FileToWrite) => Promise<number | undefined>;
  truncate?: () => Promise<void>;
  datasync?: () => Promise<void>;
}): CreateFile {
  return async (path) => {
    const file = await createFile(path);
    return {
      write: async (bytes, offset, length, position) => {
        const most = (await faults.write?.(bytes, file)) ?? length;
        return file.write(bytes, offset, Math.min(most, length), position);
      },
      truncate: async (length) => {
        await faults.truncate?.();
        await file.truncate(length);
      },
      datasync: async () => {
        await file.datasync();
        await faults.datasync?.();
      },
      close: () => file.close(),
    };
  };
}

const full = (): Error => systemError('ENOSPC', 'no space left on device');

describe('the rolled files', () => {
  it('hold each body with a line end', async () => {
    const rolled = new Rolled();
    await rolled.delivery.open();
    expect(rolled.names()).toEqual([]);
    await rolled.delivery.deliver(encoded(['a', '', 'cc']));
    await rolled.delivery.deliver(encoded(['d']));
    expect(rolled.names()).toEqual([`${START}-1`]);
    expect(rolled.content(1)).toBe('a\n\ncc\nd\n');
    await rolled.delivery.close();
  });

  it('have the name that was asked for, and bodies alone where that was', async () => {
    const rolled = new Rolled({ prefix: 'p-', extension: '.log', lineEnds: false });
    await rolled.delivery.deliver(encoded(['a', 'b']));
    expect(rolled.names()).toEqual([`p-${START}-1.log`]);
    expect(readFileSync(join(rolled.directory, `p-${START}-1.log`), 'latin1')).toBe('ab');
    await rolled.delivery.close();
  });

  it('begin anew after a time, and only when there is something to write', async () => {
    const rolled = new Rolled();
    await rolled.delivery.deliver(encoded(['a']));
    rolled.clock.advance(29_999);
    await rolled.delivery.deliver(encoded(['b']));
    rolled.clock.advance(1);
    rolled.clock.advance(300_000);
    expect(rolled.names()).toHaveLength(1);
    await rolled.delivery.deliver(encoded(['c']));
    expect([rolled.content(1), rolled.content(2)]).toEqual(['a\nb\n', 'c\n']);
    rolled.clock.advance(30_000);
    await rolled.delivery.deliver(encoded(['d']));
    expect(rolled.content(3)).toBe('d\n');
    await rolled.delivery.close();
    expect(rolled.clock.timers).toBe(0);
  });

  it('stay one file where the time is 0', async () => {
    const rolled = new Rolled({ rollAfter: 0 });
    await rolled.delivery.deliver(encoded(['a']));
    expect(rolled.clock.timers).toBe(0);
    await rolled.delivery.close();
  });

  it('overwrite nothing', async () => {
    const rolled = new Rolled();
    writeFileSync(join(rolled.directory, `${START}-1`), 'mine');
    writeFileSync(join(rolled.directory, `${START}-2`), 'mine');
    await rolled.delivery.deliver(encoded(['a']));
    expect([1, 2, 3].map((number) => rolled.content(number))).toEqual(['mine', 'mine', 'a\n']);
    await rolled.delivery.close();
  });

  it('keep chunks that come together apart', async () => {
    const rolled = new Rolled();
    const bodies = Array.from({ length: 30 }, (_, at) => `${at}`.repeat(50));
    await Promise.all(bodies.map((body) => rolled.delivery.deliver(encoded([body, body]))));
    expect(rolled.content(1)).toBe(bodies.map((body) => `${body}\n${body}\n`).join(''));
    await rolled.delivery.close();
  });

  it('are written on where a write was short', async () => {
    const create = faulty({ write: async () => 3 });
    const rolled = new Rolled({}, create);
    await rolled.delivery.deliver(encoded(['0123456789', 'abc']));
    expect(rolled.content(1)).toBe('0123456789\nabc\n');
    await rolled.delivery.close();
  });

  it('have nothing twice when the disk was full for a while', async () => {
    let writes = 0;
    const create = faulty({
      write: async () => {
        writes += 1;
        if (writes === 2) return 4;
        if (writes === 3) throw full();
        return undefined;
      },
    });
    const rolled = new Rolled({}, create);
    await rolled.delivery.deliver(encoded(['first']));
    const chunk = encoded(['second', 'third']);
    await expect(rolled.delivery.deliver(chunk)).rejects.toThrow('no space');
    expect(rolled.content(1)).toBe('first\n');
    await rolled.delivery.deliver(chunk);
    expect(rolled.content(1)).toBe('first\nsecond\nthird\n');
    expect(rolled.names()).toHaveLength(1);
    await rolled.delivery.close();
  });

  it('count nothing as delivered that is not on the disk', async () => {
    const synchronised: string[] = [];
    const create: CreateFile = async (path) => {
      const datasync = async (): Promise<void> => {
        synchronised.push(basename(path));
        if (synchronised.length === 2) throw systemError('EIO', 'input/output error');
      };
      return faulty({ datasync })(path);
    };
    const rolled = new Rolled({}, create);
    await rolled.delivery.deliver(encoded(['a']));
    await expect(rolled.delivery.deliver(encoded(['b']))).rejects.toMatchObject({ code: 'EIO' });
    expect(rolled.content(1)).toBe('a\n');
    // The next synchronisation of that file could succeed, though its lines are lost.
    await rolled.delivery.deliver(encoded(['b']));
    expect([rolled.content(1), rolled.content(2)]).toEqual(['a\n', 'b\n']);
    expect(synchronised).toEqual([`${START}-1`, `${START}-1`, `${START}-2`]);
    expect(rolled.log.lines).toEqual([
      [
        'warn',
        'A file may end with lines that are also in the next one.',
        { file: join(rolled.directory, `${START}-1`), reason: 'input/output error' },
      ],
    ]);
    await rolled.delivery.close();
  });

  it('are let go with a warning where the system fails to close them', async () => {
    let fault = systemError('EIO', 'input/output error');
    const rolled = new Rolled({}, async (path) => {
      const file = await faulty({})(path);
      return {
        ...file,
        close: async () => {
          await file.close();
          throw fault;
        },
      };
    });
    await rolled.delivery.deliver(encoded(['a']));
    await rolled.delivery.close();
    expect(rolled.log.lines).toEqual([
      ['warn', 'A file could not be closed.', { reason: 'input/output error' }],
    ]);
    await rolled.delivery.deliver(encoded(['a']));
    fault = new TypeError('a bug');
    await expect(rolled.delivery.close()).rejects.toBe(fault);
  });

  it('begin anew, with a warning, where what was not written to its end cannot be cut off', async () => {
    let fails = true;
    const create = faulty({
      write: async (bytes, file) => {
        if (!fails) return undefined;
        await file.write(bytes, 0, 2, 0);
        throw full();
      },
      truncate: async () => {
        throw systemError('EIO', 'input/output error');
      },
    });
    const rolled = new Rolled({}, create);
    await expect(rolled.delivery.deliver(encoded(['abc']))).rejects.toThrow('no space');
    fails = false;
    await rolled.delivery.deliver(encoded(['abc']));
    expect([rolled.content(1), rolled.content(2)]).toEqual(['ab', 'abc\n']);
    expect(rolled.log.lines.map(([level, message]) => [level, message])).toEqual([
      ['warn', 'A file may end with lines that are also in the next one.'],
    ]);
    await rolled.delivery.close();
  });

  it('are made again where they could not be made', async () => {
    let fails = true;
    const rolled = new Rolled({}, async (path) => {
      if (fails) throw full();
      return createFile(path);
    });
    await expect(rolled.delivery.deliver(encoded(['a']))).rejects.toThrow('no space');
    fails = false;
    await rolled.delivery.deliver(encoded(['a']));
    expect(rolled.names()).toEqual([`${START}-1`]);
    await rolled.delivery.close();
  });

  it('are closed in time, though nothing comes', async () => {
    let closed = 0;
    const rolled = new Rolled({}, async (path) => {
      const file = await createFile(path);
      return {
        write: file.write.bind(file),
        truncate: file.truncate.bind(file),
        datasync: file.datasync.bind(file),
        close: async () => {
          closed += 1;
          await file.close();
        },
      };
    });
    await rolled.delivery.deliver(encoded(['a']));
    rolled.clock.advance(30_000);
    await eventually(() => closed === 1);
  });
});

describe('a directory that cannot be used', () => {
  const failureOf = async (directory: string): Promise<unknown> =>
    new Rolled({ directory }).delivery.open().then(
      () => 'it opened',
      (error) => error,
    );

  it('is refused where it is absent, or a file', async () => {
    const base = temporary();
    const file = join(base, 'file');
    writeFileSync(file, '', { mode: 0o777 });
    for (const directory of [join(base, 'absent'), file]) {
      const error = await failureOf(directory);
      expect(error).toBeInstanceOf(LogwinError);
      expect(error).toMatchObject({ code: 'source-unusable' });
      expect(String(error)).toContain(directory);
    }
  });

  it.skipIf(process.getuid?.() === 0)(
    'is refused where it cannot be written to (not as root)',
    async () => {
      const directory = join(temporary(), 'locked');
      mkdirSync(directory);
      chmodSync(directory, 0o555);
      expect(await failureOf(directory)).toMatchObject({ code: 'source-unusable' });
    },
  );
});
