/** For what needs Java: `npm run test:interop`. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where the counts go as JSON, beside what the terminal shows; `.ci/run` asks for it. */
const report = process.env.LOGWIN_TEST_REPORT;

// biome-ignore lint/style/noDefaultExport: vitest asks for one.
export default defineConfig({
  test: {
    include: ['test/interop/**/*.interop.ts'],
    globalSetup: [join(import.meta.dirname, 'prepare.ts')],
    // Each test has several programs at work; more at once only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: report ? ['verbose', 'json'] : ['verbose'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
