/** For what takes too long for `npm test`: name the file that is meant. */
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest asks for one.
export default defineConfig({
  test: {
    include: ['test/crash/crash.test.ts', 'test/crash/soak.long.ts'],
    env: { LOGWIN_CRASH_ROUNDS: process.env.LOGWIN_CRASH_ROUNDS ?? '1000' },
    maxConcurrency: Number(process.env.LOGWIN_CRASH_CONCURRENCY ?? 4),
    reporters: ['verbose'],
  },
});
