/**
 * The options as the help shows them, in the groups in which the commands take them. Nothing here
 * depends on the package that parses them.
 */
import { ACKS, FIELDS, FILE_ORDERS, OUTPUT_FORMATS } from '../core/config.js';
import type { FilledForwardFlags, FilledWatchFlags } from './defaults.js';
import { LOG_LEVELS } from './log-settings.js';

/** What the help may name the default of. */
export type Defaults = Partial<FilledWatchFlags & FilledForwardFlags>;

export interface OptionText {
  /** `-w, --window <duration>`; without `<…>` it is a switch. */
  readonly flags: string;
  readonly text: string;
  /** Whose default the help names. */
  readonly default?: keyof Defaults;
  readonly repeatable?: boolean;
  /** The help leaves it out: it is there to be refused by its name. */
  readonly hidden?: boolean;
}

export interface OptionGroup {
  readonly heading: string;
  readonly options: readonly OptionText[];
}

const WINDOW: OptionGroup = {
  heading: 'Window:',
  options: [
    {
      flags: '-w, --window <duration>',
      text: "how far back it counts; 'all' never forgets",
      default: 'window',
    },
    { flags: '-s, --slide <duration>', text: 'how often it prints', default: 'slide' },
    { flags: '--once', text: 'count what is there now, print once, exit' },
    { flags: '--ticks <n>', text: 'exit after n snapshots' },
  ],
};

const KEY: OptionGroup = {
  heading: 'Key:',
  options: [
    {
      flags: '-b, --by <fields>',
      text: `what is counted, comma-separated: ${FIELDS.join(' ')} header.NAME`,
      default: 'by',
    },
    { flags: '--max-line <size>', text: 'a longer line is rejected', default: 'maxLine' },
    {
      flags: '--max-keys <n>',
      text: 'distinct keys; what is over counts as (other)',
      default: 'maxKeys',
    },
    { flags: '--max-key-bytes <size>', text: 'the same, for their bytes', default: 'maxKeyBytes' },
  ],
};

const PARSING: OptionGroup = {
  heading: 'Parsing:',
  options: [
    { flags: '--threads <n>', text: 'threads that parse (default: processors, at most 4)' },
  ],
};

const TOP: OptionText = { flags: '-n, --top <n>', text: 'rows; 0 prints all', default: 'top' };

const FORMAT: OptionText = {
  flags: '-o, --output <format>',
  text: `${OUTPUT_FORMATS.join(', ')} (default: table on a terminal, else tsv)`,
};

const OUTPUT: OptionGroup = { heading: 'Output:', options: [TOP, FORMAT] };

const REPEATED_OUTPUT: OptionGroup = {
  heading: 'Output:',
  options: [...OUTPUT.options, { flags: '--on-change', text: 'print only when the table changed' }],
};

const DIRECTORY: OptionGroup = {
  heading: 'Directories:',
  options: [
    { flags: '--include <glob>', text: 'read only such files (repeatable)', repeatable: true },
    {
      flags: '--ignore <glob>',
      text: 'never read such files; wins over --include (repeatable)',
      repeatable: true,
    },
    { flags: '--recursive', text: 'read the directories below as well' },
    {
      flags: '--order <order>',
      text: `which file is read next: ${FILE_ORDERS.join(', ')}`,
      default: 'order',
    },
    {
      flags: '--after <what>',
      text: 'what becomes of a finished file: rename, move:DIR, delete, keep',
      default: 'after',
    },
    { flags: '--suffix <suffix>', text: 'what rename appends to the name', default: 'suffix' },
    {
      flags: '--settle <duration>',
      text: 'a file that did not change for so long is finished',
      default: 'settle',
    },
  ],
};

const CHANNEL: OptionGroup = {
  heading: 'Channel:',
  options: [
    {
      flags: '--channel-lines <n>',
      text: 'lines in flight, of about 128 bytes',
      default: 'channelLines',
    },
    { flags: '--channel-bytes <size>', text: 'bytes in flight', default: 'channelBytes' },
  ],
};

const NETWORK: OptionGroup = {
  heading: 'Network:',
  options: [
    {
      flags: '--ack <when>',
      text: `senders are answered when lines are in the ${ACKS[0]}, or ${ACKS[1]}`,
      default: 'ack',
    },
    { flags: '--max-call <size>', text: 'a longer call is refused', default: 'maxCall' },
    {
      flags: '--max-connections <n>',
      text: 'senders at a time, for each source',
      default: 'maxConnections',
    },
  ],
};

/** `standard` is where it is unless something else is asked for. */
const journal = (standard: string): OptionGroup => ({
  heading: 'Journal:',
  options: [
    { flags: '--state <dir>', text: `where the journal is (default: ${standard})` },
    { flags: '--no-state', text: 'keep no journal' },
  ],
});

const LOG: OptionGroup = {
  heading: 'Log:',
  options: [
    { flags: '--log-level <level>', text: LOG_LEVELS.join(', '), default: 'logLevel' },
    { flags: '--log-file <file>', text: 'append the log to a file (default: standard error)' },
  ],
};

const FORWARD: OptionGroup = {
  heading: 'Forwarding:',
  options: [
    {
      flags: '--to <sink>',
      text: 'where events go: avro://HOST:PORT[,HOST:PORT…] or flume+pull://HOST:PORT (repeatable)',
      repeatable: true,
    },
    {
      flags: '--header <header>',
      text: 'what events are given: file, basename, timestamp, host, or NAME=VALUE (repeatable)',
      repeatable: true,
    },
    { flags: '--batch <n>', text: 'events of one call, at most', default: 'batch' },
    {
      flags: '--in-flight <n>',
      text: 'calls under way at a time; more than one may change the order',
      default: 'inFlight',
    },
    {
      flags: '--linger <duration>',
      text: 'how long less than a batch waits for more',
      default: 'linger',
    },
    {
      flags: '--balance <how>',
      text: 'which of several hosts is asked: failover, round-robin, random',
      default: 'balance',
    },
    { flags: '--timeout <duration>', text: 'how long an answer is waited for', default: 'timeout' },
    { flags: '--max-line <size>', text: 'a longer line is left out', default: 'maxLine' },
  ],
};

const watchOptions = (state: string): OptionGroup[] => [
  WINDOW,
  KEY,
  REPEATED_OUTPUT,
  DIRECTORY,
  NETWORK,
  journal(state),
  CHANNEL,
  PARSING,
  LOG,
];

export const WATCH_OPTIONS = watchOptions('.logwin in the first directory');
export const DEMO_OPTIONS = watchOptions('nowhere');
export const FORWARD_OPTIONS = [
  FORWARD,
  DIRECTORY,
  NETWORK,
  journal('.logwin in the first directory'),
  CHANNEL,
  LOG,
];
export const COUNT_OPTIONS = [KEY, OUTPUT, PARSING, LOG];

/** The option's line in the help, with the default that holds for the command. */
export function helpOf(option: OptionText, defaults: Defaults): string {
  const value = option.default && defaults[option.default];
  return value === undefined ? option.text : `${option.text} (default: ${value})`;
}
