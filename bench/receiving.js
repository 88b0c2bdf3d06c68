/** Receivers that a client sends a log to, and how fast they took it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { agentFile, freePort, SOURCE_STARTED, startAgent } from '../test/interop/peers/flume.js';
import { LOGWIN } from './program.js';
import { consumption, Running } from './running.js';

/**
 * @typedef {object} Received
 * @property {number} transfer seconds from the first call to the answer of the last
 * @property {number} cpu seconds of the receiver, since its start
 * @property {number} peak bytes of the receiver's memory
 * @property {number} clientCpu seconds, encoding included
 */

/**
 * @typedef {object} Receiving
 * @property {number} pid
 * @property {Promise<void>} ready when it listens
 * @property {() => Promise<number>} end gives how many events it took
 * @property {() => void} kill
 */

/** @typedef {(place: { work: string, port: number }) => Receiving} StartReceiver */

const BATCH = 1000;
const CLIENT = fileURLToPath(new URL('peers/sending-client.js', import.meta.url));
const run = promisify(execFile);

/**
 * @param {StartReceiver} start
 * @param {{ path: string, lines: number, work: string }} what
 * @returns {Promise<Received>}
 */
export async function receiveOnce(start, { path, lines, work: parent }) {
  const work = mkdtempSync(join(parent, 'receive-'));
  const port = await freePort();
  const receiver = start({ work, port });
  try {
    await receiver.ready;
    const args = [CLIENT, path, String(port), String(BATCH)];
    const { stdout } = await run(process.execPath, args);
    const { events, seconds, cpu } = JSON.parse(stdout);
    if (events !== lines) throw new Error(`${events} of ${lines} lines were sent.`);
    const consumed = consumption(receiver.pid);
    const taken = await receiver.end();
    if (taken !== lines) throw new Error(`${taken} of ${lines} lines were taken.`);
    return { transfer: seconds, clientCpu: cpu, ...consumed };
  } finally {
    receiver.kill();
    rmSync(work, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** @param {string} memory of its heap, at most @returns {StartReceiver} */
export function flumeReceiver(memory) {
  return ({ work, port }) => {
    const text = agentFile({
      source: { type: 'avro', bind: '127.0.0.1', port },
      channel: { capacity: 10 * BATCH, transactionCapacity: BATCH },
      sink: { type: 'null', batchSize: BATCH },
    });
    const agent = startAgent('flume-1.11', work, text, { memory });
    return {
      pid: agent.pid,
      ready: agent.says(SOURCE_STARTED),
      end: async () => {
        await agent.stop();
        return Number(/src\.events\.accepted == ([0-9]+)/.exec(agent.said)?.[1]);
      },
      kill: () => agent.kill('SIGKILL'),
    };
  };
}

/** @param {...string} args @returns {StartReceiver} */
export function logwinReceiver(...args) {
  return ({ port }) => {
    const watch = ['watch', `avro://127.0.0.1:${port}`, '-o', 'ndjson', ...args];
    const [program, ...script] = [...LOGWIN, ...watch];
    const running = new Running(program, script);
    return {
      pid: running.pid,
      ready: running.begins,
      end: async () => Number(/"lines":([0-9]+)/.exec(lastLine(await running.end()))?.[1]),
      kill: running.kill,
    };
  };
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}
