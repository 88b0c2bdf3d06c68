/** Being asked to end: the first time gently, the second time at once. */

/** The signals that ask, with their numbers: a process that one of them ends exits with 128 + n. */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

type Signal = keyof typeof NUMBERS;

const SIGNALS = Object.keys(NUMBERS) as readonly Signal[];

/** What of `process` is needed, so that a test can stand in for it. */
export interface SignalledProcess {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
  exit(code: number): void;
}

/**
 * Calls `stop` at the first signal and ends the process with 128 + n at the second. Returns what
 * lets go of the signals again.
 */
export function onSignals(stop: () => void, from: SignalledProcess = process): () => void {
  let asked = false;
  const listener = (signal: Signal): void => {
    if (asked) from.exit(128 + NUMBERS[signal]);
    asked = true;
    stop();
  };
  for (const signal of SIGNALS) from.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) from.off(signal, listener);
  };
}
