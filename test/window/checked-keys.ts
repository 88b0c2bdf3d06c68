import { expect } from 'vitest';
import { type Answer, OTHER, type Rejection, rejectionCode } from '../../src/core/answer.js';
import type { Origin } from '../../src/core/batch.js';
import type { KeyTable } from '../../src/core/keys.js';
import { answerOf } from '../support/answers.js';

/** What the parser would find in a line: a key, or why there is none. */
export type Line = { readonly key: string } | { readonly rejection: Rejection };

const origin: Origin = { name: 'test', added: () => {}, acknowledged: () => {} };

/**
 * A parser's key table that uses each number again as soon as the contract allows it, and fails
 * where the window breaks the contract.
 */
export class CheckedKeys implements KeyTable {
  limit = 0;
  readonly #maxKeys: number;
  readonly #names: (string | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #counted = new Set<number>();
  /** Numbers without a count, which may be used again once the answer that is out was added. */
  readonly #leaving = new Set<number>();
  #isAnswerOut = false;

  constructor(maxKeys = Number.POSITIVE_INFINITY) {
    this.#maxKeys = maxKeys;
  }

  /** Answers for a batch, and returns what the window is to make of each line. */
  parse(lines: readonly Line[]): Answer {
    expect(this.#isAnswerOut, 'an answer is out').toBe(false);
    this.#isAnswerOut = true;
    const keys = Uint32Array.from(lines, (line) => this.#answer(line));
    const batch = { kind: 'lines', origin, start: 0, end: 0, bytes: new Uint8Array() } as const;
    return answerOf(batch, keys);
  }

  bytesOf(key: number): Uint8Array {
    return Buffer.from(this.#nameOf(key));
  }

  entered(key: number): void {
    this.#nameOf(key);
    expect(this.#counted.has(key), 'a key enters twice').toBe(false);
    this.#counted.add(key);
    this.#leaving.delete(key);
  }

  left(key: number): void {
    this.#nameOf(key);
    this.#counted.delete(key);
    if (this.#isAnswerOut) this.#leaving.add(key);
    else this.#release(key);
  }

  added(): void {
    expect(this.#isAnswerOut, 'no answer is out').toBe(true);
    this.#isAnswerOut = false;
    for (const key of this.#leaving) this.#release(key);
    this.#leaving.clear();
  }

  /** An answer was given and not yet added. */
  get isAnswerOut(): boolean {
    return this.#isAnswerOut;
  }

  /** Names of the keys that are counted. */
  get counted(): string[] {
    return Array.from(this.#counted, (key) => this.#nameOf(key));
  }

  /** Fails if the window forgot a number: when all is added, each in use must be counted. */
  expectNoLeak(): void {
    if (this.#isAnswerOut) return;
    expect([...this.#numbers.keys()].sort()).toEqual(this.counted.sort());
  }

  #answer(line: Line): number {
    if ('rejection' in line) return rejectionCode(line.rejection);
    return this.#numbers.get(line.key) ?? this.#enter(line.key);
  }

  #enter(name: string): number {
    if (this.#numbers.size >= this.#maxKeys) return OTHER;
    const key = this.#free.pop() ?? this.limit++;
    this.#names[key] = name;
    this.#numbers.set(name, key);
    return key;
  }

  #release(key: number): void {
    this.#numbers.delete(this.#nameOf(key));
    this.#names[key] = undefined;
    this.#free.push(key);
  }

  #nameOf(key: number): string {
    const name = this.#names[key];
    if (name === undefined) throw new Error(`key ${key} is not in use`);
    return name;
  }
}
