/**
 * An Avro receiver that does as little as one can: it finds the ends of the calls, counts their events by
 * the number that the batch begins with, and answers OK. It cannot be what limits a sender.
 *
 *   node bench/peers/answering-receiver.js EVENTS
 *
 * Prints its port; when all events are there, a line of JSON. Ends with its standard input.
 */
import { createServer } from 'node:net';

const HANDSHAKE_HEAD = 64 * 1024;
const CALL_HEAD = 64;
/** Handshake: both know both protocols. Then no metadata, no error, status OK. */
const HANDSHAKE = Buffer.alloc(4);
const ANSWER = Buffer.alloc(3);

const expected = Number(process.argv[2]);
let events = 0;
let calls = 0;
let bytes = 0;
let first = 0;

/** Reads a connection piece by piece; no piece has to hold anything complete. */
class Connection {
  #answer;
  #established = false;
  /** Big-endian integers: serial, number of buffers, then the length of each. */
  #integer = 0;
  #integerBytes = 0;
  #place = 0;
  #serial = 0;
  #buffers = 0;
  #rest = 0;
  /** How the call begins. */
  #head = Buffer.alloc(HANDSHAKE_HEAD);
  #headBytes = 0;

  /** @param {(serial: number, payload: Buffer) => void} answer */
  constructor(answer) {
    this.#answer = answer;
  }

  /** @param {Buffer} piece */
  read(piece) {
    for (let at = 0; at < piece.length; ) {
      if (this.#rest > 0) {
        const end = Math.min(piece.length, at + this.#rest);
        this.#keep(piece, at, end);
        this.#rest -= end - at;
        at = end;
        if (this.#rest === 0) this.#bufferEnds();
      } else {
        this.#integer = ((this.#integer << 8) | piece[at++]) >>> 0;
        if (++this.#integerBytes === 4) this.#take(this.#integer);
      }
    }
  }

  /** @param {number} integer */
  #take(integer) {
    this.#integer = 0;
    this.#integerBytes = 0;
    if (this.#place === 0) {
      this.#serial = integer;
      this.#headBytes = 0;
      this.#place = 1;
    } else if (this.#place === 1) {
      this.#buffers = integer;
      this.#place = 2;
    } else {
      this.#rest = integer;
      if (integer === 0) this.#bufferEnds();
    }
  }

  #bufferEnds() {
    this.#buffers -= 1;
    if (this.#buffers > 0) return;
    this.#place = 0;
    this.#callEnds();
  }

  /** @param {Buffer} piece @param {number} at @param {number} end */
  #keep(piece, at, end) {
    const room = (this.#established ? CALL_HEAD : HANDSHAKE_HEAD) - this.#headBytes;
    if (room <= 0) return;
    this.#headBytes += piece.copy(this.#head, this.#headBytes, at, Math.min(end, at + room));
  }

  #callEnds() {
    const reader = new HeadReader(this.#head);
    if (!this.#established) reader.skipHandshake();
    reader.skipMap();
    const message = reader.readString();
    const payload = message === '' ? [] : [ANSWER];
    if (message === 'append') count(1);
    else if (message === 'appendBatch') count(Math.abs(reader.readLong()));
    const parts = this.#established ? payload : [HANDSHAKE, ...payload];
    this.#established = true;
    this.#answer(this.#serial, Buffer.concat(parts));
  }
}

/** The few things of Avro that a call begins with. */
class HeadReader {
  #bytes;
  #at = 0;

  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  skipHandshake() {
    this.#at += 16;
    if (this.readLong() === 1) this.readString();
    this.#at += 16;
    if (this.readLong() === 1) this.skipMap();
  }

  skipMap() {
    for (let entries = this.readLong(); entries !== 0; entries = this.readLong()) {
      if (entries < 0) this.readLong();
      for (let entry = 0; entry < Math.abs(entries); entry++) {
        this.readString();
        this.readString();
      }
    }
  }

  readString() {
    const length = this.readLong();
    this.#at += length;
    return this.#bytes.toString('latin1', this.#at - length, this.#at);
  }

  readLong() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** @param {number} number */
function count(number) {
  events += number;
  calls += 1;
  if (events < expected) return;
  const { user, system } = process.cpuUsage();
  const seen = { events, calls, bytes, first, last: Date.now(), cpu: (user + system) / 1e6 };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}

const server = createServer({ noDelay: true }, (socket) => {
  const connection = new Connection((serial, payload) => {
    const frame = Buffer.allocUnsafe(12 + payload.length);
    frame.writeUInt32BE(serial, 0);
    frame.writeUInt32BE(1, 4);
    frame.writeUInt32BE(payload.length, 8);
    payload.copy(frame, 12);
    socket.write(frame);
  });
  socket.on('data', (piece) => {
    first ||= Date.now();
    bytes += piece.length;
    connection.read(piece);
  });
  // A sender that is ended does not always say goodbye.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.stdout.write(`${address.port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
