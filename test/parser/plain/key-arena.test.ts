import { expect, it } from 'vitest';
import { KeyArena } from '../../../src/parser/plain/key-arena.js';

/** An arena with these keys, numbered in their order. */
function arenaOf(...keys: string[]): KeyArena {
  const arena = new KeyArena();
  keys.forEach((key, number) => {
    arena.add(number, Buffer.from(key), 0, key.length);
  });
  return arena;
}

function equals(arena: KeyArena, key: number, text: string): boolean {
  return arena.equals(key, Buffer.from(text), 0, text.length);
}

it('tells a key from one that it begins with, and from one that begins with it', () => {
  const arena = arenaOf('/a', '/ab');
  expect(['/', '/a', '/ab'].map((text) => equals(arena, 0, text))).toEqual([false, true, false]);
  expect(['/a', '/ab', '/abc'].map((text) => equals(arena, 1, text))).toEqual([false, true, false]);
});

it('keeps what it holds through compaction, and gives the room of the rest again', () => {
  const keys = Array.from({ length: 1000 }, (_, number) => `/${number}/`.padEnd(30, 'x'));
  const arena = arenaOf(...keys);
  const full = arena.capacity;
  for (let round = 0; round < 50; round += 1) {
    for (let number = 1; number < 1000; number += 2) {
      arena.remove(number);
      arena.add(number, Buffer.from(keys[number]), 0, 30);
    }
  }
  keys.forEach((key, number) => {
    expect(Buffer.from(arena.bytesOf(number)).toString()).toBe(key);
  });
  expect(arena.capacity).toBeLessThanOrEqual(2 * full);
  expect(arena.keyBytes).toBe(30_000);
});
