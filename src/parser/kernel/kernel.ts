/**
 * A kernel: an instance of the module in `assembly/`, with a memory of its own. Nothing in it can be
 * shared between threads but the memory, which others may look into and read into.
 */
import { OTHER } from '../../core/answer.js';
import { FIELDS } from '../../core/config.js';
import type { ParserOptions } from '../parser-options.js';
import { type Layout, stageOf } from './layout.js';
import { type Tally, tallyAt } from './tally.js';

/** What the module exports: see `assembly/index.ts`. All are unsigned numbers of 32 bits. */
interface Exports {
  readonly setBounds: (maxLine: number, keys: number, keyBytes: number, fields: number) => void;
  readonly setLineRegions: (...addresses: number[]) => void;
  readonly setTableRegions: (...addresses: number[]) => void;
  readonly parse: (from: number, to: number, answers: number, tally: number) => number;
  readonly adopt: (from: number, to: number, answers: number) => void;
  readonly enroll: (at: number, length: number) => number;
  readonly hashOf: (at: number, length: number) => number;
  readonly clearKeys: () => void;
  readonly removeKey: (key: number) => void;
  readonly keyStart: (key: number) => number;
  readonly keyLength: (key: number) => number;
  readonly keyLimit: () => number;
  readonly usedBytes: () => number;
  readonly roomFor: (keys: number, bytes: number) => number;
}

/** All that is needed for a kernel, on whatever thread: it can be sent to one. */
export interface KernelParts {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly layout: Layout;
  readonly options: Pick<ParserOptions, 'by' | 'maxLine' | 'maxKeys' | 'maxKeyBytes'>;
  /** `SEED_BYTES` random ones. Kernels of one seed have one hash. */
  readonly seed: Uint8Array;
}

/** Throws a `RangeError` where the system has no room for it. */
export function createMemory(layout: Layout): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
}

export class Kernel {
  /** The whole memory. */
  readonly bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #layout: Layout;
  readonly #exports: Exports;

  constructor({ module, memory, layout, options, seed }: KernelParts) {
    const abort = (): never => {
      throw new Error('the kernel gave up');
    };
    const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
    this.#exports = instance.exports as unknown as Exports;
    this.#layout = layout;
    this.bytes = Buffer.from(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.bytes.set(seed, layout.seed);
    this.bytes.set(
      options.by.map((field) => FIELDS.indexOf(field)),
      layout.fields,
    );
    this.#setUp(options);
  }

  #setUp({ maxLine, maxKeys, maxKeyBytes, by }: KernelParts['options']): void {
    const { seed, fields, captures, marks, records, scratch } = this.#layout;
    const { index, indexBytes, arena, arenaBytes, starts, free, counts } = this.#layout;
    this.#exports.setBounds(maxLine, maxKeys, maxKeyBytes, by.length);
    this.#exports.setLineRegions(seed, fields, captures, marks, records, scratch);
    this.#exports.setTableRegions(index, indexBytes, arena, arenaBytes, starts, free, counts);
    this.#exports.clearKeys();
  }

  /** Copies what is to be parsed to the last buffer, which is kept for that. Gives its address. */
  stage(bytes: Uint8Array): number {
    this.bytes.set(bytes, this.stageAt);
    return this.stageAt;
  }

  get stageAt(): number {
    return stageOf(this.#layout);
  }

  /**
   * Says of each line of `[from, to)` which key it has, from the address `answers` on, with a tally at
   * the address `tally`, and gives the number of lines. The byte at `to` may be overwritten.
   */
  parse(from: number, to: number, answers: number, tally: number): number {
    return this.#exports.parse(from, to, answers, tally);
  }

  /** The tally at this address. */
  tally(address: number): Tally {
    return tallyAt(this.#words, address);
  }

  /** `count` numbers of 32 bits from `address` on, as a view. */
  words(address: number, count: number): Uint32Array {
    return this.#words.subarray(address / 4, address / 4 + count);
  }

  /** Forgets all keys: numbers begin at 0 again. */
  clearKeys(): void {
    this.#exports.clearKeys();
  }

  /** All key numbers given out so far are below this. */
  get limit(): number {
    return this.#exports.keyLimit() >>> 0;
  }

  /** The end of the entries, as an offset in the arena. Until a key is removed they only grow. */
  get usedBytes(): number {
    return this.#exports.usedBytes() >>> 0;
  }

  /** The view holds until the next key is entered. */
  bytesOf(key: number): Uint8Array {
    const start = this.#exports.keyStart(key) >>> 0;
    return this.bytes.subarray(start, start + this.#exports.keyLength(key));
  }

  /**
   * The number of the key with these bytes, a new one if it has none and there is room; else `OTHER`,
   * as for one that is longer than any key of a line can be.
   */
  enroll(bytes: Uint8Array): number {
    const { transfer, keyBytes } = this.#layout;
    if (bytes.length > keyBytes) return OTHER;
    this.bytes.set(bytes, transfer);
    return this.#exports.enroll(transfer, bytes.length) >>> 0;
  }

  /** Forgets a key; its number may be given to another. */
  remove(key: number): void {
    this.#exports.removeKey(key);
  }

  /** Whether so many keys more, of so many bytes together, find room. */
  hasRoom(keys: number, bytes: number): boolean {
    return this.#exports.roomFor(keys, bytes) !== 0;
  }

  /**
   * Enters `count` keys from the entries of another kernel of the same seed. Gives their numbers
   * here, as a view, or `OTHER` where there is no room.
   */
  adopt(entries: Uint8Array, count: number): Uint32Array {
    const { transfer, transferred } = this.#layout;
    this.bytes.set(entries, transfer);
    this.#exports.adopt(transfer, transfer + entries.length, transferred);
    return this.words(transferred, count);
  }

  /** The hash of `bytes`, for tests. They are at most as long as a batch. */
  hashOf(bytes: Uint8Array): number {
    this.bytes.set(bytes, this.#layout.transfer);
    return this.#exports.hashOf(this.#layout.transfer, bytes.length) >>> 0;
  }
}
