/**
 * Puts the program together in a few CommonJS files, for the command line alone: to find, read and
 * link a hundred small ES modules, and as many files of packages, takes longer than to count a
 * hundred megabytes. The library, its types and the tests use what the compiler makes.
 */
import { defineConfig } from 'rolldown';

/** What every command needs, and what a count of a file needs beside it, in one part. */
const COMMON =
  /\/dist\/(core|channel\/memory|parser|window|pipeline|run\/(counting|upstream)|source\/(lines|stream)|sink\/(create|format|on|records|tsv)|cli\/(?!demo|watch))/;

/**
 * What the program requires when it is needed, and not before. Two of these packages are put
 * together themselves; the others are loaded late, if at all.
 */
const packages = {
  name: 'packages',
  /** @param {string} code */
  transform: (code) =>
    code
      .replace(/^const require = createRequire\(import\.meta\.url\);$/m, '')
      .replace(/\brequire\('(commander|pino)'\)/g, "require('./$1.cjs')"),
};

const output = /** @type {const} */ ({
  dir: 'dist/program',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
});

export default defineConfig([
  {
    input: { logwin: 'dist/cli/main.js' },
    platform: 'node',
    external: [
      'avsc',
      'chokidar',
      'cli-table3',
      'picomatch',
      'pino-pretty',
      /^\.\/(commander|pino)\.cjs$/,
    ],
    plugins: [packages],
    output: {
      ...output,
      codeSplitting: { groups: [{ name: 'common', test: COMMON }] },
      cleanDir: true,
    },
  },
  { input: { worker: 'dist/parser/kernel/worker.js' }, platform: 'node', output },
  { input: { commander: 'commander' }, platform: 'node', output: { ...output, minify: true } },
  { input: { pino: 'pino' }, platform: 'node', output: { ...output, minify: true } },
]);
