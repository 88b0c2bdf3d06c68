/** `logwin demo`: the main job with nothing to set up, and nothing left behind. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordsIn, said, snapshotsIn } from '../support/read-back.js';
import { run, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';

const directory = scratch();

describe.concurrent('the demonstration', () => {
  it('shows traffic from the first snapshot on, and leaves no directory', async () => {
    const TMPDIR = directory();
    const args = ['demo', '--ticks', '2', '-o', 'ndjson'];
    const { code, stdout, stderr } = await runToEnd(args, { env: { TMPDIR } });
    expect(code).toBe(0);
    const snapshots = snapshotsIn(stdout);
    expect(snapshots).toHaveLength(2);
    expect(snapshots.every(({ top, total }) => top.length === 10 && total > 100)).toBe(true);
    expect(snapshots[1].total).toBeGreaterThan(snapshots[0].total);
    expect(recordsIn(stderr)[0].directory).toContain(TMPDIR);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it.each([
    ['one signal', 1, 0],
    ['two signals', 2, 128 + 15],
  ])('leaves no directory after %s', async (_, signals, code) => {
    const TMPDIR = directory();
    const logwin = run(['demo', '-o', 'ndjson'], { env: { TMPDIR } });
    await logwin.until(({ stdout }) => stdout !== '');
    expect(readdirSync(TMPDIR)).toHaveLength(1);
    for (let sent = 0; sent < signals; sent += 1) logwin.kill('SIGTERM');
    const { code: ended, stderr } = await logwin.exited;
    // Two signals that come at once are one.
    expect([0, code]).toContain(ended);
    if (signals === 1) expect(said(stderr, 'The run has ended')).toHaveLength(1);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });
});
