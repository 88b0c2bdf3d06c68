/**
 * From the text of one option to its value. Each of these throws `LogwinError('usage')` naming the
 * option, what was given and what is allowed.
 */
import { LogwinError } from '../core/errors.js';
import { DURATION_FORMS, parseDuration } from './duration.js';
import { parseSize, SIZE_FORMS } from './size.js';

/** `reason` continues "--option text …"; `remedy` says what to give instead. */
export function refusal(option: string, text: string, reason: string, remedy: string): LogwinError {
  return new LogwinError('usage', `${option} ${shown(text)} ${reason}`, remedy);
}

/** A whole number of at least `least` and at most `most`. */
export function wholeNumber(
  option: string,
  text: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value > most) throw refusal(option, text, 'is too many', `stay at or below ${most}`);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw refusal(option, text, `is not a whole number of at least ${least}`, 'give digits only');
}

/** Whole milliseconds. */
export function duration(option: string, text: string): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  const reason = 'is not a duration of whole milliseconds';
  throw refusal(option, text, reason, `write it as ${DURATION_FORMS}`);
}

/** Whole milliseconds, more than none. */
export function positiveDuration(option: string, text: string): number {
  const value = duration(option, text);
  if (value > 0) return value;
  throw refusal(option, text, 'is no time at all', 'give a duration above 0');
}

/** Whole bytes, at least one and at most `most`. */
export function size(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = parseSize(text);
  if (value !== undefined && value > most) {
    throw refusal(option, text, 'is too large', `stay at or below ${most / 2 ** 30}GiB`);
  }
  if (value !== undefined && value > 0) return value;
  const reason = 'is not a size of at least one whole byte';
  throw refusal(option, text, reason, `write it as ${SIZE_FORMS}`);
}

/** One of the words in `allowed`. */
export function choice<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw refusal(option, text, 'is not known', `choose one of ${allowed.join(', ')}`);
}

/** Text as a shell would want it: quoted where it is empty or holds white space. */
function shown(text: string): string {
  return text === '' || /\s/.test(text) ? `'${text}'` : text;
}
