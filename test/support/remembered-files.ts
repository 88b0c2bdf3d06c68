/**
 * A journal in memory, as far as the files of a spool directory go: what is remembered of them is taken
 * when it is recorded, as plain data, and outlives the run. Of what was dropped nothing is acknowledged
 * any more.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Batch, Origin } from '../../src/core/batch.js';
import type { FileMemo, FileMemory, Identity } from '../../src/core/journal.js';

/**
 * When what was added is recorded and acknowledged.
 *
 * - `at once`
 * - `on demand`: when somebody demands it, and after that whatever is added of that file
 * - `never`: the disk is full
 */
export type Recording = 'at once' | 'on demand' | 'never';

export class RememberedFiles implements FileMemory {
  isKept = true;
  recording: Recording = 'at once';
  /** What was demanded, by name. */
  readonly demanded: string[] = [];
  /** What was told to have changed or to be forgotten, by name, in order. */
  readonly told: (readonly ['changed' | 'dropped', string])[] = [];
  /** By who owns it: a file of this run, or, where it was not recalled yet, nobody. */
  readonly #memos = new Map<Origin | symbol, FileMemo>();
  readonly #unrecorded = new Map<Origin, number>();
  readonly #demanding = new Set<Origin>();
  readonly #dropped = new WeakSet<Origin>();
  readonly #onRecorded: () => void;

  /** `onRecorded` is told whenever all that was added until then is durable. */
  constructor(onRecorded: () => void) {
    this.#onRecorded = onRecorded;
  }

  /** What the next run finds, when this one dies at this moment. */
  afterDeath(onRecorded: () => void): RememberedFiles {
    const next = new RememberedFiles(onRecorded);
    for (const memo of this.#memos.values()) next.#memos.set(Symbol(), structuredClone(memo));
    return next;
  }

  get memos(): readonly FileMemo[] {
    return [...this.#memos.values()];
  }

  recall(identity: Identity, by: Origin): FileMemo | undefined {
    const found = this.#dormant().find(([, memo]) => isDeepStrictEqual(memo.identity, identity));
    if (found === undefined) return undefined;
    const [owner, memo] = found;
    this.#memos.delete(owner);
    this.#memos.set(by, memo);
    return memo;
  }

  memosOf(directory: string): readonly FileMemo[] {
    const memos = this.#dormant().map(([, memo]) => memo);
    return memos.filter((memo) => memo.directory === directory);
  }

  added({ origin, end }: Batch): void {
    if (!this.#dropped.has(origin)) this.#unrecorded.set(origin, end);
    if (this.recording === 'at once' || this.#demanding.has(origin)) this.record();
  }

  demand(origin: Origin): void {
    this.demanded.push(origin.name);
    if (this.recording === 'never') return;
    // One that gave nothing has no other reason to be recorded.
    if (origin.memo()?.position === 0) this.#unrecorded.set(origin, 0);
    if (this.recording === 'on demand') this.#demanding.add(origin);
    this.record();
  }

  changed(origin: Origin): void {
    this.told.push(['changed', origin.name]);
    if (this.recording !== 'never') this.#note(origin);
  }

  drop(origin: Origin): void {
    this.told.push(['dropped', origin.name]);
    this.#dropped.add(origin);
    this.#unrecorded.delete(origin);
    if (this.recording !== 'never') this.#memos.delete(origin);
  }

  /** All that was added is durable, and acknowledged. */
  record(): void {
    const recorded = [...this.#unrecorded];
    this.#unrecorded.clear();
    for (const [origin] of recorded) this.#note(origin);
    this.#onRecorded();
    for (const [origin, end] of recorded) origin.acknowledged(end);
  }

  #note(origin: Origin): void {
    const memo = this.#dropped.has(origin) ? undefined : origin.memo();
    if (memo) this.#memos.set(origin, structuredClone(memo));
  }

  #dormant() {
    return [...this.#memos].filter(([owner]) => typeof owner === 'symbol');
  }
}
