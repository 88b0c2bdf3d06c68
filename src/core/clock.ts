/** Time, as something that a test can move. No stage asks the system itself. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. Can be set, so it can jump either way. */
  wall(): number;
  /** Milliseconds since some moment, fractional. Never goes back; stands still in suspend. */
  monotonic(): number;
  /** Calls back once after `delay` milliseconds; it may be early by one, and late by any. */
  after(delay: number, callback: () => void): Timer;
}

/** The longest delay that a timer of the platform takes (2^31 - 1 ms, 24.8 days). */
const LONGEST_DELAY = 0x7fff_ffff;

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, delay), LONGEST_DELAY));
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Resolves after `delay` milliseconds. */
export function pause(clock: Clock, delay: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delay, resolve);
  });
}
