import { describe, expect, it } from 'vitest';
import { MessageMemory } from '../../src/wire/netty/message-memory.js';

const MB = 1024 * 1024;

describe('the memory of messages', () => {
  it('is used again where it is long enough', () => {
    const memories = new MessageMemory();
    const first = memories.take(1000);
    memories.give(first.subarray(10, 20));
    expect(memories.take(900).buffer).toBe(first.buffer);
    expect(memories.take(900).buffer).not.toBe(first.buffer);
  });

  it('is new where what there is would not do', () => {
    const memories = new MessageMemory();
    memories.give(memories.take(1000));
    expect(memories.take(1001)).toHaveLength(1001);
    memories.give(memories.take(1000));
    expect(memories.take(600)).toHaveLength(600);
  });

  it('is not kept where it is long, or where there is some already', () => {
    const memories = new MessageMemory();
    const long = memories.take(MB + 1);
    memories.give(long);
    expect(memories.take(MB - 1).buffer).not.toBe(long.buffer);
    const many = Array.from({ length: 5 }, () => memories.take(10));
    for (const memory of many) memories.give(memory);
    const again = new Set(Array.from({ length: 5 }, () => memories.take(10).buffer));
    expect(many.filter(({ buffer }) => again.has(buffer))).toHaveLength(4);
  });
});
