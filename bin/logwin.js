#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs';

const args = process.argv.slice(2);

if (args[0] === '--version' || args[0] === '-V') {
  const about = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  writeSync(1, `${about.version}\n`);
} else {
  // Only now: answering with the version must not wait for the whole program to load.
  const { main } = await import(new URL('../dist/cli/main.js', import.meta.url).href);
  process.exit(await main(args));
}
