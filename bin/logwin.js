#!/usr/bin/env node
'use strict';

// CommonJS, as the `package.json` beside it says: to get ready for ES modules takes Node longer than
// to answer with the version.
const { writeSync } = require('node:fs');

const args = process.argv.slice(2);

if (args[0] === '--version' || args[0] === '-V') {
  writeSync(1, `${require('../package.json').version}\n`);
} else {
  // Only now: answering with the version must not wait for the whole program to load.
  const program = '../dist/program/logwin.cjs';
  require(program)
    .main(args)
    .then((/** @type {number} */ code) => process.exit(code));
  // Nothing is left that could lead to that end: a bug.
  process.once('beforeExit', () => process.exit(70));
}
