import { describe, expect, it } from 'vitest';
import { AVRO_SINK, AVRO_SOURCE, agent, faults, notes, resolve } from './agent-file.js';

/** The first sink of an agent that has `lines` of one. */
const sink = (...lines: string[]) => {
  const found = resolve(
    agent({ channel: ['capacity = 5000', 'transactionCapacity = 5000'], sink: lines }),
  ).config.sinks[0];
  return found;
};
const delivery = (...lines: string[]) => {
  const found = sink(...lines);
  return found.kind === 'deliver' ? found.deliveries[0] : found;
};
const faultsOf = (...lines: string[]) => faults(agent({ sink: lines }));

describe('an avro sink', () => {
  it.each<[string, object]>([
    ['connect-timeout = 5000', { connectTimeout: 5000, requestTimeout: 20_000 }],
    ['request-timeout = 1000', { requestTimeout: 1000 }],
    ['request-timeout = 999', { requestTimeout: 20_000 }],
    ['reset-connection-interval = 30', { renewAfter: 30_000 }],
    ['compression-type = DEFLATE', { layers: { compression: 'deflate', level: 6 } }],
    ['compression-level = 9', { layers: { compression: 'none', level: 9 } }],
    ['ssl = true', { layers: { tls: {} } }],
    ['ssl = false', { layers: { tls: undefined } }],
    ['maxIoWorkers = 4', { host: 'far', port: 9092 }],
  ])('with %s', (line, expected) => {
    expect(delivery(...AVRO_SINK, line)).toMatchObject(expected);
  });

  it('takes batches of its size, one at a time, and waits 50 ms for more', () => {
    expect(sink(...AVRO_SINK, 'batch-size = 1000')).toMatchObject({
      batch: 1000,
      inFlight: 1,
      linger: 50,
    });
    const policy = { kind: 'failover', mostPenalty: 30_000 };
    expect(sink(...AVRO_SINK)).toMatchObject({ batch: 100, policy });
  });

  it.each(['request-timeout = 999', 'maxIoWorkers = 4', 'truststore-type = JKS'])(
    'takes %s, and says what becomes of it',
    (line) => {
      expect(notes(agent({ sink: [...AVRO_SINK, line] }))).toContainEqual(
        expect.stringContaining(line),
      );
    },
  );

  it.each([
    [['type = avro', 'port = 1'], 'has no hostname'],
    [['type = avro', 'hostname = h'], 'has no port'],
    [[...AVRO_SINK, 'port = 0'], 'is no port'],
    [[...AVRO_SINK, 'batch-size = 0'], 'at least 1'],
    [[...AVRO_SINK, 'batchSize = 10'], 'did you mean batch-size?'],
    [[...AVRO_SINK, 'compression-level = 10'], 'at most 9'],
    [[...AVRO_SINK, 'include-cipher-suites = X'], 'is not supported'],
    [[...AVRO_SINK, 'keystore = X'], 'is not known to the type avro'],
  ])('%j is at fault', (lines, expected) => {
    expect(faultsOf(...lines)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('TLS', () => {
  const SSL = [...AVRO_SINK, 'ssl = true'];
  const tls = (lines: string[], files = {}) => {
    const [found] = resolve(agent({ sink: lines }), {}, files).config.sinks;
    const [first] = found.kind === 'deliver' ? found.deliveries : [];
    return first?.kind === 'avro' ? first.layers.tls : undefined;
  };

  it.each<[string[], object]>([
    [['exclude-protocols = SSLv3'], {}],
    [['exclude-protocols = SSLv3 TLSv1.3'], { leastVersion: 'TLSv1.2', mostVersion: 'TLSv1.2' }],
    [['include-protocols = TLSv1.2 TLSv1.3'], { leastVersion: 'TLSv1.2', mostVersion: 'TLSv1.3' }],
    [
      ['include-protocols = TLSv1 TLSv1.1 TLSv1.2', 'exclude-protocols = TLSv1'],
      { leastVersion: 'TLSv1.1', mostVersion: 'TLSv1.2' },
    ],
    [['trust-all-certs = true'], { trustAll: true }],
  ])('with %j', (lines, expected) => {
    expect(tls([...SSL, ...lines])).toEqual(expected);
  });

  it.each([
    ['include-protocols = TLSv1.1 TLSv1.3', 'a version between'],
    ['include-protocols = SSLv3', 'names SSLv3'],
    ['exclude-protocols = TLSv1.2 TLSv1.3', 'leaves no version'],
    ['truststore = none.jks', 'cannot be read'],
  ])('with %s is at fault', (line, expected) => {
    expect(faultsOf(...SSL, line)).toEqual([expect.stringContaining(expected)]);
  });

  const PEM = '# the authority\n-----BEGIN CERTIFICATE-----\n';
  const JKS = Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2);
  const PKCS12 = Uint8Array.of(0x30, 0x82, 1, 2);

  it('trusts what a PEM file holds', () => {
    expect(tls([...SSL, 'truststore = ca'], { ca: PEM })).toEqual({ ca: 'ca' });
  });

  it.each([
    [
      'JKS',
      JKS,
      'keytool -importkeystore -srckeystore ca -destkeystore truststore.p12 -deststoretype PKCS12, and then: openssl',
    ],
    ['PKCS#12', PKCS12, 'make one: openssl pkcs12 -nokeys -in ca -out truststore.pem'],
  ])('refuses a trust store that is %s, with the command', (_, ca, expected) => {
    const text = agent({ sink: [...SSL, 'truststore = ca'] });
    expect(faults(text, {}, { ca })).toEqual([expect.stringContaining(expected)]);
  });

  const SERVER = [...AVRO_SOURCE, 'ssl = true', 'keystore = ks', 'keystore-password = geheim'];

  it('listens with the key of a PKCS#12 file, and shows its password nowhere', () => {
    const { config, notes } = resolve(agent({ source: SERVER }), {}, { ks: PKCS12 });
    expect(config.sources[0].source).toMatchObject({
      layers: { tls: { pfx: 'ks', passphrase: 'geheim' } },
    });
    expect(JSON.stringify(notes)).not.toContain('geheim');
    const off = resolve(agent({ source: [...SERVER, 'ssl = false'] }), {}, { ks: PKCS12 });
    expect(JSON.stringify(off.notes)).not.toContain('geheim');
    expect(JSON.stringify(off.notes)).toContain('ssl is not true');
  });

  it.each([
    ['JKS', JKS, 'keytool -importkeystore -srckeystore ks -destkeystore keystore.p12'],
    ['PEM', PEM, 'openssl pkcs12 -export -in ks'],
    ['something else', 'abc', 'is no PKCS#12 file'],
  ])('refuses a key store that is %s', (_, ks, expected) => {
    expect(faults(agent({ source: SERVER }), {}, { ks })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('needs a key store and its password', () => {
    expect(faults(agent({ source: [...AVRO_SOURCE, 'ssl = true'] }))).toEqual([
      expect.stringContaining('has no keystore;'),
      expect.stringContaining('has no keystore-password;'),
    ]);
  });

  it('and compression together are as in Flume 1.10 and after, which is said', () => {
    const text = agent({ sink: [...SSL, 'compression-type = deflate'] });
    expect(notes(text)).toContainEqual(expect.stringContaining('Flume 1.10'));
  });
});

describe('the other sinks', () => {
  it.each<[string[], object]>([
    [['type = logger'], { kind: 'logger', name: 'k1', maxBytes: 16 }],
    [['type = LOGGER', 'maxBytesToLog = 100'], { maxBytes: 100 }],
    [['type = null'], { kind: 'null', name: 'k1' }],
    [
      ['type = file_roll', 'sink.directory = d'],
      {
        kind: 'file-roll',
        directory: 'd',
        rollAfter: 30_000,
        prefix: '',
        extension: '',
        lineEnds: true,
      },
    ],
    [
      [
        'type = file_roll',
        'sink.directory = d',
        'sink.rollInterval = 0',
        'sink.pathManager.prefix = p-',
        'sink.pathManager.extension = log',
        'sink.serializer.appendNewline = false',
        'sink.serializer = TEXT',
        'sink.pathManager = default',
      ],
      { rollAfter: 0, prefix: 'p-', extension: '.log', lineEnds: false },
    ],
    [
      [
        'type = org.apache.spark.streaming.flume.sink.SparkSink',
        'port = 9999',
        'timeout = 5',
        'threads = 3',
      ],
      {
        kind: 'pull-server',
        host: '0.0.0.0',
        port: 9999,
        unacknowledged: 3,
        timeout: 5000,
        channel: 'c1',
        mostEvents: 5000,
      },
    ],
  ])('%j', (lines, expected) => {
    expect(delivery(...lines)).toMatchObject(expected);
  });

  it.each([
    [['type = file_roll'], 'has no sink.directory'],
    [['type = file_roll', 'sink.directory = d', 'sink.serializer = avro_event'], 'only TEXT is'],
    [['type = file_roll', 'sink.directory = d', 'sink.pathManager = ROLLTIME'], 'only DEFAULT is'],
    [['type = file_roll', 'sink.directory = d', 'sink.pathManager.prefix = a/b'], "holds a '/'"],
    [
      ['type = file_roll', 'sink.directory = d', 'sink.rolInterval = 3'],
      'did you mean sink.rollInterval?',
    ],
    [['type = logger', 'maxBytesToLg = 3'], 'did you mean maxBytesToLog?'],
    [['type = null', 'logEveryNEvents = x'], 'is not a whole number'],
    [['type = org.apache.spark.streaming.flume.sink.SparkSink'], 'has no port'],
  ])('%j is at fault', (lines, expected) => {
    expect(faultsOf(...lines)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a sink group', () => {
  const group = (...lines: string[]) => [
    'a1.sinks = k1 k2 k3',
    'a1.sinks.k1.batch-size = 50',
    ...['k2', 'k3'].flatMap((name) =>
      AVRO_SINK.map((line) => `a1.sinks.${name}.${line.replace('far', name)}`),
    ),
    'a1.sinks.k2.channel = c1',
    'a1.sinks.k3.channel = c1',
    'a1.sinkgroups = g1',
    'a1.sinkgroups.g1.sinks = k1 k2 k3',
    ...lines.map((line) => `a1.sinkgroups.g1.${line}`),
  ];
  const text = (...lines: string[]) => agent({ sink: AVRO_SINK, more: group(...lines) });
  const grouped = (...lines: string[]) => {
    const { sinks } = resolve(text(...lines)).config;
    expect(sinks).toHaveLength(1);
    const [found] = sinks;
    if (found.kind !== 'deliver') throw new Error(found.kind);
    return { ...found, hosts: found.deliveries.map(({ name }) => name) };
  };

  it.each<[string[], object]>([
    [
      ['processor.type = failover'],
      { hosts: ['k1', 'k2', 'k3'], policy: { kind: 'failover', mostPenalty: 30_000 } },
    ],
    [
      [
        'processor.type = FAILOVER',
        'processor.priority.k1 = 1',
        'processor.priority.k3 = 10',
        'processor.maxpenalty = 5000',
      ],
      { hosts: ['k3', 'k1', 'k2'], policy: { kind: 'failover', mostPenalty: 5000 } },
    ],
    [
      ['processor.type = load_balance'],
      { hosts: ['k1', 'k2', 'k3'], policy: { kind: 'round-robin', mostPenalty: 0 } },
    ],
    [
      ['processor.type = load_balance', 'processor.selector = RANDOM', 'processor.backoff = true'],
      { policy: { kind: 'random', mostPenalty: 30_000 } },
    ],
    [
      [
        'processor.type = load_balance',
        'processor.backoff = true',
        'processor.selector.maxTimeOut = 7000',
      ],
      { policy: { kind: 'round-robin', mostPenalty: 7000 } },
    ],
  ])('with %j is one sink', (lines, expected) => {
    expect(grouped(...lines)).toMatchObject({ name: 'g1', channel: 'c1', batch: 50, ...expected });
  });

  it('says that its sinks have one size of batch', () => {
    expect(notes(text('processor.type = failover'))).toContainEqual(
      expect.stringContaining('batch: 50'),
    );
  });

  it.each([
    [['processor.type = x'], 'choose one of default, failover, load_balance'],
    [['processor.type = default'], 'are several'],
    [[], 'are several'],
    [
      ['processor.type = failover', 'processor.priority.k1 = 1', 'processor.priority.k2 = 1'],
      'is the priority of k1 too',
    ],
    [
      ['processor.type = failover', 'processor.priority.k9 = 1'],
      'is of a sink that is not in the group',
    ],
    [
      ['processor.type = failover', 'processor.maxPenalty = 1'],
      'did you mean processor.maxpenalty?',
    ],
    [
      ['processor.type = load_balance', 'processor.selector = com.example.Mine'],
      'choose one of round_robin, random',
    ],
    [['processor.type = load_balance', 'processor.priority.k1 = 1'], 'is not known to sinkgroups'],
    [['processor.type = failover', 'sinks = k1 k9'], 'names k9, which is no sink'],
    [['processor.type = load_balance', 'sinks = k1'], 'nothing to balance'],
    [['policy.type = failover', 'processor.type = failover'], 'write processor in place of policy'],
  ])('with %j is at fault', (lines, expected) => {
    expect(faults(text(...lines))).toEqual([expect.stringContaining(expected)]);
  });

  it('has one channel', () => {
    const more = [
      'a1.channels = c1 c2',
      'a1.channels.c2.type = memory',
      'a1.sources.r1.channels = c1 c2',
      'a1.sinks.k2.channel = c2',
    ];
    const conf = `${text('processor.type = failover')}\n${more.join('\n')}`;
    expect(faults(conf)).toEqual([expect.stringContaining('from several channels (c1, c2)')]);
  });

  it('shares no sink with another', () => {
    const more = ['a1.sinkgroups = g1 g2', 'a1.sinkgroups.g2.sinks = k1'];
    const conf = `${text('processor.type = failover')}\n${more.join('\n')}`;
    expect(faults(conf)).toEqual([expect.stringContaining('both have the sink k1')]);
  });
});
