import { describe, expect, it } from 'vitest';
import { agent, faults, notes, resolve, SPOOL } from './agent-file.js';

describe('an agent', () => {
  it('is told from the others of the file, of which nothing is said', () => {
    const text = agent({ more: ['a2.sources = x', 'a2.sources.x.type = foo', 'a2.nonsense = 1'] });
    expect(notes(text)).toEqual([expect.stringContaining('read once')]);
  });

  it('that is not there is missed by name', () => {
    expect(faults(agent({ more: ['other.sinks = x'] }), { name: 'a' })).toEqual([
      'x.conf has no agent a: its agents are a1, other; did you mean a1?',
    ]);
  });

  it.each<[string, string[], string]>([
    [
      'a list that names nothing',
      ['a1.sources = r1 r2'],
      'a1.sources lists r2, which has no properties; did you mean a1.sources.r3?',
    ],
    [
      'another kind',
      ['a1.sorces.r1.x = 1'],
      'a1.sorces.r1.x is no component of an agent; did you mean sources?',
    ],
    ['a configuration filter', ['a1.configfilters = f'], 'is a configuration filter'],
    ['a component without a key', ['a1.sources.r1 = 1'], 'names no property'],
    [
      'a source without a type',
      ['a1.sources = r1 r3', 'a1.channels = c1'],
      'a1.sources.r3 has no type; give one of spooldir, avro, netcat',
    ],
  ])('is at fault: %s', (_, lines, expected) => {
    const text = agent({ more: [...lines, 'a1.sources.r3.channels = c1'] });
    expect(faults(text)).toContainEqual(expect.stringContaining(expected));
  });

  it('lists its sources, channels and sinks', () => {
    const text = 'a1.sources.r1.type = netcat\na1.sinks = k1';
    expect(faults(text)).toEqual([
      expect.stringContaining('lists no channels; write a1.channels = <names>'),
      expect.stringContaining('x.conf:1: the agent a1 lists no sources'),
      expect.stringContaining('lists k1, which has no properties'),
    ]);
  });

  it('says all that is wrong at once, in the order of the lines', () => {
    const text = agent({ source: ['type = netcat', 'port = 0x1'], sink: ['type = hdfs'] });
    expect(faults(text)).toEqual([
      expect.stringContaining('x.conf:4: a1.sources.r1 has no bind'),
      expect.stringContaining('x.conf:5: a1.sources.r1.port = 0x1 is no port'),
      expect.stringContaining('x.conf:8: a1.sinks.k1.type = hdfs'),
    ]);
  });

  it('says what it does not use', () => {
    const more = [
      'a1.sinks.k9.type = null',
      'stray = 1',
      'a1.sinks.k1.batchSize =',
      'a1.channels.c1.capacity = 200',
      'a1.channels.c1.capacity = 300',
    ];
    const said = notes(agent({ more }));
    expect(said).toEqual([
      'x.conf:15: a1.channels.c1.capacity = 300: A key is there more than once, and the last one counts. (before: x.conf:14)',
      'x.conf:12: stray = 1: A key that belongs to no agent is not used.',
      'x.conf:13: a1.sinks.k1.batchSize = : A key without a value is not used, as with Flume.',
      expect.stringContaining('read once'),
      'x.conf:11: a1.sinks.k9.type = null: A component that is not listed is not used. (component: sink k9, list: a1.sinks)',
    ]);
  });

  it('may be told by several files, of which a later one wins', () => {
    const files = { 'y.conf': 'a1.sources.r1.port = 7' };
    const { config, notes } = resolve(agent({}), { confFile: ['x.conf', 'y.conf'] }, files);
    expect(config.sources[0].source).toMatchObject({ port: 7 });
    expect(notes[0].fields).toMatchObject({ at: 'y.conf:1', before: 'x.conf:6' });
  });

  it('takes types in any case of letters, and by their classes', () => {
    const source = ['type = org.apache.flume.source.SpoolDirectorySource', 'spoolDir = in'];
    const sink = ['type = org.apache.flume.sink.NullSink'];
    const { config } = resolve(agent({ source, sink, more: ['a1.channels.c1.type = MEMORY'] }));
    expect(config.sources[0].source.kind).toBe('spool');
  });

  it.each([
    ['source', 'taildir', 'use spooldir'],
    ['source', 'exec', 'use spooldir'],
    ['source', 'THRIFT', 'avro'],
    ['source', 'org.apache.flume.source.taildir.TaildirSource', 'use spooldir'],
    ['source', 'org.apache.flume.source.kafka.KafkaSource', 'spooldir'],
    ['source', 'com.example.MySource', 'class of Java'],
    ['channel', 'file', 'use memory'],
    ['channel', 'SPILLABLEMEMORY', 'use memory'],
    ['sink', 'hdfs', 'hdfs dfs -put'],
    ['sink', 'org.apache.flume.sink.hdfs.HDFSEventSink', 'hdfs dfs -put'],
    ['sink', 'org.apache.flume.sink.kafka.KafkaSink', 'avro source'],
    ['sink', 'spark', 'choose one of'],
    ['sink', 'arvo', 'did you mean avro?'],
    ['source', 'spoldir', 'did you mean spooldir?'],
  ])('a %s of the type %s is refused, with what to do', (part, type, remedy) => {
    const paths = { source: 'a1.sources.r1', channel: 'a1.channels.c1', sink: 'a1.sinks.k1' };
    const path = Object.entries(paths).find(([name]) => name === part)?.[1];
    const found = faults(agent({ more: [`${path}.type = ${type}`] }));
    expect(found).toEqual([expect.stringContaining(`${path}.type = ${type} is not `)]);
    expect(found[0].split('; ').slice(1).join('; ')).toContain(remedy);
  });
});

describe('the connections', () => {
  it.each<[string, string[], string]>([
    [
      'a sink with channels',
      ['a1.sinks.k1.channels = c1', 'a1.sinks.k1.channel ='],
      'a1.sinks.k1 has no channel; write channel in place of channels',
    ],
    [
      'a source with channel',
      ['a1.sources.r1.channel = c1', 'a1.sources.r1.channels ='],
      'a1.sources.r1 has no channels; write channels in place of channel',
    ],
    [
      'a channel that is not there',
      ['a1.sinks.k1.channel = c2'],
      'a1.sinks.k1.channel = c2 names c2, which is no channel of this agent; did you mean c1?',
    ],
    [
      'a sink with two channels',
      ['a1.channels = c1 c2', 'a1.channels.c2.type = memory', 'a1.sinks.k1.channel = c1 c2'],
      'name one',
    ],
    [
      'a channel without a source',
      ['a1.channels = c1 c2', 'a1.channels.c2.type = memory'],
      'a1.channels.c2 has no source',
    ],
    [
      'a channel without a sink',
      ['a1.channels = c1 c2', 'a1.channels.c2.type = memory', 'a1.sources.r1.channels = c1 c2'],
      'a1.channels.c2 has no sink',
    ],
  ])('are at fault: %s', (_, more, expected) => {
    expect(faults(agent({ more }))).toContainEqual(expect.stringContaining(expected));
  });

  it('let a source reach several channels', () => {
    const more = [
      'a1.channels = c1 c2',
      'a1.channels.c2.type = memory',
      'a1.sources.r1.channels = c1 c2',
      'a1.sinks = k1 k2',
      'a1.sinks.k2.type = logger',
      'a1.sinks.k2.channel = c2',
    ];
    const { config } = resolve(agent({ more }));
    expect(config.sources[0].channels).toEqual(['c1', 'c2']);
    expect(config.sinks.map(({ name, channel }) => [name, channel])).toEqual([
      ['k1', 'c1'],
      ['k2', 'c2'],
    ]);
  });

  it.each([
    [{ source: [...SPOOL, 'batchSize = 101'] }, 6, 'batchSize 101'],
    [{ sink: ['type = null', 'batchSize = 101'] }, 12, 'batchSize 101'],
    [
      { sink: ['type = avro', 'batch-size = 101', 'hostname = h', 'port = 1'] },
      12,
      'batch-size 101',
    ],
    [
      { sink: ['type = file_roll', 'sink.batchSize = 101', 'sink.directory = d'] },
      12,
      'sink.batchSize 101',
    ],
  ])('hold each batch within a transaction: %j', (parts, line, what) => {
    const text = agent({ channel: ['transactionCapacity = 100', 'capacity = 200'], ...parts });
    expect(faults(text)).toEqual([
      expect.stringMatching(
        `^x\\.conf:${line}: .* ${what} is higher than the transactionCapacity 100 of c1 \\(x\\.conf:`,
      ),
    ]);
  });

  it('hold the batches that nobody gave within a transaction, too', () => {
    expect(faults(agent({ source: SPOOL, channel: ['transactionCapacity = 10'] }))).toHaveLength(2);
  });
});

describe('a memory channel', () => {
  it.each<[string[], object]>([
    [[], { lines: 100, bytes: 67_108_864 }],
    [['capacity = 5000'], { lines: 5000 }],
    [['byteCapacity = 0'], { bytes: 67_108_864 }],
    [['byteCapacity = 1000000'], { bytes: 800_000 }],
    [['byteCapacity = 1000000', 'byteCapacityBufferPercentage = 50'], { bytes: 500_000 }],
    [['byteCapacity = 1000'], { bytes: 65_537 }],
  ])('with %j holds %j', (channel, expected) => {
    expect(resolve(agent({ channel })).config.channels[0]).toMatchObject(expected);
  });

  it('says where it is made larger than it asks for', () => {
    expect(notes(agent({ channel: ['byteCapacity = 1000'] }))).toContainEqual(
      expect.stringContaining('bytes: 65537'),
    );
  });

  it.each([
    [['transactionCapacity = 1000'], 'transactionCapacity 1000 is higher than the capacity 100'],
    [['capacity = 0'], 'is not a whole number of at least 1'],
    [['capacity = many'], 'is not a whole number'],
    [['byteCapacityBufferPercentage = 101'], 'at most 100'],
    [['keepalive = 3'], 'did you mean keep-alive?'],
    [['maxFileSize = 3'], 'is not known to the type memory; take the line out'],
  ])('with %j is at fault', (channel, expected) => {
    expect(faults(agent({ channel }))).toContainEqual(expect.stringContaining(expected));
  });

  it('has avro sources wait for so long as keep-alive says', () => {
    const source = ['type = avro', 'bind = ::1', 'port = 1'];
    const patience = (channel: string[]) =>
      resolve(agent({ source, channel })).config.sources[0].source;
    expect(patience([])).toMatchObject({ patience: 3000 });
    expect(patience(['keep-alive = 10'])).toMatchObject({ patience: 10_000 });
  });
});
