/**
 * Whoever drops logs into the directory, and does to them what people do. Each change gives a file
 * another time of change, and no file has the identity of one that was there before: the clock of the
 * machine is too coarse for what happens here in a millisecond.
 */
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.js';
import type { Storage } from './storage.js';

const fs = process.getBuiltinModule('node:fs');

interface Places {
  /** The spool directory. */
  readonly spool: string;
  /** On the same file system: where files are written before they are dropped. */
  readonly staged: string;
  readonly clock: Clock;
  readonly storage: Storage;
}

/** A step of the time of change, in seconds. */
const STEP = 1e-4;

export class Dropper {
  readonly #places: Places;
  /** By number of the drop. */
  readonly #descriptors = new Map<number, number>();
  readonly #identities = new Map<number, string>();
  readonly #used = new Set<string>();
  #changes = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /** By rename, whole. Gives the number of the drop that had the name. */
  drop(number: number, name: string, bytes: Uint8Array): number | undefined {
    const staged = join(this.#places.staged, `${number}`);
    this.#create(number, staged);
    this.append(number, bytes);
    return this.#rename(staged, name);
  }

  /** Where it is dropped: what is to stand in it comes later. Gives the same. */
  createInPlace(number: number, name: string): number | undefined {
    return this.drop(number, name, Buffer.alloc(0));
  }

  append(number: number, bytes: Uint8Array | string): void {
    const descriptor = this.#descriptorOf(number);
    fs.writeSync(descriptor, Buffer.from(bytes), 0, null, fs.fstatSync(descriptor).size);
    this.#changed(descriptor);
  }

  truncate(number: number, size: number): void {
    const descriptor = this.#descriptorOf(number);
    fs.ftruncateSync(descriptor, size);
    this.#changed(descriptor);
  }

  /** Whoever wrote it ends. */
  close(number: number): void {
    const descriptor = this.#descriptors.get(number);
    if (descriptor !== undefined) fs.closeSync(descriptor);
    this.#descriptors.delete(number);
  }

  /** Under whatever name it is now. Says whether it was there. */
  remove(number: number): boolean {
    const names = this.namesOf(number);
    for (const name of names) fs.unlinkSync(join(this.#places.spool, name));
    this.#settle();
    return names.length > 0;
  }

  /** Another name for a file that has the old one. Gives the number of the drop that had the new one. */
  rename(from: string, to: string): number | undefined {
    return this.#rename(join(this.#places.spool, from), to);
  }

  /** The names in this directory, by default the spool directory, that a drop has now. */
  namesOf(number: number, directory = this.#places.spool): string[] {
    const identity = this.#identities.get(number);
    const names = fs.readdirSync(directory);
    return names.filter((name) => identityOf(join(directory, name)) === identity);
  }

  end(): void {
    for (const number of [...this.#descriptors.keys()]) this.close(number);
  }

  #create(number: number, path: string): void {
    for (;;) {
      const descriptor = fs.openSync(path, 'w');
      const identity = identityOf(path) ?? '';
      if (!this.#used.has(identity)) {
        this.#used.add(identity);
        this.#identities.set(number, identity);
        this.#descriptors.set(number, descriptor);
        return;
      }
      fs.closeSync(descriptor);
      fs.unlinkSync(path);
    }
  }

  #rename(from: string, name: string): number | undefined {
    const path = join(this.#places.spool, name);
    const covered = identityOf(path);
    const found = [...this.#identities].find(([, identity]) => identity === covered);
    fs.renameSync(from, path);
    this.#settle();
    return found?.[0];
  }

  #descriptorOf(number: number): number {
    const descriptor = this.#descriptors.get(number);
    if (descriptor === undefined) throw new Error(`Drop ${number} is closed.`);
    return descriptor;
  }

  #changed(descriptor: number): void {
    this.#changes += 1;
    const time = this.#places.clock.wall() / 1000 + this.#changes * STEP;
    fs.futimesSync(descriptor, time, time);
  }

  /** What a loss of power takes is never anything that somebody else did later. */
  #settle(): void {
    this.#places.storage.settleAll();
  }
}

function identityOf(path: string): string | undefined {
  const stats = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.ino}:${stats.birthtimeNs}`;
}
