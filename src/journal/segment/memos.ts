/** What is remembered of a file, as JSON can hold it. */
import type { FileMemo } from '../../core/journal.js';
import { MalformedRecord } from './record-reader.js';

/** The number under which a segment knows a file, and what is remembered of it. */
export type NumberedMemo = readonly [number: number, memo: FileMemo];

type PackedMemo = Omit<FileMemo, 'identity'> & {
  readonly number: number;
  /** Decimal: device, inode and birth are of 64 bits. */
  readonly identity: readonly [device: string, inode: string, born: string];
};

export function packMemo([number, memo]: NumberedMemo): PackedMemo {
  const { device, inode, born } = memo.identity;
  return { number, ...memo, identity: [`${device}`, `${inode}`, `${born}`] };
}

/** Throws a `MalformedRecord` where it is none. */
export function unpackMemo(packed: unknown): NumberedMemo {
  const { number, identity, ...memo } = packed as PackedMemo;
  const isPlace = typeof memo.directory === 'string' && typeof memo.path === 'string';
  if (!isPlace || !(memo.position >= 0)) {
    throw new MalformedRecord('a file is remembered without its place');
  }
  try {
    const [device, inode, born] = identity.map(BigInt);
    return [number, { ...memo, identity: { device, inode, born } }];
  } catch {
    throw new MalformedRecord('a file is remembered without its identity');
  }
}
