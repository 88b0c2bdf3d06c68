import { defineConfig } from 'vitest/config';

/** Where the counts go as JSON, beside what the terminal shows; `.ci/run` asks for it. */
const report = process.env.LOGWIN_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Much of a test is waiting for a process, so one more than there are processors, usually.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
});
