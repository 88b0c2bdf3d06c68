/**
 * The defaults, written as a user would write them, so that the help shows exactly what holds.
 * `--output` and `--state` have none here: they depend on where standard output goes, and on what is
 * watched. Nor have `--ticks` and `--log-file`, which do nothing unless given.
 */
import type { CountFlags, ForwardFlags, WatchFlags } from './flags.js';

export const COUNT_DEFAULTS = {
  top: '10',
  by: 'url',
  maxLine: '64KiB',
  maxKeys: '1000000',
  maxKeyBytes: '64MiB',
  logLevel: 'info',
} satisfies CountFlags;

/** Of every command that runs for long. */
const SOURCE_DEFAULTS = {
  include: [],
  ignore: [],
  recursive: false,
  order: 'oldest',
  after: 'rename',
  suffix: '.COMPLETED',
  settle: '1',
  channelLines: '100000',
  channelBytes: '64MiB',
  ack: 'channel',
  maxCall: '16MiB',
  maxConnections: '64',
};

export const WATCH_DEFAULTS = {
  ...COUNT_DEFAULTS,
  ...SOURCE_DEFAULTS,
  window: '300',
  slide: '1',
  onChange: false,
  once: false,
} satisfies WatchFlags;

/**
 * A batch is no larger than what a Flume channel takes at once where it is not told otherwise. The linger
 * is short enough that nobody sees it, and long enough that a slow trickle does not make a call a line.
 */
export const FORWARD_DEFAULTS = {
  ...SOURCE_DEFAULTS,
  to: [],
  header: [],
  batch: '100',
  inFlight: '1',
  linger: '50ms',
  balance: 'failover',
  timeout: '20',
  maxLine: COUNT_DEFAULTS.maxLine,
  logLevel: COUNT_DEFAULTS.logLevel,
} satisfies ForwardFlags;

/** Its files are its own and gone with it, so nothing is gained by keeping them. */
export const DEMO_DEFAULTS = {
  ...WATCH_DEFAULTS,
  after: 'delete',
  state: false,
} satisfies WatchFlags;

/** The flags of `count`, with nothing missing that has a default. */
export type FilledCountFlags = CountFlags & Required<Pick<CountFlags, keyof typeof COUNT_DEFAULTS>>;

/** The flags of `watch`, with nothing missing that has a default. */
export type FilledWatchFlags = WatchFlags & Required<Pick<WatchFlags, keyof typeof WATCH_DEFAULTS>>;

/** The flags of `forward`, with nothing missing that has a default. */
export type FilledForwardFlags = ForwardFlags &
  Required<Pick<ForwardFlags, keyof typeof FORWARD_DEFAULTS>>;
