import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../../src/cli/log-settings.js';
import { createLogger } from '../../src/cli/logger.js';
import { prettifier } from '../../src/cli/pretty.js';
import type { Logger } from '../../src/core/logger.js';
import { FakeClock } from '../support/fake-clock.js';

const CLOCK = new FakeClock(Date.UTC(2026, 10, 22, 8, 0, 0, 5));

/** What a hostile file name may hold: an escape sequence, C1, DEL, a bidirectional control, lines. */
const HOSTILE = 'a\x1b[2J\x9b1m\x7f\u202eb\r\nc\0';
const HARMLESS = 'a\\x1b[2J\\xc2\\x9b1m\\x7f\\xe2\\x80\\xaeb\\r\\nc\\x00';

function lines(level: LogLevel, say: (log: Logger) => void): string[] {
  const written: string[] = [];
  say(createLogger(level, CLOCK, (line) => written.push(line)));
  return written;
}

function record(say: (log: Logger) => void): unknown {
  return JSON.parse(lines('debug', say)[0]);
}

describe('createLogger', () => {
  it('writes a line of JSON with the time of the clock', () => {
    expect(record((log) => log.warn('Said.', { file: 'a b', lines: 3, whole: true }))).toEqual({
      level: 40,
      time: '2026-11-22T08:00:00.005Z',
      pid: process.pid,
      msg: 'Said.',
      file: 'a b',
      lines: 3,
      whole: true,
    });
  });

  it('escapes what strangers name, in fields and in the message', () => {
    const [line] = lines('info', (log) => log.error(HOSTILE, { file: HOSTILE }));
    expect(JSON.parse(line)).toMatchObject({ msg: HARMLESS, file: HARMLESS });
    expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}](?!$)/u);
  });

  it.each<[LogLevel, string[]]>([
    ['silent', []],
    ['fatal', []],
    ['error', ['e']],
    ['warn', ['w', 'e']],
    ['info', ['i', 'w', 'e']],
    ['debug', ['d', 'i', 'w', 'e']],
    ['trace', ['d', 'i', 'w', 'e']],
  ])('at level %s lets pass %j', (level, passed) => {
    const written = lines(level, (log) => {
      log.debug('d');
      log.info('i');
      log.warn('w');
      log.error('e');
    });
    expect(written.map((line) => JSON.parse(line).msg)).toEqual(passed);
  });
});

describe('prettifier', () => {
  const pretty = (colour: boolean, say: (log: Logger) => void): string =>
    prettifier(colour)(lines('info', say)[0]);

  it('writes one line: time, level, message and fields', () => {
    const line = pretty(false, (log) =>
      log.info('A file is finished.', { file: 'a "b"', lines: 3, empty: '', odd: 'x=y' }),
    );
    expect(line).toMatch(
      /^\[\d\d:\d\d:\d\d\] INFO: A file is finished\. file="a \\"b\\"" lines=3 empty="" odd="x=y"\n$/,
    );
  });

  it('keeps hostile text harmless', () => {
    const line = pretty(false, (log) => log.info(HOSTILE, { file: HOSTILE }));
    expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}](?!$)/u);
    expect(line).toContain(`${HARMLESS} file=${HARMLESS}\n`);
  });

  it('has colours only when asked', () => {
    const say = (log: Logger): void => log.warn('Said.');
    expect(pretty(true, say)).toContain('\x1b[');
    expect(pretty(false, say)).not.toContain('\x1b[');
  });
});
