import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTHER } from '../../src/core/answer.js';
import { type HashSeed, halfSipHash } from '../../src/parser/half-sip-hash.js';
import { BoundedKeyTable, type KeyBounds } from '../../src/parser/key-table.js';

const SEED: HashSeed = [1, 2];

function intern(table: BoundedKeyTable, key: string): number {
  const bytes = Buffer.from(`<${key}>`, 'latin1');
  return table.intern(bytes, 1, bytes.length - 1) >>> 0;
}

function textOf(table: BoundedKeyTable, key: number): string {
  return Buffer.from(table.bytesOf(key)).toString('latin1');
}

/** What the contract says, with a Map: which keys hold which number, and which of them wait. */
class Model {
  readonly held = new Map<string, number>();
  readonly #waiting = new Map<string, number>();
  readonly #bounds: KeyBounds;
  #turn = 0;
  #added = 0;

  constructor(bounds: KeyBounds) {
    this.#bounds = bounds;
  }

  beginTurn(): void {
    this.#turn += 1;
  }

  hasRoomFor(key: string): boolean {
    const bytes = [...this.held.keys()].reduce((sum, each) => sum + each.length, 0);
    const { maxKeys, maxKeyBytes } = this.#bounds;
    return this.held.size < maxKeys && bytes + key.length <= maxKeyBytes;
  }

  named(key: string): void {
    this.#waiting.delete(key);
  }

  left(key: string): void {
    if (!this.#waiting.has(key)) this.#waiting.set(key, this.#turn);
    this.#release();
  }

  added(turn: number): void {
    this.#added = turn;
    this.#release();
  }

  #release(): void {
    for (const [key, turn] of this.#waiting) {
      if (turn > this.#added) continue;
      this.#waiting.delete(key);
      this.held.delete(key);
    }
  }
}

/** A window as the table sees one: counts by number, and the answers that are under way. */
class Scene {
  readonly table: BoundedKeyTable;
  readonly model: Model;
  readonly #underWay: { turn: number; keys: Map<string, number> }[] = [];
  readonly #counts = new Map<string, number>();
  #turn = 0;

  constructor(bounds: KeyBounds) {
    this.table = new BoundedKeyTable(bounds);
    this.model = new Model(bounds);
  }

  parse(keys: readonly string[]): void {
    this.#turn += 1;
    this.model.beginTurn();
    expect(this.table.beginTurn()).toBe(this.#turn);
    const answer = new Map<string, number>();
    for (const key of keys) {
      const number = intern(this.table, key);
      this.#checkNamed(key, number);
      if (number !== OTHER) answer.set(key, number);
    }
    this.#underWay.push({ turn: this.#turn, keys: answer });
  }

  #checkNamed(key: string, number: number): void {
    const { held } = this.model;
    const before = held.get(key);
    if (before !== undefined) expect(number).toBe(before);
    else if (!this.model.hasRoomFor(key)) expect(number).toBe(OTHER);
    else expect([...held.values()]).not.toContain(number);
    this.model.named(key);
    if (number === OTHER) return;
    expect(number).toBeLessThan(this.table.limit);
    held.set(key, number);
  }

  /** The window takes the oldest answer; one key in `cells` finds no cell there. */
  add(cells: number): void {
    const answer = this.#underWay.shift();
    if (answer === undefined) return;
    for (const [key, number] of answer.keys) {
      expect(textOf(this.table, number)).toBe(key);
      const count = this.#counts.get(key) ?? 0;
      if (count === 0 && (number + answer.turn) % cells === 0) this.#leave(key, number);
      else this.#enter(key, number, count);
    }
    this.table.added(answer.turn);
    this.model.added(answer.turn);
  }

  #enter(key: string, number: number, count: number): void {
    this.#counts.set(key, count + 1);
    if (count > 0) return;
    this.table.entered(number);
    this.model.named(key);
  }

  #leave(key: string, number: number): void {
    this.#counts.delete(key);
    this.table.left(number);
    this.model.left(key);
  }

  /** The window's oldest keys go. */
  expire(most: number): void {
    for (const key of [...this.#counts.keys()].slice(0, most)) {
      this.#leave(key, this.model.held.get(key) ?? -1);
    }
  }

  check(): void {
    const { held } = this.model;
    expect(new Set(held.values()).size).toBe(held.size);
    for (const [key, number] of held) expect(textOf(this.table, number)).toBe(key);
  }
}

const key = fc.oneof(
  { weight: 6, arbitrary: fc.nat(40).map((n) => `/${n}`) },
  { weight: 2, arbitrary: fc.nat(9).map((n) => `/${'long'.repeat(n)}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '\0', '\xff', `/${'x'.repeat(5000)}`) },
);
const action = fc.oneof(
  fc.record({ kind: fc.constant('parse' as const), keys: fc.array(key, { maxLength: 30 }) }),
  fc.record({ kind: fc.constant('add' as const), cells: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('expire' as const), most: fc.nat(40) }),
);
const bounds = fc.record({
  maxKeys: fc.constantFrom(1, 2, 5, 20, 1000),
  maxKeyBytes: fc.constantFrom(0, 10, 100, 6000, 1e6),
  seed: fc.tuple(fc.integer(), fc.integer()),
});

describe('the key table', () => {
  it('does as the contract says, whatever comes, leaves and comes back', () => {
    const actions = fc.array(action, { minLength: 1, maxLength: 120, size: 'max' });
    fc.assert(
      fc.property(bounds, actions, (limits, steps) => {
        const scene = new Scene(limits);
        for (const step of steps) {
          if (step.kind === 'parse') scene.parse(step.keys);
          else if (step.kind === 'add') scene.add(step.cells);
          else scene.expire(step.most);
          scene.check();
        }
      }),
      { numRuns: 400 },
    );
  });

  it('keeps a number while an answer that holds it is under way, then gives it to another', () => {
    const table = new BoundedKeyTable({ maxKeys: 1, maxKeyBytes: 100 });
    const first = table.beginTurn();
    const number = intern(table, 'a');
    table.entered(number);
    table.added(first);
    const second = table.beginTurn();
    table.left(number);
    expect(intern(table, 'b')).toBe(OTHER);
    expect(textOf(table, number)).toBe('a');
    table.added(second);
    expect(intern(table, 'b')).toBe(number);
    expect(textOf(table, number)).toBe('b');
  });

  it('calls a key back that a line names before its number is free', () => {
    const table = new BoundedKeyTable({ maxKeys: 9, maxKeyBytes: 100 });
    const turn = table.beginTurn();
    const number = intern(table, 'a');
    table.left(number);
    expect(intern(table, 'a')).toBe(number);
    table.added(turn);
    expect(textOf(table, number)).toBe('a');
    expect(intern(table, 'b')).not.toBe(number);
  });

  it('tells keys of one hash from each other', () => {
    const byHash = new Map<number, string>();
    const pairs: [string, string][] = [];
    for (let n = 0; n < 300_000; n += 1) {
      const bytes = Buffer.from(`/${n}`);
      const hash = halfSipHash(SEED[0], SEED[1], bytes, 0, bytes.length);
      const twin = byHash.get(hash);
      if (twin !== undefined && twin.length === bytes.length) pairs.push([twin, `/${n}`]);
      byHash.set(hash, `/${n}`);
    }
    expect(pairs.length).toBeGreaterThan(0);
    const table = new BoundedKeyTable({ maxKeys: 1000, maxKeyBytes: 1e6, seed: SEED });
    for (const [one, other] of pairs) {
      const numbers = [intern(table, one), intern(table, other)];
      expect(numbers[0]).not.toBe(numbers[1]);
      expect([intern(table, one), intern(table, other)]).toEqual(numbers);
      table.left(numbers[0]);
      expect(intern(table, other)).toBe(numbers[1]);
    }
  });

  it('stays as large as it is while a million keys come and go', () => {
    const table = new BoundedKeyTable({ maxKeys: 1e5, maxKeyBytes: 1.5e6 });
    const bytes = Buffer.alloc(12);
    let most = 0;
    let other = 0;
    for (let turn = 1; turn <= 20; turn += 1) {
      table.beginTurn();
      for (let n = 0; n < 50_000; n += 1) {
        const length = bytes.write(`/${turn}/${n}`);
        const number = table.intern(bytes, 0, length);
        if (number < 0) other += 1;
        table.left(number);
      }
      table.added(turn - 1);
      most = Math.max(most, table.capacity);
    }
    expect(other).toBe(0);
    expect(table.limit).toBeLessThanOrEqual(1e5);
    const arena = 2 * (1.5e6 + 4 * 1e5);
    const index = 8 * 2 ** 18;
    expect(most).toBeLessThanOrEqual(arena + index);
  });
});
