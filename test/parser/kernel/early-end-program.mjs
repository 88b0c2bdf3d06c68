/** Uses the built parser with threads, closes it, and then has nothing more to do. */
import { readFileSync } from 'node:fs';
import { KERNEL_FILE } from '../../../dist/parser/kernel/built-files.js';
import { KernelParser } from '../../../dist/parser/kernel/kernel-parser.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const parser = new KernelParser({
  ...{ by: ['url'], maxLine: 1000, maxKeys: 1000, maxKeyBytes: 100_000, bufferSize: 65_536 },
  ...{ module: new WebAssembly.Module(readFileSync(KERNEL_FILE)), threads: 3, log },
});
const origin = { name: 'test', added() {}, acknowledged() {}, memo: () => undefined };
const end = process.argv[2];

/** As long as anybody takes them. */
async function take() {
  if (end === 'a failure of the outlet' && memories.size === 3) throw new Error('broken');
  const buffer = await parser.buffers.acquire();
  memories.add(buffer.buffer);
  const bytes = buffer.subarray(0, buffer.write('h - - [t] "GET /a" 200 5 "" ""\n'));
  return /** @type {const} */ ({ kind: 'lines', origin, start: 0, end: 31, bytes });
}

/** Threads whose memory was used. */
const memories = new Set();
try {
  for await (const { batch } of parser.answers({ take })) {
    parser.keys.added();
    if (end === 'an end before they are ready' || memories.size === 3) break;
    if (batch.kind === 'lines') parser.buffers.release(batch.bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
} catch {
  // The failure of the outlet.
}
parser.close();
process.stdout.write('closed\n');
