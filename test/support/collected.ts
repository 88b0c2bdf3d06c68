/** Whether something is held no more. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Throws where it is still held after a few collections. */
export async function expectCollected(reference: WeakRef<object>): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await nextTurn();
    collect();
    if (reference.deref() === undefined) return;
  }
  throw new Error('It is still held.');
}
