/** What becomes of each key of a spooldir source. */
import { HONOURED, type KeyTable, noted, notedNumber, refused } from './keys.js';
import { SOURCE_KEYS } from './source-keys.js';

export const SPOOLDIR_KEYS: KeyTable = {
  ...SOURCE_KEYS,
  spoolDir: HONOURED,
  fileSuffix: HONOURED,
  deletePolicy: HONOURED,
  trackingPolicy: HONOURED,
  trackerDir: HONOURED,
  fileHeader: HONOURED,
  fileHeaderKey: HONOURED,
  basenameHeader: HONOURED,
  basenameHeaderKey: HONOURED,
  batchSize: noted(
    'It is held against the transactionCapacity; what is read is passed on at once.',
  ),
  includePattern: HONOURED,
  ignorePattern: HONOURED,
  consumeOrder: HONOURED,
  recursiveDirectorySearch: HONOURED,
  pollDelay: notedNumber(
    'The directory is looked at when it changes, and four times a second at least.',
  ),
  maxBackoff: notedNumber('A full channel is waited for, without trying again and again.'),
  inputCharset: HONOURED,
  decodeErrorPolicy: noted(
    'Nothing is decoded: bytes are passed on as they are, and none stops the source.',
  ),
  deserializer: refused(
    'is not supported',
    'only LINE is: leave it out, or keep a Flume agent for this and let its avro sink push to an avro source here',
    ['line', 'org.apache.flume.serialization.linedeserializer$builder'],
  ),
  'deserializer.maxLineLength': HONOURED,
  'deserializer.outputCharset': HONOURED,
  bufferMaxLineLength: HONOURED,
  bufferMaxLines: noted('Flume does not use it any more either.'),
};
