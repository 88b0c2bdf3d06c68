import { beforeEach, describe, expect, test } from 'vitest';
import { Writer } from '../../src/core/output/writer.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeOutlet, FakeTerminal } from './fake-outlet.js';

const OFF = '\x1b[?7l';
const ON = '\x1b[?7h';
const CLEAR_SCREEN = '\x1b[2J\x1b[H';

let terminal: FakeTerminal;
let outlet: FakeOutlet;
let writer: Writer;

beforeEach(() => {
  terminal = new FakeTerminal(40, 6);
  outlet = new FakeOutlet(terminal);
  writer = new Writer(outlet, new FakeClock());
});

/** What was written since this was last asked. */
function written(): string {
  outlet.acceptAll();
  return outlet.writes.splice(0).join('|');
}

function up(rows: number): string {
  return `\r\x1b[${rows}A\x1b[J`;
}

describe('a frame in place', () => {
  test('replaces the frame before, in one write', () => {
    writer.frame(() => 'a\nb\n');
    expect(written()).toBe(`${OFF}a\nb\n${ON}`);
    writer.frame(() => 'c\n');
    expect(written()).toBe(`${up(2)}${OFF}c\n${ON}`);
    writer.frame(() => 'd\n');
    expect(written()).toBe(`${up(1)}${OFF}d\n${ON}`);
  });

  test('log lines go above it, and it is drawn again below', () => {
    writer.frame(() => 'a\nb\n');
    written();
    writer.line('log');
    expect(written()).toBe(`${up(2)}log\n${OFF}a\nb\n${ON}`);
  });

  test('log lines and a new frame that waited are one write', () => {
    writer.frame(() => 'a\n');
    writer.line('log');
    writer.frame(() => 'b\n');
    expect(written()).toBe(`${OFF}a\n${ON}|${up(1)}log\n${OFF}b\n${ON}`);
  });

  test('of waiting frames the newest is drawn, and the others are counted', () => {
    const dropped: number[] = [];
    writer.listen({ snapshotsDropped: (count) => dropped.push(count) });
    for (const text of ['a', 'b', 'c', 'd']) writer.frame(() => text);
    expect(written()).toBe(`${OFF}a\n${ON}|${up(1)}${OFF}d\n${ON}`);
    expect(dropped).toEqual([2]);
  });

  test('clear takes it away, and log lines do not bring it back', () => {
    writer.frame(() => 'a\nb\n');
    written();
    writer.clear();
    expect(written()).toBe(up(2));
    writer.line('log');
    expect(written()).toBe('log\n');
  });

  test('a frame that was cleared before it was drawn is never drawn', () => {
    writer.line('log');
    writer.frame(() => 'a\n');
    writer.clear();
    expect(written()).toBe('log\n');
  });

  test('what is appended stays above', () => {
    writer.frame(() => 'a\n');
    written();
    writer.append(() => 'x\ny\n');
    expect(written()).toBe(`${up(1)}x\ny\n${OFF}a\n${ON}`);
  });

  test('one that is taller than the terminal is cut', () => {
    writer.frame(() => '1\n2\n3\n4\n5\n6\n');
    expect(written()).toBe(`${OFF}1\n2\n3\n4\n… 2 more rows\n${ON}`);
    writer.frame(() => '1\n2\n3\n4\n5\n');
    expect(written()).toBe(`${up(5)}${OFF}1\n2\n3\n4\n5\n${ON}`);
  });

  test('a cut between lines ends the colours of what was cut off', () => {
    writer.frame(() => '1\n2\n3\n\x1b[31m4\n5\x1b[39m\n6\n');
    expect(written()).toBe(`${OFF}1\n2\n3\n\x1b[31m4\n\x1b[0m… 2 more rows\n${ON}`);
  });

  test('a terminal of one row still gets a line', () => {
    terminal.resize(40, 1);
    writer.frame(() => '1\n2\n');
    expect(written()).toBe(`${OFF}… 2 more rows\n${ON}`);
  });

  test('is drawn for the size that the terminal has then', () => {
    writer.frame(() => `${terminal.columns}\n`);
    written();
    terminal.resize(20, 6);
    expect(written()).toBe(`${CLEAR_SCREEN}${OFF}20\n${ON}`);
    writer.frame(() => 'b\n');
    expect(written()).toBe(`${up(1)}${OFF}b\n${ON}`);
  });

  test('a change of size that nobody told of is seen with the next line', () => {
    writer.frame(() => `${terminal.columns}\n`);
    written();
    terminal.columns = 30;
    writer.line('log');
    expect(written()).toBe(`${CLEAR_SCREEN}log\n${OFF}30\n${ON}`);
  });

  test('and so is a change of height', () => {
    writer.frame(() => `${terminal.rows}\n`);
    written();
    terminal.rows = 9;
    writer.line('log');
    expect(written()).toBe(`${up(1)}log\n${OFF}9\n${ON}`);
  });

  test('a change of height alone clears no screen', () => {
    writer.frame(() => '1\n2\n3\n');
    written();
    terminal.resize(40, 3);
    expect(written()).toBe(`${up(3)}${OFF}1\n… 2 more rows\n${ON}`);
  });

  test('a change of size without a frame writes nothing', () => {
    terminal.resize(20, 6);
    writer.line('log');
    terminal.resize(30, 6);
    expect(written()).toBe('log\n');
  });

  test('a change of size while a frame waits drops no snapshot', () => {
    const dropped: number[] = [];
    writer.listen({ snapshotsDropped: (count) => dropped.push(count) });
    writer.frame(() => 'a\n');
    terminal.resize(20, 6);
    writer.frame(() => 'b\n');
    expect(written()).toBe(`${OFF}a\n${ON}|${CLEAR_SCREEN}${OFF}b\n${ON}`);
    expect(dropped).toEqual([]);
  });

  test('a change of size does not hide that a frame waits', () => {
    const dropped: number[] = [];
    writer.listen({ snapshotsDropped: (count) => dropped.push(count) });
    writer.frame(() => 'a\n');
    writer.frame(() => 'b\n');
    terminal.resize(20, 6);
    writer.frame(() => 'c\n');
    written();
    expect(dropped).toEqual([1]);
  });
});
