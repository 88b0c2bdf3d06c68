/**
 * The contracts between the stages. A line goes source → channel → parser → window → sink; the
 * pipeline alone knows them all, and each stage knows only what stands here.
 */
import type { Answer } from './answer.js';
import type { Batch } from './batch.js';
import type { Buffers } from './buffers.js';
import type { KeyTable } from './keys.js';
import type { PaneCounts, WindowMarks } from './panes.js';
import type { Snapshot } from './snapshot.js';

/** Where a source puts its batches. */
export interface Intake {
  /**
   * Puts a batch at the end of the queue, or several that go in together, in their order. Resolves once
   * there is room for all; until then the source waits and reads nothing more. Puts are served in the
   * order in which they were called. Rejects with the reason of `withdrawal` where that comes before
   * there is room: then nothing is in the queue.
   */
  put(batches: Batch | readonly Batch[], withdrawal?: AbortSignal): Promise<void>;
}

export interface Source {
  /** For messages: the directory as given, or `-`. */
  readonly name: string;
  /** Makes sure that the source can be used. Throws a `LogwinError` that says what to do. */
  open(): Promise<void>;
  /** Takes in what is there, and what the journal knows of it. All sources are open by then. */
  begin(): Promise<void>;
  /** Puts batches until the source has ended or was stopped. Resolves when it will put no more. */
  run(intake: Intake): Promise<void>;
  /**
   * How many bytes of the positions there are to read in all, where that is known by now. For the
   * progress display.
   */
  toRead(): number | undefined;
  /** Asks `run` to come to its end soon: what was put stays put, nothing more is read. */
  stop(): void;
  /**
   * Retires what was read to its end and acknowledged, where `run` did not do that by itself (a
   * batch run does it after its result is out).
   */
  retire(): Promise<void>;
  /** Lets go of everything it holds. Says how many files were set aside or could not be read. */
  close(): Promise<{ readonly failed: number }>;
}

/** First in, first out, bounded in lines and in bytes. */
export interface Channel extends Intake, BoundedOutlet {
  /** Whether these would go in at once. */
  hasRoomFor(batches: readonly Batch[]): boolean;
  /** Gives back the room of a batch that was taken. Until then it counts against the capacity. */
  acknowledge(batch: Batch): void;
  /** No more puts will come. */
  close(): void;
}

/** Where batches are taken from. */
export interface Outlet {
  /** The oldest batch, as soon as there is one; undefined once there will be no more. */
  take(): Promise<Batch | undefined>;
}

/** Where a sink takes its batches from, which may want to wait for more of them. */
export interface BoundedOutlet extends Outlet {
  /** Somebody waits for room: there will be no more before something is acknowledged. */
  readonly isFull: boolean;
}

export interface Parser {
  readonly keys: KeyTable;
  /** What sources read into, so that batches need not be copied. */
  readonly buffers: Buffers;
  /**
   * Says of each line of each batch which key it has, or why it has none: an answer a batch, in the
   * order of the batches, until the outlet has no more. It may take several batches ahead. An answer
   * must be added to the window before the next is asked for; see {@link KeyTable}.
   */
  answers(outlet: Outlet): AsyncIterable<Answer>;
  /**
   * So many bytes are there to be read, at least. To get other threads ready takes a while, so it is
   * good to know early whether they will be needed.
   */
  expect(bytes: number): void;
  /** Ends what runs beside: other threads. */
  close(): void;
}

/** What the journal keeps of a window, and gives back to it after a restart. */
export interface WindowCounts {
  /** What is in the window at this moment. */
  snapshot(): Snapshot;
  /** How many cells changed since `takeChange` was last called. */
  readonly changed: number;
  /**
   * What was added to the open pane since the last call, or since it was opened; undefined where that
   * is nothing. It holds until the next line is added.
   */
  takeChange(): PaneCounts | undefined;
  /** When each key came into the window, by key number: a number that only rises. Holds as `takeChange`. */
  readonly entries: Float64Array;
  /** All that is in the window, oldest first; of the open pane a copy. */
  panes(): PaneCounts[];
  /** Panes that ended at or before this moment have left the window, and their keys may have gone. */
  readonly cutoff: number;
  marks(): WindowMarks;
  /** Goes on from what an earlier run left: its time, unless that has passed, and its totals. */
  resume(marks: WindowMarks): void;
  /**
   * Adds a pane of an earlier run. Oldest first, before any line is added, and after `resume`;
   * `entries` are the entry numbers of the keys, one a cell.
   */
  restore(pane: PaneCounts, entries: Float64Array): void;
}

export interface Window extends WindowCounts {
  /** Adds the lines of a batch to the pane of this moment. Called in the order of the channel. */
  add(answer: Answer): void;
  /** Begins to give snapshots, one at each slide boundary. */
  start(): void;
  /** Gives no more snapshots. */
  stop(): void;
}

/** The sink of `forward`: takes batches to where they are to go, instead of the window. */
export interface EventSink {
  /** For messages. */
  readonly name: string;
  /** Makes sure that the sink can be used. Throws a `LogwinError` that says what to do. */
  open(): Promise<void>;
  /**
   * Takes what the outlet gives to the far end, and tells of each batch when the far end has all of it,
   * in the order in which they were taken, and how many events of it were sent. Resolves when the outlet
   * has ended and all is delivered, or after `stop`; what is not delivered by then stays so. Rejects for
   * a bug only.
   */
  run(outlet: BoundedOutlet, delivered: (batch: Batch, events: number) => void): Promise<void>;
  /** Asks `run` to come to its end at once. */
  stop(): void;
  /** Events that were sent and not answered for, so far: each time they may have arrived nevertheless. */
  readonly unanswered: number;
  /** Lets go of everything it holds. */
  close(): Promise<void>;
}

export interface Sink {
  /** Never waits and never throws: a snapshot that cannot be written yet gives way to a newer one. */
  show(snapshot: Snapshot): void;
}
