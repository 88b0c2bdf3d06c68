import { describe, expect, test } from 'vitest';
import { OUTPUT_FORMATS, type OutputFormat } from '../../src/core/config.js';
import type { Terminal } from '../../src/core/output/terminal.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { createSink } from '../../src/sink/create-sink.js';
import { HOSTILE_KEYS, row, snapshotOf, terminalOf } from './snapshots.js';

/** Takes at once what a sink gives, and says how it was given. */
class TakingWriter {
  readonly terminal: Terminal | undefined;
  readonly appended: string[] = [];
  readonly framed: string[] = [];

  constructor(terminal?: Terminal) {
    this.terminal = terminal;
  }

  append(render: () => string): void {
    this.appended.push(render());
  }

  frame(render: () => string): void {
    this.framed.push(render());
  }
}

const watching = {
  by: ['url'],
  window: 300_000,
  output: 'tsv',
  onChange: false,
  mode: 'watch',
} as const;

async function shown(
  config: Partial<Parameters<typeof createSink>[0]>,
  snapshots: readonly Snapshot[],
  terminal?: Terminal,
): Promise<TakingWriter> {
  const writer = new TakingWriter(terminal);
  const sink = await createSink({ ...watching, ...config }, writer);
  for (const snapshot of snapshots) sink.show(snapshot);
  return writer;
}

describe('where a snapshot goes', () => {
  const some = snapshotOf([row('/a', 1)]);

  test('a table is drawn in place on a terminal', async () => {
    const { appended, framed } = await shown({ output: 'table' }, [some, some], terminalOf(80));
    expect([appended.length, framed.length]).toEqual([0, 2]);
    expect(framed[0]).toBe(framed[1]);
  });

  test('a batch run appends its table, whole, and tells of all that it counted', async () => {
    const many = snapshotOf(Array.from({ length: 100 }, (_, index) => row(`/${index}`, 1)));
    const { appended, framed } = await shown(
      { output: 'table', mode: 'once' },
      [many],
      terminalOf(80, 10),
    );
    expect([appended.length, framed.length]).toEqual([1, 0]);
    expect(appended[0].split('\n')).toHaveLength(104);
    expect(appended[0]).toMatch(/^all · 100 requests/);
  });

  test('a terminal that moves no cursor gets one table after the other', async () => {
    const dumb = { ...terminalOf(80), movesCursor: false };
    const { appended } = await shown({ output: 'table' }, [some, some], dumb);
    expect(appended).toHaveLength(2);
    expect(appended[1]).toBe(`\n${appended[0]}`);
  });

  test.each(OUTPUT_FORMATS.filter((output) => output !== 'table'))(
    '%s is appended, also on a terminal',
    async (output) => {
      const { appended } = await shown({ output }, [some], terminalOf(80));
      expect(appended).toHaveLength(1);
    },
  );

  test.each<OutputFormat>(['tsv', 'csv'])(
    '%s escapes bidirectional controls on a terminal alone',
    async (output) => {
      const tricky = snapshotOf([row('/\u202e', 1)]);
      const file = await shown({ output }, [tricky]);
      expect(file.appended[0]).toContain('/\u202e');
      const terminal = await shown({ output }, [tricky], terminalOf(80));
      expect(terminal.appended[0]).toContain('/\\xe2\\x80\\xae');
    },
  );
});

describe('hostile keys', () => {
  const rows = HOSTILE_KEYS.map((key) => row(key, 1));
  const cases = OUTPUT_FORMATS.flatMap((output) => [
    { output, where: 'a terminal', terminal: terminalOf(80) },
    { output, where: 'a file', terminal: undefined },
  ]);

  test.each(cases)('$output on $where has no control character', async ({ output, terminal }) => {
    const { appended, framed } = await shown(
      { output },
      [snapshotOf(rows, { other: 1 })],
      terminal,
    );
    const text = [...appended, ...framed].join('');
    const layout = output === 'csv' ? /[\r\n]/g : /[\t\n]/g;
    expect(text.replace(layout, '')).not.toMatch(/\p{Cc}/u);
    if (terminal !== undefined) expect(text).not.toMatch(/\p{Bidi_Control}/u);
  });

  test.each<OutputFormat>(['tsv', 'csv', 'ndjson', 'pprint'])(
    '%s has its lines and no more',
    async (output) => {
      const { appended } = await shown({ output }, [snapshotOf(rows)]);
      const lines = { tsv: rows.length, csv: rows.length + 1, ndjson: 1, pprint: rows.length + 4 };
      expect(appended[0].split('\n')).toHaveLength(lines[output as keyof typeof lines] + 1);
    },
  );
});

describe('on change', () => {
  const first = snapshotOf([row('/a', 1)]);
  const numbers = async (snapshots: readonly Snapshot[]): Promise<number[]> => {
    const writer = new TakingWriter();
    const sink = await createSink({ ...watching, output: 'ndjson', onChange: true }, writer);
    return snapshots.map((snapshot) => {
      sink.show(snapshot);
      return writer.appended.length;
    });
  };

  test('the first is shown, then only what differs', async () => {
    const later = { ...snapshotOf([row('/a', 1)]), end: first.end + 1000, rate: 5, rejected: 9 };
    expect(await numbers([first, first, later])).toEqual([1, 1, 1]);
  });

  test('an empty first one is shown too', async () => {
    expect(await numbers([snapshotOf([]), snapshotOf([])])).toEqual([1, 1]);
  });

  test.each([
    ['a count', snapshotOf([row('/a', 2)])],
    ['a key', snapshotOf([row('/b', 1)])],
    ['a row more', snapshotOf([row('/a', 1), row('/b', 1)])],
    ['no row', snapshotOf([])],
    ['what is over the bounds', snapshotOf([row('/a', 1)], { other: 1 })],
  ])('%s', async (_, second) => {
    expect(await numbers([first, second, second, first])).toEqual([1, 2, 2, 3]);
  });
});
