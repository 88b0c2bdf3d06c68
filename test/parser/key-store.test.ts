import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTHER } from '../../src/core/answer.js';
import { type HashSeed, halfSipHash } from '../../src/parser/plain/half-sip-hash.js';
import { BoundedKeyStore } from '../../src/parser/plain/key-store.js';
import { Random } from '../../src/traffic/random.js';
import { createKernel } from './parsers.js';
import { kernelStore, STORES, type Store } from './stores.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const enter = (store: Store, ...keys: string[]) =>
  store.enter(keys.map((key) => Buffer.from(key, 'latin1')));

/** A store and a Map that holds what is in it. */
class Scene {
  readonly held = new Map<string, number>();
  readonly #store: Store;
  readonly #maxKeys: number;
  readonly #maxKeyBytes: number;
  #bytes = 0;
  #most = 0;

  constructor(
    create: (bounds: { maxKeys: number; maxKeyBytes: number }) => Store,
    bounds: { maxKeys: number; maxKeyBytes: number },
  ) {
    this.#store = create(bounds);
    this.#maxKeys = bounds.maxKeys;
    this.#maxKeyBytes = bounds.maxKeyBytes;
  }

  enter(keys: readonly string[]): void {
    const numbers = enter(this.#store, ...keys);
    for (const [at, key] of keys.entries()) this.#entered(key, numbers[at]);
    this.#checkLimit();
  }

  enroll(keys: readonly string[]): void {
    for (const key of keys) this.#entered(key, this.#store.enroll(Buffer.from(key, 'latin1')));
    this.#checkLimit();
  }

  #checkLimit(): void {
    this.#most = Math.max(this.#most, this.held.size);
    // A number that is free is used before a new one.
    expect(this.#store.limit).toBe(this.#most);
  }

  #entered(key: string, number: number): void {
    const { held } = this;
    const hasRoom = held.size < this.#maxKeys && this.#bytes + key.length <= this.#maxKeyBytes;
    if (held.has(key) || !hasRoom) {
      expect(number).toBe(held.get(key) ?? OTHER);
      return;
    }
    held.set(key, number);
    this.#bytes += key.length;
  }

  /** Of the keys that are held, each for which `chosen` says so. */
  remove(chosen: (key: string, at: number) => boolean): void {
    for (const [at, [key, number]] of [...this.held].entries()) {
      if (!chosen(key, at)) continue;
      this.#store.remove(number);
      this.held.delete(key);
      this.#bytes -= key.length;
    }
  }

  check(): void {
    expect(new Set(this.held.values()).size).toBe(this.held.size);
    const texts = Array.from(this.held.values(), (number) => text(this.#store.bytesOf(number)));
    expect(texts).toEqual([...this.held.keys()]);
  }
}

const key = fc.oneof(
  { weight: 6, arbitrary: fc.nat(60).map((n) => `/${n}`) },
  { weight: 2, arbitrary: fc.nat(1000).map((n) => `${'x'.repeat(n)}`) },
  { weight: 2, arbitrary: fc.nat(299).map((n) => `${'y'.repeat(n)}z${'y'.repeat(299 - n)}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '\0', '\0\0', '\xff', '/1\0') },
);
const action = fc.oneof(
  fc.record({
    kind: fc.constantFrom('enter' as const, 'enroll' as const),
    keys: fc.array(key, { maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), each: fc.integer({ min: 1, max: 5 }) }),
);
const bounds = fc.record({
  maxKeys: fc.constantFrom(1, 2, 5, 20, 1000),
  maxKeyBytes: fc.constantFrom(0, 10, 100, 6000, 1e6),
});

describe.each(STORES)('the keys of %s', (_, create) => {
  it('are those of a Map, whatever comes, leaves and comes back', () => {
    const actions = fc.array(action, { minLength: 1, maxLength: 80, size: 'max' });
    const property = fc.property(bounds, actions, (limits, steps) => {
      const scene = new Scene(create, limits);
      for (const step of steps) {
        if (step.kind !== 'remove') scene[step.kind](step.keys);
        else scene.remove((_, at) => at % step.each === 0);
        scene.check();
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('stay what they are while megabytes of others come and go', () => {
    const random = new Random(7);
    const scene = new Scene(create, { maxKeys: 5000, maxKeyBytes: 3_000_000 });
    for (let round = 0; round < 12; round += 1) {
      const keys = Array.from({ length: 1500 }, () => {
        const name = `/${random.below(6000)}/`;
        return name.padEnd(random.below(1000), name);
      });
      scene.enter([...keys, ...[...scene.held.keys()].slice(0, 100)]);
      scene.remove(() => random.below(round % 4 === 3 ? 20 : 3) > 0);
      scene.check();
    }
  });

  it('are told from each other by a byte anywhere, and by their length', () => {
    const store = create({ maxKeys: 10_000, maxKeyBytes: 1 << 22 });
    const keys = [0, 1, 4, 31, 32, 33, 255, 256, 257, 300, 1000].flatMap((length) => {
      const plain = 'x'.repeat(length);
      const changed = [0, 15, 16, 31, 32, 63, 254, 255, 256, 257, length - 1]
        .filter((at) => at >= 0 && at < length)
        .map((at) => `${plain.slice(0, at)}y${plain.slice(at + 1)}`);
      return [plain, `${plain}\0`, ...changed];
    });
    const distinct = [...new Set(keys)];
    const numbers = enter(store, ...distinct);
    expect(numbers).toEqual([...distinct.keys()]);
    for (const [at, key] of distinct.entries()) {
      expect(enter(store, key)).toEqual([at]);
      expect(text(store.bytesOf(at))).toBe(key);
    }
  });

  it('can be a hundred thousand, of which any leave', () => {
    const store = create({ maxKeys: 100_000, maxKeyBytes: 1 << 24 });
    const names = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => Buffer.from(`/page/${from + n}`));
    const halves = [names(0, 50_000), names(50_000, 100_000)];
    const numbers = halves.flatMap((half) => thousands(half).flatMap((keys) => store.enter(keys)));
    expect(new Set(numbers).size).toBe(100_000);
    expect(enter(store, '/one more')).toEqual([OTHER]);
    for (const number of numbers.slice(0, 50_000)) store.remove(number);
    const others = thousands(names(200_000, 250_000)).flatMap((keys) => store.enter(keys));
    expect(new Set(others)).toEqual(new Set(numbers.slice(0, 50_000)));
    expect(thousands(halves[1]).flatMap((keys) => store.enter(keys))).toEqual(
      numbers.slice(50_000),
    );
    expect(store.limit).toBe(100_000);
    expect(enter(store, '/page/0')).toEqual([OTHER]);
  });
});

function thousands<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 1000) }, (_, at) =>
    items.slice(1000 * at, 1000 * at + 1000),
  );
}

describe('the keys of the kernel', () => {
  it('close up when more than half of the bytes, and a megabyte, are gone', () => {
    const kernel = createKernel(undefined, { maxKeys: 10_000, maxKeyBytes: 10_000_000 });
    const store = kernelStore(kernel);
    const kept = enter(store, 'the first', 'x'.repeat(500));
    let most = 0;
    for (let round = 0; round < 40; round += 1) {
      const numbers = enter(
        store,
        ...Array.from({ length: 200 }, (_, n) => `/${round}/${n}`.padEnd(990)),
      );
      most = Math.max(most, kernel.usedBytes);
      for (const number of numbers) store.remove(number);
    }
    const live = 200 * 1004 + 2000;
    expect(most).toBeGreaterThan(1 << 20);
    expect(most).toBeLessThan((1 << 20) + 3 * live);
    expect(enter(store, 'the first', 'x'.repeat(500))).toEqual(kept);
    expect(text(store.bytesOf(kept[0]))).toBe('the first');
  });

  it('find room as long as the bounds say so', () => {
    const kernel = createKernel(undefined, { maxKeys: 3, maxKeyBytes: 100 });
    const store = kernelStore(kernel);
    expect([kernel.hasRoom(3, 100), kernel.hasRoom(4, 0), kernel.hasRoom(0, 101)]).toEqual([
      true,
      false,
      false,
    ]);
    const [key] = enter(store, 'x'.repeat(40));
    expect([kernel.hasRoom(2, 60), kernel.hasRoom(3, 60), kernel.hasRoom(2, 61)]).toEqual([
      true,
      false,
      false,
    ]);
    store.remove(key);
    expect(kernel.hasRoom(3, 100)).toBe(true);
  });

  it('are all forgotten at once', () => {
    const kernel = createKernel();
    const store = kernelStore(kernel);
    const names = Array.from({ length: 5000 }, (_, n) => `/${n}`);
    enter(store, ...names);
    store.remove(17);
    kernel.clearKeys();
    expect(kernel.limit).toBe(0);
    expect(enter(store, '/new', ...names).slice(0, 3)).toEqual([0, 1, 2]);
    expect(text(store.bytesOf(1))).toBe('/0');
  });
});

describe('the keys of the plain parser', () => {
  const SEED: HashSeed = [1, 2];
  const bounds = { maxKeys: 100_000, maxKeyBytes: 1_500_000, seed: SEED };
  const intern = (store: BoundedKeyStore, key: string) =>
    store.intern(Buffer.from(key), 0, key.length);

  it('are told from each other where they have one hash', () => {
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
    const store = new BoundedKeyStore(bounds);
    for (const [one, other] of pairs) {
      const numbers = [intern(store, one), intern(store, other)];
      expect(numbers[0]).not.toBe(numbers[1]);
      expect([intern(store, one), intern(store, other)]).toEqual(numbers);
      store.remove(numbers[0]);
      expect(intern(store, other)).toBe(numbers[1]);
    }
  });

  it('take no more memory while a million of them come and go', () => {
    const store = new BoundedKeyStore(bounds);
    const waiting: number[] = [];
    const bytes = Buffer.alloc(12);
    let most = 0;
    for (let n = 0; n < 1_000_000; n += 1) {
      const length = bytes.write(`/${n % 77}/${n}`);
      waiting.push(store.intern(bytes, 0, length));
      if (n >= 50_000) store.remove(waiting[n - 50_000]);
      if (n % 1000 === 0) most = Math.max(most, store.capacity);
    }
    expect(waiting.every((key) => key >= 0)).toBe(true);
    expect(store.limit).toBe(50_001);
    const arena = 2 * (1.5e6 + 4 * 1e5);
    const index = 8 * 2 ** 18;
    expect(most).toBeLessThanOrEqual(arena + index);
  });
});
