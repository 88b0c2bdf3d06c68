/** In place of the journal where none is kept: what is in the window is as durable as it gets. */
import type { Batch, Origin } from '../core/batch.js';
import type { FileMemo, Identity, Journal } from '../core/journal.js';
import type { KeyTable } from '../core/keys.js';
import type { WindowCounts } from '../core/stages.js';

export class NoJournal implements Journal {
  readonly isKept: boolean = false;

  async open(_window: WindowCounts, _keys: KeyTable): Promise<void> {}

  recall(_identity: Identity, _by: Origin): FileMemo | undefined {
    return undefined;
  }

  memosOf(_directory: string): readonly FileMemo[] {
    return [];
  }

  added({ origin, end }: Batch): void {
    origin.acknowledged(end);
  }

  /** What was added is acknowledged: it is a file that gave nothing. */
  demand(origin: Origin): void {
    origin.acknowledged(0);
  }

  changed(_origin: Origin): void {}

  drop(_origin: Origin): void {}

  sealing(): void {}

  async close(): Promise<void> {}
}
