import { describe, expect, it } from 'vitest';
import { AVRO_SOURCE, agent, ENVIRONMENT, faults, notes, resolve, SPOOL } from './agent-file.js';

const source = (...lines: string[]) => resolve(agent({ source: lines })).config.sources[0];
const spool = (...lines: string[]) => source(...SPOOL, ...lines).source;
const faultsOf = (...lines: string[]) => faults(agent({ source: lines }));

describe('a spooling directory', () => {
  it.each<[string, object]>([
    ['fileSuffix = .DONE', { suffix: '.DONE' }],
    ['deletePolicy = IMMEDIATE', { after: { kind: 'delete' } }],
    ['deletePolicy = never', { after: { kind: 'rename' } }],
    ['trackingPolicy = tracker_dir', { after: { kind: 'keep' } }],
    ['includePattern = .*\\\\.log', { include: [/^(?:[^\n\r\u0085\u2028\u2029]*\u{2e}log)$/u] }],
    ['consumeOrder = Youngest', { order: 'youngest' }],
    ['consumeOrder = random', { order: 'oldest' }],
    ['recursiveDirectorySearch = TRUE', { recursive: true }],
    ['recursiveDirectorySearch = false', { recursive: false }],
  ])('with %s', (line, expected) => {
    const found = spool(line);
    if (!line.startsWith('include')) expect(found).toMatchObject(expected);
    else expect(found).toMatchObject({ include: [expect.any(RegExp)] });
  });

  it('reads names that a pattern matches in whole', () => {
    const found = spool('includePattern = .*\\\\.log', 'ignorePattern = ^x.*');
    if (found.kind !== 'spool') throw new Error(found.kind);
    const [include] = found.include;
    const [ignore] = found.ignore;
    if (typeof include === 'string' || typeof ignore === 'string') throw new Error('globs');
    expect([include.test('a.log'), include.test('a.log.gz'), include.test('alog')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([ignore.test('xa'), ignore.test('ax')]).toEqual([true, false]);
  });

  it.each<[string[], object[]]>([
    [['fileHeader = true'], [{ kind: 'file', header: 'file', form: 'absolute' }]],
    [['fileHeader = true', 'fileHeaderKey = f'], [{ kind: 'file', header: 'f', form: 'absolute' }]],
    [['basenameHeader = true'], [{ kind: 'file', header: 'basename', form: 'basename' }]],
    [
      ['basenameHeader = true', 'basenameHeaderKey = b'],
      [{ kind: 'file', header: 'b', form: 'basename' }],
    ],
    [['fileHeaderKey = f'], []],
  ])('with %j has headers', (lines, expected) => {
    expect(source(...SPOOL, ...lines).headers).toEqual(expected);
  });

  it.each([
    ['deserializer.maxLineLength = 100000', 300_000],
    ['bufferMaxLineLength = 50000', 150_000],
    ['deserializer.maxLineLength = 10', 65_536],
  ])('with %s has the run take lines of %i bytes', (line, maxLine) => {
    const { config, notes } = resolve(agent({ source: [...SPOOL, line] }));
    expect(config.maxLine).toBe(maxLine);
    expect(notes).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('left out') }),
    );
  });

  it.each([
    ['trackerDir = .t', 'in/.t'],
    ['trackerDir = /var/t', '/var/t'],
  ])('with %s keeps the journal there', (line, directory) => {
    const { state } = resolve(agent({ source: [...SPOOL, line] })).config;
    expect(state).toEqual({ kind: 'directory', directory });
  });

  it('leaves it to the command line where that says where the journal is', () => {
    const text = agent({ source: [...SPOOL, 'trackerDir = .t'] });
    expect(resolve(text, { state: 'elsewhere' }).config.state).toEqual({
      kind: 'directory',
      directory: 'elsewhere',
    });
    expect(resolve(text, { state: false }).config.state).toEqual({ kind: 'none' });
  });

  it('says what it does better, whatever the file says', () => {
    const said = notes(agent({ source: SPOOL }));
    for (const what of ['read as it grows', 'gets a number', 'as it is']) {
      expect(said).toContainEqual(
        expect.stringMatching(`${what}\\. \\(source: a1\\.sources\\.r1\\)`),
      );
    }
  });

  it.each([
    'pollDelay = 100',
    'maxBackoff = 100',
    'decodeErrorPolicy = REPLACE',
    'bufferMaxLines = 5',
    'batchSize = 50',
    'trackerDir = x',
    'consumeOrder = random',
  ])('takes %s, and says what becomes of it', (line) => {
    expect(notes(agent({ source: [...SPOOL, line] }))).toContainEqual(
      expect.stringMatching(`^x\\.conf:6: a1\\.sources\\.r1\\.${line}: `),
    );
  });

  it.each([
    [['inputCharset = US-ASCII'], true],
    [['inputCharset = utf8'], true],
    [['inputCharset = ISO-8859-1', 'deserializer.outputCharset = latin1'], true],
    [['inputCharset = ISO-8859-1'], false],
    [['deserializer.outputCharset = ISO-8859-1'], false],
    [['inputCharset = GBK', 'deserializer.outputCharset = GBK'], false],
    [['inputCharset = UTF-16'], false],
  ])('takes %j where bytes may pass as they are: %s', (lines, isTaken) => {
    expect(faultsOf(...SPOOL, ...lines).length === 0).toBe(isTaken);
  });

  it.each([
    ['deserializer = AVRO', 'only LINE is'],
    [
      'deserializer = org.apache.flume.sink.solr.morphline.BlobDeserializer$Builder',
      'only LINE is',
    ],
    ['deletePolicy = delay', 'choose one of never, immediate'],
    ['trackingPolicy = x', 'choose one of rename, tracker_dir'],
    ['consumeOrder = name', 'choose one of oldest, youngest, random'],
    ['fileSuffix = a/b', "holds a '/'"],
    ['fileHeader = yes', 'is neither true nor false'],
    ['ignorePattern = (?i)x', 'has the flags (?i), which is not supported'],
    ['batchSize = 1e2', 'is not a whole number of at least 1'],
    ['pollDelay = soon', 'is not a whole number'],
    ['spooldir = x', 'is not known to the type spooldir; did you mean spoolDir?'],
    ['filHeader = true', 'did you mean fileHeader?'],
    ['selector.type = multiplexing', 'a source for each channel'],
    ['selector.optional = c1', 'take the line out'],
    ['positionFile = x', 'take the line out'],
  ])('with %s is at fault', (line, expected) => {
    const found = faultsOf(...SPOOL, line);
    expect(found).toEqual([expect.stringMatching(/^x\.conf:6: a1\.sources\.r1\./)]);
    expect(found[0]).toContain(expected);
  });

  it.each(['deserializer = line', 'selector.type = replicating'])('takes %s', (line) => {
    expect(faultsOf(...SPOOL, line)).toEqual([]);
  });

  it('needs a directory', () => {
    expect(faultsOf('type = spooldir')).toEqual([
      'x.conf:4: a1.sources.r1 has no spoolDir; say which directory is read',
    ]);
  });

  it('shares one journal with the others', () => {
    const more = [
      'a1.sources = r1 r2',
      'a1.sources.r2.type = spooldir',
      'a1.sources.r2.spoolDir = b',
      'a1.sources.r2.channels = c1',
      'a1.sources.r2.trackerDir = t',
    ];
    const text = agent({ source: [...SPOOL, 'trackerDir = t'], more });
    expect(faults(text)).toEqual([expect.stringContaining('there is one journal')]);
    expect(faults(text, { state: 's' })).toEqual([]);
  });
});

describe('interceptors', () => {
  const rules = (...lines: string[]) =>
    source(...SPOOL, 'interceptors = i', ...lines.map((line) => `interceptors.i.${line}`)).headers;

  it.each<[string[], object]>([
    [['type = timestamp'], { kind: 'timestamp', header: 'timestamp', preserve: false }],
    [
      ['type = TIMESTAMP', 'headerName = t', 'preserveExisting = true'],
      { kind: 'timestamp', header: 't', preserve: true },
    ],
    [
      ['type = org.apache.flume.interceptor.TimestampInterceptor$Builder'],
      { kind: 'timestamp', header: 'timestamp', preserve: false },
    ],
    [
      ['type = host'],
      { kind: 'constant', header: 'host', value: ENVIRONMENT.hostAddress, preserve: false },
    ],
    [
      ['type = host', 'useIP = false', 'hostHeader = h'],
      { kind: 'constant', header: 'h', value: ENVIRONMENT.hostName, preserve: false },
    ],
    [['type = static'], { kind: 'constant', header: 'key', value: 'value', preserve: true }],
    [
      ['type = static', 'key = k', 'value = v', 'preserveExisting = false'],
      { kind: 'constant', header: 'k', value: 'v', preserve: false },
    ],
  ])('%j', (lines, expected) => {
    expect(rules(...lines)).toEqual([expected]);
  });

  it('apply in the order of their list, after what the file gives', () => {
    const lines = [
      'fileHeader = true',
      'interceptors = b a',
      'interceptors.a.type = host',
      'interceptors.b.type = static',
    ];
    const kinds = source(...SPOOL, ...lines).headers.map(({ header }) => header);
    expect(kinds).toEqual(['file', 'key', 'host']);
  });

  it.each([
    [['interceptors = i', 'interceptors.i.type = regex_filter'], 'is not supported'],
    [['interceptors = i', 'interceptors.i.type = com.example.My$Builder'], 'is not supported'],
    [['interceptors = i', 'interceptors.i.type = timestmp'], 'did you mean timestamp?'],
    [['interceptors = i'], 'lists i, which has no properties'],
    [['interceptors = i', 'interceptors.i.key = x'], 'interceptors.i has no type'],
    [
      ['interceptors = i', 'interceptors.i.type = static', 'interceptors.i.ky = x'],
      'did you mean key?',
    ],
  ])('%j are at fault', (lines, expected) => {
    expect(faultsOf(...SPOOL, ...lines)).toEqual([expect.stringContaining(expected)]);
  });

  it('that are not listed are not used, and that is said', () => {
    const text = agent({ source: [...SPOOL, 'interceptors.i.type = host'] });
    expect(notes(text)).toContainEqual(expect.stringContaining('interceptor that is not listed'));
  });
});

describe('an avro source', () => {
  it('listens where it is told', () => {
    expect(source(...AVRO_SOURCE).source).toMatchObject({
      kind: 'avro',
      host: '0.0.0.0',
      port: 4141,
      ack: 'channel',
      layers: { compression: 'none', tls: undefined, tlsInside: true },
    });
    expect(source(...AVRO_SOURCE, 'compression-type = deflate').source).toMatchObject({
      layers: { compression: 'deflate' },
    });
  });

  it.each([
    [['type = avro', 'port = 1'], 'has no bind'],
    [['type = avro', 'bind = x'], 'has no port'],
    [[...AVRO_SOURCE, 'port = 65536'], 'is no port'],
    [[...AVRO_SOURCE, 'ipFilter = true'], 'firewall'],
    [[...AVRO_SOURCE, 'ipFilterRules = allow:ip:*'], 'firewall'],
    [[...AVRO_SOURCE, 'compression-type = gzip'], 'choose one of none, deflate'],
    [[...AVRO_SOURCE, 'compression-level = 6'], 'is not known to the type avro'],
    [[...AVRO_SOURCE, 'truststore = x'], 'is not known to the type avro'],
    [[...AVRO_SOURCE, 'bnd = x'], 'did you mean bind?'],
  ])('%j is at fault', (lines, expected) => {
    expect(faultsOf(...lines)).toContainEqual(expect.stringContaining(expected));
  });

  it.each(['threads = 4', 'keystore-type = PKCS12'])(
    'takes %s, and says that it is not used',
    (line) => {
      expect(notes(agent({ source: [...AVRO_SOURCE, line] }))).toContainEqual(
        expect.stringContaining(line),
      );
    },
  );

  it('takes a filter that is off', () => {
    expect(faultsOf(...AVRO_SOURCE, 'ipFilter = false')).toEqual([]);
  });
});

describe('a netcat source', () => {
  const NETCAT = ['type = netcat', 'bind = localhost', 'port = 0'];

  it.each<[string[], object]>([
    [[], { host: 'localhost', port: 0, maxLine: 512, acknowledge: true }],
    [['max-line-length = 2000', 'ack-every-event = false'], { maxLine: 2000, acknowledge: false }],
    [['encoding = UTF-8'], { maxLine: 512 }],
  ])('with %j', (lines, expected) => {
    expect(source(...NETCAT, ...lines).source).toMatchObject(expected);
  });

  it('has the run take lines as long as it does', () => {
    const text = agent({ source: [...NETCAT, 'max-line-length = 100000'] });
    expect(resolve(text).config.maxLine).toBe(300_000);
  });

  it.each([
    ['max-line-length = 1', 'at least 2'],
    ['encoding = GBK', 'is not supported'],
    ['ack-every-evnt = true', 'did you mean ack-every-event?'],
  ])('with %s is at fault', (line, expected) => {
    expect(faultsOf(...NETCAT, line)).toEqual([expect.stringContaining(expected)]);
  });
});
