import { expect } from 'vitest';
import { type Answer, OTHER, type Rejection, rejectionCode } from '../../src/core/answer.js';
import type { Origin } from '../../src/core/batch.js';
import type { KeyTable } from '../../src/core/keys.js';
import { answerOf } from '../support/answers.js';

/** What the parser would find in a line: a key, or why there is none. */
export type Line = { readonly key: string } | { readonly rejection: Rejection };

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

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
  /**
   * Numbers without a count, which may be used again once the answer that is out was added; or, where
   * keys were enrolled, once the first answer is asked for.
   */
  readonly #leaving = new Set<number>();
  #isAnswerOut = false;
  #isEnrolling = false;
  #isBegun = false;

  constructor(maxKeys = Number.POSITIVE_INFINITY) {
    this.#maxKeys = maxKeys;
  }

  /** Answers for a batch, and returns what the window is to make of each line. */
  parse(lines: readonly Line[]): Answer {
    expect(this.#isAnswerOut, 'an answer is out').toBe(false);
    this.#releaseLeft();
    this.#isEnrolling = false;
    this.#isAnswerOut = this.#isBegun = true;
    const keys = Uint32Array.from(lines, (line) => this.#answer(line));
    const batch = { kind: 'lines', origin, start: 0, end: 0, bytes: new Uint8Array() } as const;
    return answerOf(batch, keys);
  }

  bytesOf(key: number): Uint8Array {
    return Buffer.from(this.#nameOf(key));
  }

  enroll(bytes: Uint8Array): number {
    expect(this.#isBegun, 'an answer was asked for').toBe(false);
    this.#isEnrolling = true;
    const name = Buffer.from(bytes).toString();
    return this.#numbers.get(name) ?? this.#enter(name);
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
    if (this.#isAnswerOut || this.#isEnrolling) this.#leaving.add(key);
    else this.#release(key);
  }

  added(): void {
    expect(this.#isAnswerOut, 'no answer is out').toBe(true);
    this.#isAnswerOut = false;
    this.#releaseLeft();
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
    const kept = [...this.#numbers].filter(([, key]) => !this.#leaving.has(key));
    expect(kept.map(([name]) => name).sort()).toEqual(this.counted.sort());
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

  #releaseLeft(): void {
    for (const key of this.#leaving) this.#release(key);
    this.#leaving.clear();
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
