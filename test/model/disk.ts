/**
 * The file system as runs of the program see it: what they call goes by way of their {@link Life}, and
 * is then done for real, at once. Calls of anybody else pass.
 */
import type * as promises from 'node:fs/promises';
import { systemError } from '../../src/core/errors.js';
import { type Effect, type Life, lives } from './life.js';
import type { WrittenFile } from './storage.js';

const real = process.getBuiltinModule('node:fs');

/** Part of the path of every directory in which runs work. */
export const REALM = 'logwin-model-';

/** Of `node:fs/promises`, what the program calls; each has a synchronous namesake. */
const CALLS = [
  ...(['access', 'copyFile', 'link', 'lstat', 'mkdir', 'open', 'readdir', 'readFile'] as const),
  ...(['realpath', 'rename', 'rm', 'rmdir', 'stat', 'unlink', 'utimes', 'writeFile'] as const),
];
type Call = (typeof CALLS)[number];
/** Those that change nothing. (Of an open file, also closing it.) */
const LOOKS = new Set<Call>(['access', 'lstat', 'readdir', 'readFile', 'realpath', 'stat']);
/** Flags of `open` that make a file. */
const NEW = 'wx';
type Plain = (...args: unknown[]) => unknown;

/** What the program calls of an open file. */
class Handle {
  readonly fd: number;
  readonly #path: string;
  readonly #life: Life;
  #written: WrittenFile | undefined;

  constructor(life: Life, fd: number, path: string) {
    this.#life = life;
    this.fd = fd;
    this.#path = path;
    life.descriptors.add(fd);
  }

  read(buffer: Buffer, offset: number, length: number, position: number): Promise<object> {
    return this.#life.call(() => {
      const bytesRead = real.readSync(this.fd, buffer, offset, length, position);
      return { buffer, bytesRead };
    }, 'read');
  }

  stat(options?: { readonly bigint: true }): Promise<unknown> {
    return this.#life.call(() => real.fstatSync(this.fd, options));
  }

  sync(): Promise<void> {
    return this.#life.call(() => {
      this.#life.storage.settle(this.#path);
      if (this.#written) this.#written.synced = real.fstatSync(this.fd).size;
    }, 'sync');
  }

  datasync(): Promise<void> {
    return this.sync();
  }

  readFile(): Promise<Buffer> {
    return this.#life.call(() => real.readFileSync(this.fd), 'read');
  }

  close(): Promise<void> {
    return this.#life.call(() => {
      this.#life.descriptors.delete(this.fd);
      real.closeSync(this.fd);
    });
  }

  append(bytes: Uint8Array): void {
    const { storage } = this.#life;
    this.#written ??= storage.opened(this.#path);
    real.writeFileSync(this.fd, storage.isFull ? bytes.subarray(0, bytes.length / 2) : bytes);
    if (storage.isFull) throw systemError('ENOSPC', 'no space left on device');
  }
}

function effectOf(call: Call, [, flags]: readonly unknown[]): Effect {
  const isLook = call === 'open' ? flags !== NEW : LOOKS.has(call);
  return isLook ? 'look' : 'change';
}

/** What there is to do for a call that changes names, or opens, beside the call itself. */
function actOf(life: Life, call: Call, args: readonly unknown[]): () => unknown {
  const { storage } = life;
  const [first, second] = args;
  const plain = (): unknown => (real[`${call}Sync`] as Plain)(...args);
  const noting = (before: () => () => void) => (): unknown => {
    const done = before();
    const result = plain();
    done();
    return result;
  };
  switch (call) {
    case 'rename':
      return noting(() => storage.renaming(String(first), String(second)));
    case 'unlink':
    case 'rm':
      return noting(() => storage.removing(String(first)));
    case 'link':
      return noting(() => () => storage.made(String(second)));
    case 'writeFile':
      if (first instanceof Handle) return () => first.append(second as Uint8Array);
      return noting(() => () => storage.made(String(first)));
    case 'open':
      return () => {
        const handle = new Handle(life, plain() as number, String(first));
        if (second === NEW) storage.made(String(first));
        return handle;
      };
    default:
      return plain;
  }
}

/** In place of `node:fs/promises`. */
export function promisesOf(original: typeof promises): object {
  const calls = CALLS.map((call) => [
    call,
    (...args: unknown[]): unknown => {
      const life = callerOf(args[0]);
      if (life === undefined) return (original[call] as Plain)(...args);
      return life.call(actOf(life, call, args), effectOf(call, args));
    },
  ]);
  return { ...original, ...Object.fromEntries(calls) };
}

/** In place of `node:fs`. Nothing is told of changes: a run looks, and that is it. */
export function callbacksOf(original: typeof real): object {
  const now =
    (call: Plain): Plain =>
    (...args) => {
      const life = callerOf(args[0]);
      if (life?.isDead) throw new Error('The run is dead.');
      return call(...args);
    };
  return {
    ...original,
    lstatSync: now(original.lstatSync as Plain),
    fstatSync: now(original.fstatSync as Plain),
    read: readLater,
    watch: () => ({ on() {}, close() {} }),
  };
}

type Read = (error: unknown, count: number) => void;

function readLater(
  fd: number,
  into: Buffer,
  offset: number,
  length: number,
  position: number,
  done: Read,
): void {
  const life = callerOf(fd);
  if (life === undefined) throw new Error('Only runs read that way.');
  const count = life.call(() => real.readSync(fd, into, offset, length, position), 'read');
  count.then(
    (bytes) => done(null, bytes),
    (error: unknown) => done(error, 0),
  );
}

/** The run that calls, if it is one. */
function callerOf(path: unknown): Life | undefined {
  const life = lives.getStore();
  if (life === undefined && String(path).includes(REALM)) {
    throw new Error('A call of a run came from outside of its context.');
  }
  return life;
}
