/** The key tables of both parsers, to be asked the same. */

import type { Kernel } from '../../src/parser/kernel/kernel.js';
import { entryBytes } from '../../src/parser/kernel/layout.js';
import { BoundedKeyStore } from '../../src/parser/plain/key-store.js';
import { createKernel } from './parsers.js';

interface Bounds {
  readonly maxKeys: number;
  readonly maxKeyBytes: number;
}

export interface Store {
  readonly limit: number;
  /** The numbers of these keys, in their order: new ones where they have none, or `OTHER`. */
  enter(keys: readonly Buffer[]): number[];
  /** The same of one, as what an earlier run counted. */
  enroll(key: Buffer): number;
  remove(key: number): void;
  bytesOf(key: number): Uint8Array;
}

export const STORES: readonly (readonly [name: string, create: (bounds: Bounds) => Store])[] = [
  ['the plain parser', plainStore],
  ['the kernel', (bounds) => kernelStore(createKernel(undefined, bounds))],
];

function plainStore(bounds: Bounds): Store {
  const store = new BoundedKeyStore({ ...bounds, seed: [1, 2] });
  return {
    get limit() {
      return store.limit;
    },
    enter: (keys) =>
      keys.map((key) => {
        const around = Buffer.concat([Buffer.from('<'), key, Buffer.from('>')]);
        return store.intern(around, 1, around.length - 1) >>> 0;
      }),
    enroll: (key) => store.enroll(key),
    remove: (key) => store.remove(key),
    bytesOf: (key) => store.bytesOf(key),
  };
}

export function kernelStore(kernel: Kernel): Store {
  return {
    get limit() {
      return kernel.limit;
    },
    enter: (keys) => [
      ...kernel.adopt(Buffer.concat(keys.map((key) => entryOf(kernel, key))), keys.length),
    ],
    enroll: (key) => kernel.enroll(key),
    remove: (key) => kernel.remove(key),
    bytesOf: (key) => kernel.bytesOf(key),
  };
}

/** As another kernel would have it. What fills it up is not zero, so that it would be seen. */
function entryOf(kernel: Kernel, key: Buffer): Buffer {
  const entry = Buffer.alloc(entryBytes(key.length), 0xee);
  entry.writeUInt32LE(key.length, 4);
  entry.writeUInt32LE(kernel.hashOf(key), 8);
  key.copy(entry, entry.length - entryBytes(key.length) + 12);
  return entry;
}
