/**
 * Loaded before the program (`node --require`): when that ends, writes what it took to the file that
 * LOGWIN_TEST_COST names. Linux only.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const { LOGWIN_TEST_COST: file } = process.env;

if (file && isMainThread) {
  process.on('exit', () => {
    // Not `maxRSS`, which also knows of what the process was before it became this program.
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    const { user, system } = process.cpuUsage();
    writeFileSync(file, JSON.stringify({ peak: Number(peak) * 1024, cpu: (user + system) / 1000 }));
  });
}
