import { describe, expect, it } from 'vitest';
import type { ForwardFlags } from '../../src/cli/flags.js';
import { resolveForward } from '../../src/cli/forward/resolve-forward.js';
import { LogwinError } from '../../src/core/errors.js';
import type { DeliveringSinkConfig } from '../../src/core/forward-config.js';

const AVRO = 'avro://flume:4141';

function resolve(flags: ForwardFlags, ...sources: string[]) {
  const args = sources.length > 0 ? sources : ['./spool'];
  return resolveForward(args, flags, 'web1').config;
}

function sinkOf(flags: ForwardFlags): DeliveringSinkConfig {
  const [sink] = resolve(flags).sinks;
  if (sink.kind !== 'deliver') throw new Error('it does not deliver');
  return sink;
}

describe('forward', () => {
  it('sends as Flume does where nothing is said, but does not wait three seconds', () => {
    expect(sinkOf({ to: [AVRO] })).toMatchObject({
      batch: 100,
      inFlight: 1,
      linger: 50,
      policy: { kind: 'failover', mostPenalty: 30_000 },
      deliveries: [{ host: 'flume', port: 4141, connectTimeout: 20_000, requestTimeout: 20_000 }],
    });
  });

  it('takes several hosts, in their order', () => {
    const sink = sinkOf({ to: ['avro://a:1,[::1]:2?compression=deflate'], balance: 'round-robin' });
    expect(sink.policy).toEqual({ kind: 'round-robin', mostPenalty: 30_000 });
    expect(sink.deliveries).toMatchObject([
      { name: 'a:1', host: 'a', port: 1, layers: { compression: 'deflate' } },
      { name: '[::1]:2', host: '::1', port: 2, layers: { compression: 'deflate' } },
    ]);
  });

  it('gives each --to a channel of its own, and every source puts into all of them', () => {
    const { sources, channels, sinks } = resolve(
      { to: [AVRO, 'flume+pull://:9988'] },
      './spool',
      'avro://:9092',
    );
    const names = [AVRO, 'flume+pull://:9988'];
    expect(channels.map(({ name }) => name)).toEqual(names);
    expect(sinks.map(({ channel }) => channel)).toEqual(names);
    expect(sources.map((source) => source.channels)).toEqual([names, names]);
    expect(sinks[1]).toMatchObject({ kind: 'pull-server', host: '127.0.0.1', port: 9988 });
  });

  it('gives headers in the order asked for, those of files to files alone', () => {
    const header = ['file', 'basename', 'timestamp', 'host', 'env=a=b'];
    const { sources } = resolve({ to: [AVRO], header }, './spool', '-');
    expect(sources[0].headers).toEqual([
      { kind: 'file', header: 'file', form: 'absolute' },
      { kind: 'file', header: 'basename', form: 'basename' },
      { kind: 'timestamp', header: 'timestamp', preserve: false },
      { kind: 'constant', header: 'host', value: 'web1', preserve: false },
      { kind: 'constant', header: 'env', value: 'a=b', preserve: false },
    ]);
    expect(sources[1].headers).toEqual(sources[0].headers.slice(2));
  });

  it.each<[string, ForwardFlags, string]>([
    ['nowhere to go', {}, '--to is missing; say where to with --to avro://HOST:PORT'],
    ['a scheme of sources', { to: ['http://a:1'] }, 'is no place that events can be sent to'],
    ['a path', { to: ['./out'] }, 'is no place that events can be sent to'],
    ['the same twice', { to: [AVRO, AVRO] }, 'is given twice'],
    ['no port', { to: ['avro://flume'] }, "has no HOST:PORT in 'flume'"],
    ['no batch', { to: [AVRO], batch: '0' }, '--batch 0 is not a whole number of at least 1'],
    [
      'a batch that never fills up',
      { to: [AVRO], batch: '100', channelLines: '99' },
      '--batch 100 is more than the channel holds',
    ],
    ['none in flight', { to: [AVRO], inFlight: '0' }, '--in-flight 0'],
    ['no time', { to: [AVRO], timeout: '0' }, '--timeout 0 is no time at all'],
    ['another balance', { to: ['avro://a:1,b:2'], balance: 'best' }, '--balance best is not known'],
    [
      'how to push what is asked for',
      { to: ['flume+pull://:1'], inFlight: '2' },
      '--in-flight says how events are pushed, and here they are asked for',
    ],
    [
      'a choice of one',
      { to: [AVRO], balance: 'random' },
      '--balance chooses among several hosts, and there is one',
    ],
    ['a header without value', { to: [AVRO], header: ['env'] }, "--header 'env' is not known"],
    ['a header twice', { to: [AVRO], header: ['a=1', 'a=2'] }, "--header gives 'a' twice"],
    [
      'a line that never fits',
      { to: [AVRO], maxLine: '64MiB' },
      '--max-line 64MiB leaves no room for its line end in the channel',
    ],
  ])('refuses %s', (_, flags, message) => {
    expect(() => resolve(flags)).toThrow(LogwinError);
    expect(() => resolve(flags)).toThrow(message);
  });

  it('refuses the name of a file where there is none', () => {
    expect(() => resolve({ to: [AVRO], header: ['file'] }, '-')).toThrow(
      '--header file names a file, and no source is a directory',
    );
  });
});
