/**
 * The built program against what it gave when somebody last looked: a directory a case, see
 * fixtures/README.md. `UPDATE_GOLDEN=1` writes the expectations anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ended, runToEnd } from '../support/run.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOLDEN = join(ROOT, 'fixtures/golden');
const EXPECTED = ['stdout', 'stderr', 'code'] as const;

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, 'TIME')
    .replace(/[\d,]+ lines\/s/g, 'RATE')
    .replace(/"pid":\d+/g, '"pid":PID');
}

function outcome({ stdout, stderr, code }: Ended): Record<(typeof EXPECTED)[number], string> {
  return { stdout: steady(stdout), stderr: steady(stderr), code: `${code}\n` };
}

describe('golden', () => {
  it.each(readdirSync(GOLDEN))('%s', async (name) => {
    const path = (file: string): string => join(GOLDEN, name, file);
    const args = readFileSync(path('command'), 'utf8').trim().split(' ');
    const actual = outcome(await runToEnd(args, { cwd: ROOT, env: { NO_COLOR: '1', TZ: 'UTC' } }));
    if (process.env.UPDATE_GOLDEN) {
      for (const file of EXPECTED) writeFileSync(path(file), actual[file]);
    }
    for (const file of EXPECTED) expect(actual[file]).toBe(readFileSync(path(file), 'utf8'));
  });

  it('is fed by the generator as it is', async () => {
    const { generated } = await import('../../fixtures/generate.js');
    const kept = readFileSync(join(ROOT, 'fixtures/logs/generated.log'));
    expect(generated().equals(kept)).toBe(true);
  });
});
