/** The options that say what is read from a spool directory and what becomes of it. */
import { type Disposal, FILE_ORDERS, type SpoolOptions } from '../core/config.js';
import { LogwinError } from '../core/errors.js';
import type { FilledForwardFlags } from './defaults.js';
import { choice, duration, refusal } from './values.js';

const MOVE = 'move:';
const DISPOSALS = ['rename', 'delete', 'keep'] as const;

type SpoolFlags = Pick<
  FilledForwardFlags,
  'include' | 'ignore' | 'recursive' | 'order' | 'after' | 'suffix' | 'settle'
>;

/** `once` is for a batch run. Throws `LogwinError('usage')`. */
export function spoolOptions(flags: SpoolFlags, once: boolean): Omit<SpoolOptions, 'directory'> {
  return {
    include: patterns('--include', flags.include),
    ignore: patterns('--ignore', flags.ignore),
    recursive: flags.recursive,
    order: choice('--order', flags.order, FILE_ORDERS),
    after: disposal(flags.after),
    suffix: suffix(flags.suffix),
    settle: duration('--settle', flags.settle),
    once,
  };
}

function patterns(option: string, globs: readonly string[]): readonly string[] {
  if (globs.every((glob) => glob !== '')) return globs;
  throw new LogwinError('usage', `${option} is empty`, "give a pattern such as '*.log'");
}

function disposal(text: string): Disposal {
  const kind = DISPOSALS.find((word) => word === text);
  if (kind !== undefined) return { kind };
  if (text.startsWith(MOVE) && text !== MOVE) {
    return { kind: 'move', directory: text.slice(MOVE.length) };
  }
  const remedy = 'choose one of rename, move:DIR (with a directory), delete, keep';
  throw refusal('--after', text, 'is not known', remedy);
}

function suffix(text: string): string {
  if (text === '') throw new LogwinError('usage', '--suffix is empty', "give one such as '.done'");
  if (!text.includes('/')) return text;
  throw refusal('--suffix', text, "holds a '/'", 'give the end of a file name, such as .done');
}
