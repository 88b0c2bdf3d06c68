import { constants, openSync, write } from 'node:fs';
import type { Clock } from '../core/clock.js';
import { LogwinError, messageOf } from '../core/errors.js';
import { DescriptorOutlet } from '../core/output/descriptor-outlet.js';
import { Writer } from '../core/output/writer.js';

const { O_WRONLY, O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK } = constants;

/**
 * Opens `path` to append to it, and makes it where there is none. Throws `LogwinError('usage')`
 * where that cannot be.
 */
export function openLogFile(path: string, clock: Clock): Writer {
  const fd = open(path);
  return new Writer(
    new DescriptorOutlet((bytes, done) => write(fd, bytes, done), clock, undefined),
    clock,
  );
}

function open(path: string): number {
  try {
    // Not to be held up by a pipe that nobody reads.
    return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK, 0o666);
  } catch (error) {
    const message = `--log-file ${path} cannot be opened (${messageOf(error)})`;
    throw new LogwinError('usage', message, 'name a file that can be written');
  }
}
