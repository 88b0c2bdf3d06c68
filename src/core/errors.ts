/**
 * The one class of error that a user is meant to see: what is wrong, where, and what to do. Anything
 * else that is thrown is a bug and is shown as one, with a stack.
 */

/** Stable names of what can go wrong; each has one exit code. */
export type ErrorCode = 'usage' | 'source-unusable';

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  'source-unusable': 3,
};

export class LogwinError extends Error {
  readonly code: ErrorCode;
  /** Where there are several things wrong, each of them: what, where, what to do. */
  readonly findings: readonly string[];

  /** `message` says what and where, `remedy` what to do; both are whole sentences or clauses. */
  constructor(code: ErrorCode, message: string, remedy?: string, findings: readonly string[] = []) {
    super(remedy === undefined ? message : `${message}; ${remedy}`);
    this.name = 'LogwinError';
    this.code = code;
    this.findings = findings;
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/**
 * The code of a call that failed for a reason outside the program (`ENOENT`, `Z_DATA_ERROR`, …), or
 * undefined where `error` is something else. Node gives its own mistakes codes too: a call with the
 * wrong arguments is a bug.
 */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error instanceof TypeError || error instanceof RangeError) return undefined;
  // It has a code of ours.
  if (error instanceof LogwinError) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** An error as the system would give it: of a fault outside the program. */
export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Of what there was of a file when it was opened a part is missing. */
export function shorterError(): Error {
  return systemError('EIO', 'the file became shorter while it was read');
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
