import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { CountFlags, WatchFlags } from '../../src/cli/flags.js';
import { resolveCount, resolveDemo, resolveWatch } from '../../src/cli/resolve.js';
import { PLAIN } from '../../src/core/endpoint.js';

const watch = (flags: WatchFlags, ...args: string[]) =>
  resolveWatch(args.length === 0 ? ['spool'] : args, flags, false);
const count = (flags: CountFlags, ...files: string[]) => resolveCount(files, flags, false);

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) });

describe('defaults', () => {
  it('are those of the design', () => {
    expect(watch({})).toEqual({
      config: {
        sources: [
          {
            kind: 'spool',
            directory: 'spool',
            include: [],
            ignore: [],
            recursive: false,
            order: 'oldest',
            after: { kind: 'rename' },
            suffix: '.COMPLETED',
            settle: 1000,
            once: false,
          },
        ],
        state: { kind: 'usual' },
        maxLine: 65_536,
        channelLines: 100_000,
        channelBytes: 67_108_864,
        by: ['url'],
        maxKeys: 1_000_000,
        maxKeyBytes: 67_108_864,
        kernel: 'simd',
        threads: Math.min(4, availableParallelism()),
        window: 300_000,
        slide: 1000,
        top: 10,
        mode: 'watch',
        output: 'tsv',
        onChange: false,
        ticks: 0,
      },
      log: { level: 'info', file: undefined },
    });
  });

  it('parse on as many threads as are asked for', () => {
    expect(resolveWatch(['spool'], { threads: '3' }, true).config.threads).toBe(3);
    expect(resolveCount([], { threads: '1' }, true).config.threads).toBe(1);
    expect(resolveWatch(['avro://:1'], { threads: '3' }, true).config.threads).toBe(3);
  });

  it('parse on one thread where all comes over the network, unless told otherwise', () => {
    expect(resolveWatch(['avro://:1', 'flume+pull://a:1'], {}, true).config.threads).toBe(1);
    const usual = resolveWatch(['spool'], {}, true).config.threads;
    expect(resolveWatch(['avro://:1', 'spool'], {}, true).config.threads).toBe(usual);
  });

  it('keep the journal where it is asked for, and for the demonstration nowhere else', () => {
    const state = { kind: 'directory', directory: 'elsewhere' };
    expect(watch({ state: 'elsewhere' }).config.state).toEqual(state);
    expect(watch({ state: false }).config.state).toEqual({ kind: 'none' });
    expect(resolveDemo('tmp', {}, true).config.state).toEqual({ kind: 'none' });
    expect(resolveDemo('tmp', { state: 'elsewhere' }, true).config.state).toEqual(state);
    expect(count({}).config.state).toEqual({ kind: 'none' });
    expect(() => watch({ state: '' })).toThrow(refused(/^--state is empty/));
  });

  it('give a table on a terminal', () => {
    expect(resolveWatch(['spool'], {}, true).config.output).toBe('table');
    expect(resolveWatch(['spool'], { output: 'csv' }, true).config.output).toBe('csv');
  });

  it('let count run once over everything', () => {
    const { config } = count({ by: 'host' }, 'a.log', '-');
    expect(config).toMatchObject({ window: 'all', mode: 'once', ticks: 0, by: ['host'] });
    expect(config.sources).toEqual([{ kind: 'file', path: 'a.log' }, { kind: 'standard-input' }]);
  });

  it('let count read standard input when no file is named', () => {
    expect(count({}).config.sources).toEqual([{ kind: 'standard-input' }]);
  });

  it('let demo delete what it made, unless told otherwise', () => {
    expect(resolveDemo('tmp', {}, false).config.sources).toMatchObject([
      { directory: 'tmp', after: { kind: 'delete' } },
    ]);
    expect(resolveDemo('tmp', { after: 'keep' }, false).config.sources).toMatchObject([
      { after: { kind: 'keep' } },
    ]);
  });
});

describe('values', () => {
  it.each<[WatchFlags, object]>([
    [{ window: 'all' }, { window: 'all' }],
    [
      { window: '5m', slide: '200ms' },
      { window: 300_000, slide: 200 },
    ],
    [{ top: '0' }, { top: 0 }],
    [{ by: 'url, status' }, { by: ['url', 'status'] }],
    [{ once: true }, { mode: 'once', sources: [{ once: true }] }],
    [
      { ticks: '3', onChange: true },
      { ticks: 3, onChange: true },
    ],
    [
      { maxLine: '1KiB', maxKeys: '5', maxKeyBytes: '500' },
      { maxLine: 1024, maxKeys: 5 },
    ],
    [
      { channelLines: '7', channelBytes: '1MiB' },
      { channelLines: 7, channelBytes: 1_048_576 },
    ],
    [{ maxLine: '1048575', channelBytes: '1MiB' }, { maxLine: 1_048_575 }],
    [{ after: 'move:done' }, { sources: [{ after: { kind: 'move', directory: 'done' } }] }],
    [{ settle: '0', suffix: '.done' }, { sources: [{ settle: 0, suffix: '.done' }] }],
    [{ include: ['*.log'], order: 'name' }, { sources: [{ include: ['*.log'], order: 'name' }] }],
  ])('of %j', (flags, config) => {
    expect(watch(flags).config).toMatchObject(config);
  });

  it.each<[WatchFlags, RegExp]>([
    [{ window: '5 minutes' }, /^--window '5 minutes' .*; write it as 300/],
    [{ window: '0' }, /^--window 0 is no time at all/],
    [{ slide: '-1' }, /^--slide -1 is not a duration/],
    [{ settle: '' }, /^--settle '' is not a duration/],
    [{ top: '-1' }, /^--top -1 is not a whole number of at least 0/],
    [{ top: '1e3' }, /^--top 1e3/],
    [{ ticks: '0' }, /^--ticks 0 is not a whole number of at least 1/],
    [{ by: 'ulr' }, /^--by ulr is not known; choose one of url, path/],
    [{ by: '' }, /^--by '' is not known/],
    [{ by: 'header.' }, /^--by header. is not known; choose one of url/],
    [{ by: 'header.a,header.a' }, /^--by header.a,header.a names 'header.a' twice/],
    [{ by: 'header.a\tb' }, /^--by "header.a\\tb" has a control character/],
    [{ by: 'url,host,url' }, /^--by url,host,url names 'url' twice/],
    [{ output: 'xml' }, /^--output xml is not known; choose one of table, tsv/],
    [{ order: 'random' }, /^--order random is not known; choose one of oldest/],
    [{ after: 'move' }, /^--after move is not known; choose one of rename, move:DIR/],
    [{ after: 'move:' }, /^--after move: is not known/],
    [{ suffix: '' }, /^--suffix is empty/],
    [{ suffix: 'a/b' }, /^--suffix a\/b holds a '\/'/],
    [{ include: [''] }, /^--include is empty/],
    [{ ignore: ['x', ''] }, /^--ignore is empty/],
    [{ maxLine: '0' }, /^--max-line 0 is not a size of at least one/],
    [{ maxLine: '64K' }, /^--max-line 64K .*; write it as 500, 64KiB/],
    [{ maxLine: '2MiB', channelBytes: '1MiB' }, /^--max-line 2MiB .*--channel-bytes 1MiB.*larger/],
    [{ maxLine: '1MiB', channelBytes: '1MiB' }, /^--max-line 1MiB .*no room for its line end/],
    [{ maxKeys: '0' }, /^--max-keys 0/],
    [{ maxKeys: '67108865' }, /^--max-keys 67108865 is too many; stay at or below 67108864/],
    [{ maxLine: '2GiB' }, /^--max-line 2GiB is too large; stay at or below 1GiB/],
    [{ maxKeyBytes: '2GiB' }, /^--max-key-bytes 2GiB is too large/],
    [{ maxKeyBytes: 'x' }, /^--max-key-bytes x/],
    [{ channelLines: '0' }, /^--channel-lines 0/],
    [{ threads: '0' }, /^--threads 0 is not a whole number of at least 1/],
    [{ threads: '65' }, /^--threads 65 is too many/],
    [{ channelBytes: '1.5' }, /^--channel-bytes 1.5/],
    [{ logLevel: 'loud' }, /^--log-level loud is not known; choose one of silent, fatal/],
    [{ logFile: '' }, /^--log-file is empty/],
    [{ once: true, ticks: '2' }, /^--once prints one snapshot, and --ticks is about many/],
    [{ once: true, onChange: true }, /^--once prints one snapshot, and --on-change/],
  ])('of %j are refused', (flags, message) => {
    expect(() => watch(flags)).toThrow(refused(message));
  });

  it('make room in the channel of count for the longest line', () => {
    expect(count({ maxLine: '1GiB' }).config.channelBytes).toBe(1_073_741_825);
  });
});

describe('keys', () => {
  it('may be of headers, whose names stay as they are', () => {
    const { by } = watch({ by: 'header.File.Name, url,header.file' }, 'avro://:1').config;
    expect(by).toEqual(['header.File.Name', 'url', 'header.file']);
    expect(() => count({ by: 'url,header.x' })).toThrow(
      refused(/no source has events with headers/),
    );
  });
});

describe('sources', () => {
  it('are taken in the order given', () => {
    expect(watch({}, 'b', '-', 'a').config.sources).toMatchObject([
      { directory: 'b' },
      { kind: 'standard-input' },
      { directory: 'a' },
    ]);
  });

  it.each<[string[], RegExp]>([
    [['-', '-'], /standard input is named more than once; give '-' once/],
    [['http://host:80'], /http:\/\/host:80: no source of the scheme 'http' is known; .*avro:/],
    [['avro://host'], /^source avro:\/\/host has no HOST:PORT/],
    [['avro://:9092?batch=1'], /has an unknown parameter 'batch'/],
    [['flume+pull://:9092'], /names no host to connect to/],
    [['flume+pull://a:1,b:2'], /names several hosts/],
    [['flume+pull://a:1?batch=0'], /a:1\?batch=0: batch 0 is not a whole number of at least 1/],
    [[''], /a source is empty/],
  ])('%j are refused', (args, message) => {
    expect(() => watch({}, ...args)).toThrow(refused(message));
  });

  it('of the network are what their URLs and the options say', () => {
    const flags = { ack: 'durable', state: 'dir', maxCall: '1MiB', maxConnections: '2' };
    const urls = ['AVRO://:0?compression=deflate', 'flume+pull://agent:9999?batch=50'];
    expect(watch(flags, ...urls).config.sources).toEqual([
      {
        kind: 'avro',
        host: '127.0.0.1',
        port: 0,
        layers: { ...PLAIN, compression: 'deflate' },
        ack: 'durable',
        maxCall: 1_048_576,
        maxConnections: 2,
        patience: 10_000,
      },
      { kind: 'pull', host: 'agent', port: 9999, layers: PLAIN, ack: 'durable', batch: 50 },
    ]);
    expect(watch({}, 'avro://:1', 'flume+pull://a:1').config.sources).toMatchObject([
      { ack: 'channel', maxCall: 16_777_216, maxConnections: 64 },
      { ack: 'channel', batch: 1000 },
    ]);
  });

  it.each<[WatchFlags, string[], RegExp]>([
    [{ once: true }, ['a', 'avro://:1'], /^--once ends when all is read.*leave --once out/],
    [{ ack: 'durable' }, ['avro://:1'], /^--ack durable .* none is kept; say where with --state/],
    [{ ack: 'durable', state: false }, ['a', 'avro://:1'], /^--ack durable .* none is kept/],
    [{ ack: 'later' }, ['avro://:1'], /^--ack later is not known; choose one of channel, durable/],
    [{ maxCall: '2GiB' }, ['avro://:1'], /^--max-call 2GiB is too large/],
    [{ maxConnections: '0' }, ['avro://:1'], /^--max-connections 0 is not/],
    [{ by: 'header.file' }, ['a', '-'], /^--by header.file asks for 'header.file', and no source/],
  ])('with %j, %j are refused', (flags, args, message) => {
    expect(() => watch(flags, ...args)).toThrow(refused(message));
  });

  it('may be acknowledged durably where a directory has the journal', () => {
    expect(watch({ ack: 'durable' }, 'avro://:1', 'a').config.state).toEqual({ kind: 'usual' });
  });

  it("of count may name '-' once", () => {
    expect(() => count({}, '-', 'a', '-')).toThrow(refused(/standard input/));
  });
});
