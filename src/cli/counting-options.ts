/** The options that `watch`, `demo` and `count` share: the key, its bounds, and the output. */
import { availableParallelism } from 'node:os';
import {
  FIELDS,
  headerName,
  KERNELS,
  type KeyField,
  LONGEST_LINE,
  MOST_KEY_BYTES,
  MOST_KEYS,
  OUTPUT_FORMATS,
  type PipelineConfig,
} from '../core/config.js';
import type { FilledCountFlags } from './defaults.js';
import { choice, refusal, size, wholeNumber } from './values.js';

type CountingOptions = Pick<
  PipelineConfig,
  'by' | 'top' | 'output' | 'maxLine' | 'maxKeys' | 'maxKeyBytes' | 'kernel' | 'threads'
>;

/** More would only wait for each other: one thread adds up what the others say. */
const MOST_THREADS = 64;
const USUAL_THREADS = 4;

/** `terminal` says whether standard output is one. Throws `LogwinError('usage')`. */
export function countingOptions(flags: FilledCountFlags, terminal: boolean): CountingOptions {
  const output = flags.output ?? (terminal ? 'table' : 'tsv');
  return {
    by: fields(flags.by),
    top: wholeNumber('--top', flags.top, 0),
    output: choice('--output', output, OUTPUT_FORMATS),
    maxLine: size('--max-line', flags.maxLine, LONGEST_LINE),
    maxKeys: wholeNumber('--max-keys', flags.maxKeys, 1, MOST_KEYS),
    maxKeyBytes: size('--max-key-bytes', flags.maxKeyBytes, MOST_KEY_BYTES),
    kernel: choice('LOGWIN_KERNEL', process.env.LOGWIN_KERNEL ?? 'simd', KERNELS),
    threads: threads(flags.threads),
  };
}

function threads(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), USUAL_THREADS);
  return wholeNumber('--threads', text, 1, MOST_THREADS);
}

function fields(text: string): KeyField[] {
  const names = text.split(',').map((name) => field(name.trim()));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw refusal('--by', text, `names '${twice}' twice`, 'name each field once');
}

/** A header is of any name that can stand here, as it is: its case matters, and it may hold dots. */
function field(name: string): KeyField {
  const header = headerName(name);
  if (header === undefined || header === '') return choice('--by', name, FIELDS);
  // It stands in headings, as a column of its own.
  if (!/\p{Cc}/u.test(header)) return `header.${header}`;
  throw refusal('--by', JSON.stringify(name), 'has a control character', 'name another header');
}
