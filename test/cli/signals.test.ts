import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onSignals, type SignalledProcess } from '../../src/cli/signals.js';

function setUp() {
  const heard: (string | number)[] = [];
  const emitter = new EventEmitter();
  const from: SignalledProcess = Object.assign(emitter, {
    exit: (code: number) => {
      heard.push(code);
    },
  });
  const letGo = onSignals(() => heard.push('stop'), from);
  return { emitter, heard, letGo };
}

describe('onSignals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('asks for a gentle end at %s', (signal) => {
    const { emitter, heard } = setUp();
    emitter.emit(signal, signal);
    expect(heard).toEqual(['stop']);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ends at once at a second signal, here %s with %i', (signal, code) => {
    const { emitter, heard } = setUp();
    emitter.emit('SIGTERM', 'SIGTERM');
    emitter.emit(signal, signal);
    expect(heard.slice(0, 2)).toEqual(['stop', code]);
  });

  it('lets go', () => {
    const { emitter, heard, letGo } = setUp();
    letGo();
    emitter.emit('SIGINT', 'SIGINT');
    expect(heard).toEqual([]);
  });
});
