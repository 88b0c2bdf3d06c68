/** What a run printed in ndjson and said. */
import { expect } from 'vitest';
import { countsOf, lastSnapshot, recordsIn } from '../support/read-back.js';
import type { Ended } from '../support/run.js';
import { bidirectionalIn, unsafeIn } from './unsafe.js';

/** What a run says is records, and holds nothing that a terminal obeys. */
export function expectHarmless({ stdout, stderr }: Ended): void {
  for (const text of [stdout, stderr]) {
    expect(unsafeIn(Buffer.from(text), /\n/g)).toEqual([]);
    expect(bidirectionalIn(text)).toEqual([]);
  }
  expect(recordsIn(stderr).filter(({ msg }) => msg === 'fake')).toEqual([]);
}

/** How often each URL was counted. */
export function countedBy({ stdout }: Ended): Map<string, number> {
  const snapshot = lastSnapshot(stdout);
  return snapshot === undefined ? new Map() : countsOf(snapshot);
}
