/**
 * The pipeline: source → channel → parser → window → sink, or, where events are forwarded, source →
 * channel → sink. The one file that knows all the stages: it makes those that are asked for and puts
 * them together. What then becomes of a line stands in `run/`.
 */

import { MemoryChannel } from './channel/memory-channel.js';
import type { Settlement } from './channel/settlement.js';
import type { Batch } from './core/batch.js';
import { BufferSlots } from './core/buffer-slots.js';
import type { Clock } from './core/clock.js';
import {
  type AvroListenOptions,
  isField,
  type NetcatOptions,
  type PipelineConfig,
  type PullOptions,
  type SourceConfig,
  type SpoolOptions,
} from './core/config.js';
import { formatDuration } from './core/duration.js';
import type { ForwardConfig } from './core/forward-config.js';
import type { Journal, Terms } from './core/journal.js';
import type { Logger } from './core/logger.js';
import type { Writer } from './core/output/writer.js';
import type { Parser, Source, Window } from './core/stages.js';
import type { JournalConfig } from './journal/create-journal.js';
import type { DirectoryLocks } from './journal/lock/directory-locks.js';
import { NoJournal } from './journal/no-journal.js';
import { createParser } from './parser/create-parser.js';
import { RejectionNotice } from './parser/rejection-notice.js';
import { Counting } from './run/counting.js';
import type { Forwarding, Inlet } from './run/forwarding.js';
import type { Lane } from './run/lane.js';
import { Upstream } from './run/upstream.js';
import { createSink } from './sink/create-sink.js';
import type { EventUse } from './source/events/event-entry.js';
import { bufferSize, type Cutting, createCutting, releaseBatch } from './source/lines/cutting.js';
import type { SpoolSurroundings } from './source/spool/spool-works.js';
import { SlidingWindow, type SlidingWindowOptions } from './window/sliding-window.js';

/**
 * Cells (key × pane) for each key that there may be. With the default window of 300 panes, a key in
 * 38 would have to come every second of five minutes before cells run out. A small `--max-keys` does
 * not make them scarce: a million take 8 MB.
 */
const CELLS_PER_KEY = 8;
const LEAST_CELLS = 1_000_000;

/**
 * How long what was added is without a record of the journal, in milliseconds. A record of counts may be
 * large, one of positions is not; and what has none when the process dies is sent twice.
 */
const COUNTING_PERIOD = 1000;
const FORWARD_PERIOD = 100;

/** Forwarding reads in pieces of as many lines of the usual length: it waits for the far end anyway. */
const FORWARD_LINES = 2048;
const FORWARD_BUFFERS = 6;

export type { Outcome, Progress } from './run/counting.js';
export type { ForwardOutcome } from './run/forwarding.js';
export type { Counting, Forwarding };

interface ForwardSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Surroundings extends ForwardSurroundings {
  /** The owner of standard output. */
  readonly output: Writer;
}

/**
 * A run that counts. Loads the sources and the sink that are asked for, and no others: that is half of
 * the time to start. Rejects with a `LogwinError` (usage) for a window and a slide that cannot be cut
 * into panes.
 */
export async function createCounting(
  config: PipelineConfig,
  around: Surroundings,
): Promise<Counting> {
  const { log, output } = around;
  const parser = createParser({ ...config, bufferSize: bufferSize(config) }, log);
  const [upstream, sink] = await Promise.all([
    createUpstream({ ...config, terms: termsOf(config), period: COUNTING_PERIOD }, around, {
      cutting: createCutting(config, parser.buffers),
      use: config.by.every(isField) ? 'lines' : 'lines with headers',
    }),
    createSink(config, output),
  ]);
  const channel = new MemoryChannel({ lines: config.channelLines, bytes: config.channelBytes });
  return new Counting(config, {
    upstream,
    channel,
    parser,
    notice: new RejectionNotice(log),
    window: (onSnapshot) => createWindow(config, around, { parser, upstream, onSnapshot }),
    sink,
    output,
  });
}

/** A run that forwards events. Loads what is asked for. */
export async function createForwarding(
  config: ForwardConfig,
  around: ForwardSurroundings,
): Promise<Forwarding> {
  const cutting = createForwardCutting(config);
  const sources = config.sources.map(({ source }) => source);
  const upstream = await createUpstream(
    { sources, state: config.state, mode: 'watch', terms: {}, period: FORWARD_PERIOD },
    around,
    { cutting, use: 'events' },
  );
  const [{ Forwarding }, { Settlement }] = await Promise.all([
    import('./run/forwarding.js'),
    import('./channel/settlement.js'),
  ]);
  let arrived = 0;
  const settlement = new Settlement((batch, events) => {
    arrived += events;
    batch.origin.added(batch, events);
    upstream.journal.added(batch);
  });
  const lanes = await createLanes(config, around, settlement);
  const inlets = await createInlets(config, upstream.sources, {
    lanes,
    settlement,
    clock: around.clock,
  });
  const discard = (batch: Batch): void => {
    settlement.discard(batch);
    releaseBatch(cutting, batch);
  };
  return new Forwarding({
    ...around,
    upstream,
    inlets,
    lanes: [...lanes.values()],
    discard,
    arrived: () => arrived,
  });
}

interface WindowParts {
  readonly parser: Parser;
  readonly upstream: Upstream;
  readonly onSnapshot: SlidingWindowOptions['onSnapshot'];
}

function createWindow(
  config: PipelineConfig,
  { clock, log }: Surroundings,
  { parser, upstream: { journal }, onSnapshot }: WindowParts,
): Window {
  return new SlidingWindow({
    window: config.mode === 'once' ? 'all' : config.window,
    slide: config.slide,
    top: config.top,
    maxCells: Math.max(LEAST_CELLS, config.maxKeys * CELLS_PER_KEY),
    keys: parser.keys,
    clock,
    log,
    onSnapshot,
    ...(journal.isKept && config.mode === 'watch' ? { onSealing: () => journal.sealing() } : {}),
  });
}

function termsOf({ window, slide, by }: PipelineConfig): Terms {
  return {
    window: window === 'all' ? 'all' : formatDuration(window),
    slide: formatDuration(slide),
    by: by.join(','),
    format: 'combined',
  };
}

/** What sources read into. */
function createForwardCutting({ maxLine, channels }: ForwardConfig): Cutting {
  const limits = {
    maxLine,
    channelLines: Math.min(FORWARD_LINES, ...channels.map(({ lines }) => lines)),
    channelBytes: Math.min(...channels.map(({ bytes }) => bytes)),
  };
  const size = bufferSize(limits);
  const buffers = new BufferSlots(size);
  for (let i = 0; i < FORWARD_BUFFERS; i += 1)
    buffers.add({ memory: new ArrayBuffer(size), offsets: [0], isReady: () => true });
  return createCutting(limits, buffers);
}

/** By the name of the channel. */
async function createLanes(
  config: ForwardConfig,
  around: ForwardSurroundings,
  settlement: Settlement,
): Promise<Map<string, Lane>> {
  const [{ Lane }, { createEventSink }] = await Promise.all([
    import('./run/lane.js'),
    import('./sink/events/create-event-sink.js'),
  ]);
  const lanes = new Map<string, Lane>();
  for (const { name, ...capacity } of config.channels) {
    const mine = config.sinks.filter(({ channel }) => channel === name);
    const sinks = await Promise.all(
      mine.map((sink) => createEventSink(sink, { ...around, maxLine: config.maxLine })),
    );
    const channel = new MemoryChannel(capacity);
    lanes.set(
      name,
      new Lane(channel, sinks, (batch, events) => settlement.delivered(batch, events)),
    );
  }
  return lanes;
}

interface InletParts {
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly settlement: Settlement;
  readonly clock: Clock;
}

async function createInlets(
  config: ForwardConfig,
  sources: readonly Source[],
  { lanes, settlement, clock }: InletParts,
): Promise<Inlet[]> {
  const { ChannelProcessor } = await import('./channel/channel-processor.js');
  return config.sources.map(({ headers: rules, channels: names }, index) => {
    const mine = [...lanes].filter(([name]) => names.includes(name));
    const channels = mine.map(([, { channel }]) => channel);
    const intake = new ChannelProcessor({ rules, channels, settlement, clock });
    return { source: sources[index], intake };
  });
}

type SourceParts = Pick<SpoolSurroundings, 'cutting'> & {
  readonly use: EventUse;
};

type SourceSurroundings = SpoolSurroundings & SourceParts;

async function createUpstream(
  config: JournalConfig,
  { clock, log }: ForwardSurroundings,
  parts: SourceParts,
): Promise<Upstream> {
  const [journal, locks] = await Promise.all([
    createJournal(config, { clock, log }),
    createLocks(config),
  ]);
  const claim = async (directory: string): Promise<void> => locks?.claim(directory);
  const around = { clock, log, ...parts, memory: journal, claim };
  const sources = await createSources(config, around);
  return new Upstream({ sources, journal, locks, check: () => checkSpools(config) });
}

async function checkSpools({ sources, state }: JournalConfig): Promise<void> {
  const spools = sources.filter((source) => source.kind === 'spool');
  if (spools.length === 0) return;
  const { checkDistinct, checkStateIsUnread } = await import('./source/spool/spool-check.js');
  await checkDistinct(spools);
  if (state.kind === 'directory') await checkStateIsUnread(state.directory, spools);
}

/** Only what runs for long has one that is worth loading. */
async function createJournal(config: JournalConfig, around: ForwardSurroundings): Promise<Journal> {
  if (config.state.kind === 'none') return new NoJournal();
  const { createJournal } = await import('./journal/create-journal.js');
  return createJournal(config, around);
}

async function createLocks({ sources }: JournalConfig): Promise<DirectoryLocks | undefined> {
  if (sources.every(({ kind }) => kind !== 'spool')) return undefined;
  const { DirectoryLocks } = await import('./journal/lock/directory-locks.js');
  return new DirectoryLocks();
}

function createSources(config: JournalConfig, around: SourceSurroundings): Promise<Source[]> {
  const create = (source: SourceConfig): Promise<Source> => {
    switch (source.kind) {
      case 'spool':
        return createSpool(source, around);
      case 'avro':
        return createAvro(source, around);
      case 'pull':
        return createPull(source, around);
      case 'netcat':
        return createNetcat(source, around);
      case 'file':
      case 'standard-input':
        return createStream(source, around);
    }
  };
  return Promise.all(config.sources.map(create));
}

async function createSpool(options: SpoolOptions, around: SpoolSurroundings): Promise<Source> {
  if (options.once) {
    const { SpoolBatch } = await import('./source/spool/spool-batch.js');
    return new SpoolBatch(options, around);
  }
  const [{ SpoolDirectory }, { watchForHints }] = await Promise.all([
    import('./source/spool/spool-directory.js'),
    import('./source/spool/change-hints.js'),
  ]);
  return new SpoolDirectory(options, { ...around, watchForHints });
}

async function createStream(
  source: Extract<SourceConfig, { kind: 'file' | 'standard-input' }>,
  around: SpoolSurroundings,
): Promise<Source> {
  const [{ StreamSource }, { fileInput, standardInput }] = await Promise.all([
    import('./source/stream/stream-source.js'),
    import('./source/stream/input.js'),
  ]);
  const input = source.kind === 'file' ? fileInput(source.path) : standardInput;
  return new StreamSource(input, around);
}

async function createAvro(options: AvroListenOptions, around: SourceSurroundings): Promise<Source> {
  const { AvroSource } = await import('./source/avro/avro-source.js');
  return new AvroSource(options, around);
}

async function createPull(options: PullOptions, around: SourceSurroundings): Promise<Source> {
  const { PullSource } = await import('./source/pull/pull-source.js');
  return new PullSource(options, around);
}

async function createNetcat(options: NetcatOptions, around: SpoolSurroundings): Promise<Source> {
  const { NetcatSource } = await import('./source/netcat/netcat-source.js');
  return new NetcatSource(options, around);
}
