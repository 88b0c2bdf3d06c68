import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRelease } from '../../src/parser/key-release.js';

/** Keys that leave, as the contract says it, with sets; the store notes what was removed. */
class Scene {
  readonly removed: number[] = [];
  readonly release = new KeyRelease({
    limit: 100,
    bytesOf: () => Buffer.alloc(0),
    enroll: ([key]) => key,
    remove: (key) => {
      this.removed.push(key);
    },
  });
  readonly #leaving = new Set<number>();
  #isOut = false;
  #isBegun = false;
  #isEnrolling = false;

  /** Only before the first answer. */
  enroll(key: number): void {
    if (this.#isBegun) return;
    this.#isEnrolling = true;
    expect(this.release.enroll(Uint8Array.of(key))).toBe(key);
    expect(this.removed).toEqual([]);
  }

  begin(): void {
    if (this.#isOut) return;
    this.#isOut = this.#isBegun = true;
    this.#isEnrolling = false;
    this.release.begin();
    this.#expectRemoved([...this.#leaving]);
    this.#leaving.clear();
  }

  entered(key: number): void {
    this.#leaving.delete(key);
    this.release.entered(key);
    expect(this.removed).toEqual([]);
  }

  left(key: number): void {
    this.release.left(key);
    const waits = this.#isOut || this.#isEnrolling;
    if (waits) this.#leaving.add(key);
    this.#expectRemoved(waits ? [] : [key]);
  }

  added(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    this.release.added();
    this.#expectRemoved([...this.#leaving]);
    this.#leaving.clear();
  }

  #expectRemoved(keys: number[]): void {
    expect(this.removed.splice(0).sort()).toEqual(keys.sort());
  }
}

const step = fc.record({
  kind: fc.constantFrom('begin' as const, 'entered', 'left', 'left', 'added'),
  key: fc.oneof(fc.nat(5), fc.nat(250)),
});

describe('a number whose key left', () => {
  it('is free when the answer that is out was added, unless that brought the key back', () => {
    const property = fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const scene = new Scene();
      for (const { kind, key } of steps) scene[kind](key);
      scene.added();
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is free when the first answer is asked for, where keys were enrolled before it', () => {
    const before = fc.record({
      kind: fc.constantFrom('enroll' as const, 'entered', 'left'),
      key: fc.nat(5),
    });
    const property = fc.property(fc.array(before), fc.array(step), (enrolled, steps) => {
      const scene = new Scene();
      scene.enroll(0);
      for (const { kind, key } of enrolled) scene[kind](key);
      scene.begin();
      for (const { kind, key } of steps) scene[kind](key);
      scene.added();
    });
    fc.assert(property);
  });

  it('is free at once where no answer is out', () => {
    const scene = new Scene();
    scene.left(3);
    scene.begin();
    scene.added();
    scene.left(3);
  });

  it('is free once, however often it leaves and comes back while the answer is out', () => {
    const scene = new Scene();
    scene.begin();
    for (let i = 0; i < 3; i += 1) {
      scene.left(3);
      scene.left(3);
      scene.entered(3);
    }
    scene.left(3);
    scene.left(4);
    scene.entered(4);
    scene.added();
    scene.begin();
    scene.added();
  });
});
