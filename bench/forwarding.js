/** Senders that take a log from a spool directory to an Avro receiver, and how fast they were. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { agentFile, SOURCE_STARTED, startAgent } from '../test/interop/peers/flume.js';
import { LOGWIN } from './program.js';
import { consumption, Running } from './running.js';

/**
 * @typedef {object} Forwarded
 * @property {number} transfer seconds between the first and the last byte that the receiver saw
 * @property {number} wall seconds from the drop to the last byte
 * @property {number} cpu seconds of the sender, since its start
 * @property {number} peak bytes of the sender's memory
 * @property {number} receiverCpu seconds
 */

/**
 * @typedef {object} Sender
 * @property {number} pid
 * @property {Promise<void>} ready when it would see a file
 * @property {() => void} kill
 */

/** @typedef {(place: { work: string, spool: string, port: number }) => Sender} StartSender */

const BATCH = 1000;
const RECEIVER = fileURLToPath(new URL('peers/answering-receiver.js', import.meta.url));

/**
 * Drops a log into the spool directory of a sender that has begun, and waits until all of it was received.
 * @param {StartSender} start
 * @param {{ path: string, lines: number, work: string }} what
 * @returns {Promise<Forwarded>}
 */
export async function forwardOnce(start, { path, lines, work: parent }) {
  const work = mkdtempSync(join(parent, 'forward-'));
  const spool = join(work, 'spool');
  mkdirSync(spool);
  const receiver = new Receiver(lines);
  /** @type {Sender | undefined} */
  let sender;
  try {
    sender = start({ work, spool, port: await receiver.port });
    await sender.ready;
    // A link, so that nothing has to be written to the disk meanwhile; then it is there at once.
    linkSync(path, join(spool, '.log'));
    const dropped = Date.now();
    renameSync(join(spool, '.log'), join(spool, 'log'));
    const seen = await receiver.complete;
    if (seen.events !== lines) throw new Error(`${seen.events} of ${lines} lines were received.`);
    return {
      transfer: (seen.last - seen.first) / 1000,
      wall: (seen.last - dropped) / 1000,
      receiverCpu: seen.cpu,
      ...consumption(sender.pid),
    };
  } finally {
    sender?.kill();
    receiver.kill();
    rmSync(work, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** @param {string} memory of its heap, at most @returns {StartSender} */
export function flumeSender(memory) {
  return ({ work, spool, port }) => {
    const text = agentFile({
      source: { type: 'spooldir', spoolDir: spool, batchSize: BATCH },
      channel: { capacity: 10 * BATCH, transactionCapacity: BATCH },
      sink: { type: 'avro', hostname: '127.0.0.1', port, 'batch-size': BATCH },
    });
    const agent = startAgent('flume-1.11', work, text, { memory });
    return { pid: agent.pid, ready: agent.says(SOURCE_STARTED), kill: () => agent.kill('SIGKILL') };
  };
}

/** @param {...string} args @returns {StartSender} */
export function logwinSender(...args) {
  return ({ spool, port }) => {
    const to = ['--to', `avro://127.0.0.1:${port}`, '--batch', String(BATCH)];
    const [program, ...script] = [...LOGWIN, 'forward', spool, ...to, ...args];
    const running = new Running(program, script);
    return { pid: running.pid, ready: running.begins, kill: running.kill };
  };
}

/** The end that only answers. */
class Receiver {
  /** @type {Promise<number>} */
  port;
  /** @type {Promise<{ events: number, first: number, last: number, cpu: number }>} */
  complete;
  #child;

  /** @param {number} events */
  constructor(events) {
    this.#child = spawn(process.execPath, [RECEIVER, String(events)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: this.#child.stdout });
    this.port = once(lines, 'line').then(([port]) => Number(port));
    this.complete = this.port.then(() => once(lines, 'line')).then(([line]) => JSON.parse(line));
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
