import type { WriteStream } from 'node:tty';

/** What a terminal can do and how large it is at this moment. */
export interface Terminal {
  /** Of characters of single width; at least 1. */
  readonly columns: number;
  /** At least 1. */
  readonly rows: number;
  /** By NO_COLOR, FORCE_COLOR and TERM, as Node reads them. */
  readonly hasColors: boolean;
  /** Knows the escape sequences that draw over what was drawn. */
  readonly movesCursor: boolean;
  /** Calls back after each change of size. */
  onResize(listener: () => void): void;
}

/** The size of a terminal that does not say (a serial line says 0 by 0). */
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** Asks the stream for its size each time; Node keeps that current by SIGWINCH. */
export function terminalOf(stream: WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const { TERM } = env;
  return {
    get columns() {
      return stream.columns || USUAL_COLUMNS;
    },
    get rows() {
      return stream.rows || USUAL_ROWS;
    },
    hasColors: stream.hasColors(env),
    movesCursor: TERM !== undefined && TERM !== '' && TERM !== 'dumb',
    onResize: (listener) => {
      stream.on('resize', listener);
    },
  };
}
