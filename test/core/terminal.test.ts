import { WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { terminalOf } from '../../src/core/output/terminal.js';

/** A stream of no descriptor, which knows what Node's knows of colours. */
function streamOf(columns: number, rows: number): WriteStream {
  return Object.assign(Object.create(WriteStream.prototype), { columns, rows });
}

describe('a terminal', () => {
  test.each([
    ['a usual one', { TERM: 'xterm-256color' }, true, true],
    ['NO_COLOR', { TERM: 'xterm-256color', NO_COLOR: '1' }, false, true],
    ['a dumb one', { TERM: 'dumb' }, false, false],
    ['a dumb one with FORCE_COLOR', { TERM: 'dumb', FORCE_COLOR: '1' }, true, false],
    ['an unknown one', {}, false, false],
  ])('%s', (_, env, hasColors, movesCursor) => {
    expect(terminalOf(streamOf(80, 24), env)).toMatchObject({ hasColors, movesCursor });
  });

  test('has the size that its stream has at the moment', () => {
    const stream = streamOf(100, 30);
    const terminal = terminalOf(stream, {});
    expect([terminal.columns, terminal.rows]).toEqual([100, 30]);
    stream.columns = 50;
    expect(terminal.columns).toBe(50);
  });

  test('has the usual size where it does not say', () => {
    const terminal = terminalOf(streamOf(0, 0), {});
    expect([terminal.columns, terminal.rows]).toEqual([80, 24]);
  });
});
