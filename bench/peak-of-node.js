/** Loaded before a program: when it ends, writes the most memory that it had, in bytes. */
import { writeFileSync } from 'node:fs';

const { LOGWIN_BENCH_PEAK: file } = process.env;
if (file) {
  process.on('exit', () => {
    writeFileSync(file, String(process.resourceUsage().maxRSS * 1024));
  });
}
