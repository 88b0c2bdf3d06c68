/** Two programs that are joined over the loopback address: one that forwards, and one that counts what comes. */
import { said } from './read-back.js';
import { type Run, type RunOptions, run } from './run.js';
import { begun } from './spool-place.js';

/** What is given later wins. */
export const COUNTING = ['--slide', '0.1', '--top', '20', '--output', 'ndjson', '--window', 'all'];
const FORWARDING = ['--settle', '0.2'];

/** Resolves to a `watch` that listens, and the port that it has. Port 0 is one of the system's choice. */
export async function listening(
  port: number,
  args: readonly string[] = [],
  parameters = '',
): Promise<{ readonly run: Run; readonly port: number }> {
  const url = `avro://127.0.0.1:${port}${parameters}`;
  const logwin = await begun(run(['watch', url, ...COUNTING, ...args], { timeout: 90_000 }));
  return { run: logwin, port: portOf(logwin, 'Listening for events') };
}

/** Resolves to a `forward` that has begun. */
export async function forwarding(
  source: string,
  to: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Run> {
  const logwin = run(['forward', source, '--to', to, ...FORWARDING, ...args], {
    timeout: 90_000,
    ...options,
  });
  await logwin.until(({ stderr }) => said(stderr, 'Forwarding begins').length > 0);
  return logwin;
}

/** The port that the log of a run names in the message. */
export function portOf(logwin: Run, message: string): number {
  const [{ at }] = said(logwin.written.stderr, message);
  return Number(String(at).split(':').at(-1));
}
