/**
 * An Avro sender whose calls were encoded before it begins, so that it cannot be what limits a receiver.
 * One call is under way at a time, as with a sink of Flume.
 *
 *   node bench/peers/sending-client.js LOG PORT BATCH
 *
 * Prints a line of JSON when the last call is answered.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** Of the protocol as Flume has it: who knows it needs no more. */
const FLUME_HASH = Buffer.from('86aadae2c45474c0fe93ffd0f2350a65', 'hex');
const NULL = Buffer.of(0);
const EMPTY_MAP = Buffer.of(2, 0);
const HANDSHAKE = Buffer.concat([FLUME_HASH, NULL, FLUME_HASH, EMPTY_MAP]);
const MESSAGE = Buffer.concat([NULL, Buffer.of(22), Buffer.from('appendBatch')]);
/** What Java cuts calls into. */
const BUFFER = 8192;
const OK = '000000';

const [path, port, size] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { calls, events } = encodeCalls(readFileSync(path), size);

const socket = connect({ port, host: '127.0.0.1', noDelay: true });
let next = 0;
let begin = 0;
/** @type {Buffer<ArrayBufferLike>} */
let rest = Buffer.alloc(0);
socket.on('connect', () => {
  begin = performance.now();
  socket.write(calls[next++]);
});
socket.on('data', (piece) => {
  rest = Buffer.concat([rest, piece]);
  const answer = answerIn(rest);
  if (answer === undefined) return;
  rest = Buffer.alloc(0);
  if (!answer.endsWith(OK)) fail(`call ${next} was answered with ${answer}`);
  if (next < calls.length) {
    socket.write(calls[next++]);
    return;
  }
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({ events, seconds, cpu: (user + system) / 1e6 })}\n`);
  socket.end();
});
socket.on('error', (error) => fail(String(error)));
socket.on('close', () => {
  if (next < calls.length) fail(`the connection was closed after ${next} calls`);
});

/**
 * The buffers of a frame, put together, as hex; undefined as long as it is not complete.
 * @param {Buffer} bytes
 */
function answerIn(bytes) {
  let text = '';
  let at = 8;
  if (bytes.length < at) return undefined;
  for (let buffers = bytes.readUInt32BE(4); buffers > 0; buffers--) {
    if (bytes.length < at + 4) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (bytes.length < end) return undefined;
    text += bytes.toString('hex', at + 4, end);
    at = end;
  }
  return text;
}

/** @param {Buffer} log @param {number} batch */
function encodeCalls(log, batch) {
  /** @type {Buffer[]} */
  const calls = [];
  let events = 0;
  for (let at = 0; at < log.length; ) {
    /** @type {Uint8Array[]} */
    const parts = [];
    let count = 0;
    while (count < batch && at < log.length) {
      const end = log.indexOf(10, at);
      parts.push(NULL, encodeLong(end - at), log.subarray(at, end));
      at = end + 1;
      count += 1;
    }
    events += count;
    const call = [MESSAGE, encodeLong(count), ...parts, NULL];
    const serial = calls.length + 1;
    calls.push(frame(serial, Buffer.concat(serial === 1 ? [HANDSHAKE, ...call] : call)));
  }
  return { calls, events };
}

/** @param {number} serial @param {Buffer} payload */
function frame(serial, payload) {
  /** @type {Uint8Array[]} */
  const parts = [integer(serial), integer(Math.ceil(payload.length / BUFFER))];
  for (let at = 0; at < payload.length; at += BUFFER) {
    const buffer = payload.subarray(at, at + BUFFER);
    parts.push(integer(buffer.length), buffer);
  }
  return Buffer.concat(parts);
}

/** @param {number} value */
function integer(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** @param {number} value not negative */
function encodeLong(value) {
  const bytes = [];
  let rest = value * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.of(...bytes, rest);
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
