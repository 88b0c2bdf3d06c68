/** Every key that Flume's guide has for these components is read, or named where it is refused. */
import { describe, expect, it } from 'vitest';
import { AVRO_SINK, AVRO_SOURCE, agent, faults, SPOOL } from './agent-file.js';

const TLS = 'ssl include-protocols exclude-protocols include-cipher-suites exclude-cipher-suites';
const SOURCE = 'type channels interceptors selector.type selector.optional.x';
const SINK = 'type channel';

const KEYS: readonly (readonly [
  part: 'source' | 'channel' | 'sink',
  given: readonly string[],
  keys: string,
])[] = [
  [
    'source',
    SPOOL,
    `${SOURCE} spoolDir fileSuffix deletePolicy trackingPolicy trackerDir fileHeader fileHeaderKey basenameHeader
    basenameHeaderKey batchSize includePattern ignorePattern consumeOrder recursiveDirectorySearch pollDelay maxBackoff
    inputCharset decodeErrorPolicy deserializer deserializer.maxLineLength deserializer.outputCharset
    bufferMaxLineLength bufferMaxLines`,
  ],
  [
    'source',
    AVRO_SOURCE,
    `${SOURCE} bind port threads compression-type keystore keystore-password keystore-type ${TLS} ipFilter ipFilterRules`,
  ],
  [
    'source',
    ['type = netcat', 'bind = x', 'port = 1'],
    `${SOURCE} bind port max-line-length ack-every-event encoding`,
  ],
  [
    'channel',
    [],
    'type capacity transactionCapacity keep-alive byteCapacity byteCapacityBufferPercentage',
  ],
  [
    'sink',
    AVRO_SINK,
    `${SINK} hostname port batch-size connect-timeout request-timeout reset-connection-interval compression-type
    compression-level truststore truststore-password truststore-type trust-all-certs maxIoWorkers ${TLS}`,
  ],
  ['sink', ['type = logger'], `${SINK} maxBytesToLog`],
  ['sink', ['type = null'], `${SINK} batchSize logEveryNEvents`],
  [
    'sink',
    ['type = file_roll', 'sink.directory = d'],
    `${SINK} sink.directory sink.rollInterval sink.batchSize sink.serializer sink.serializer.appendNewline sink.pathManager
    sink.pathManager.prefix sink.pathManager.extension`,
  ],
];

const CASES = KEYS.flatMap(([part, given, keys]) =>
  keys.split(/\s+/).map((key) => ({ part, given, key, type: given[0] ?? 'type = memory' })),
);

describe('known keys', () => {
  it.each(CASES)('$type: $key', ({ part, given, key }) => {
    const found = faults(agent({ [part]: [...given, `${key} = x`] }));
    expect(found.filter((fault) => fault.includes('is not known to'))).toEqual([]);
  });
});
