/** `npm run bench`: measures what the scenarios say, one after the other, and reports. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DIRECTORY, makeLogs } from './logs.js';
import { describeMachine, describePeers } from './machine.js';
import { readOptions, USAGE } from './options.js';
import { report } from './report.js';
import { keepResults } from './results.js';
import { SCENARIOS } from './scenarios.js';

/** @typedef {import('./scenario.js').Bench} Bench */
/** @typedef {import('./scenario.js').Outcome} Outcome */

/** A quick run has logs this many times shorter. */
const QUICK = 20;

const options = readOptions(process.argv.slice(2));
const chosen = SCENARIOS.filter(
  ({ name }) => options.only.length === 0 || options.only.some((text) => name.includes(text)),
);

if (options.help) {
  process.stdout.write(USAGE);
} else if (options.list) {
  for (const { name, what } of chosen) console.log(`${name.padEnd(18)} ${what}`);
} else if (chosen.length === 0) {
  say('No scenario has such a name; --list names them.');
  process.exitCode = 2;
} else {
  process.exitCode = await bench();
}

/** Gives the exit code: not 0 if answers differ or something crashed, never for a time. */
async function bench() {
  const machine = describeMachine();
  const peers = describePeers();
  const setting = prepare();
  try {
    await makeLogs(
      chosen.flatMap((scenario) => scenario.logs(setting)),
      say,
    );
  } catch (error) {
    say(messageOf(error));
    return 1;
  }

  /** @type {Outcome[]} */
  const outcomes = [];
  for (const scenario of chosen) {
    say(`${scenario.name}: ${scenario.what}`);
    outcomes.push(await outcomeOf(scenario, setting));
    // An interrupt is heard between two scenarios.
    await setImmediate();
  }

  const text = report({ machine, peers, quick: options.quick, outcomes });
  process.stdout.write(text);
  if (options.keep || (!options.quick && options.only.length === 0)) {
    const { quick, runs } = options;
    say(`kept in ${keepResults(text, [{ machine, peers, quick, runs }, ...outcomes])}`);
  }
  return outcomes.some(({ error }) => error) ? 1 : 0;
}

/** @returns {Bench} */
function prepare() {
  mkdirSync(DIRECTORY, { recursive: true });
  const work = mkdtempSync(join(DIRECTORY, 'run-'));
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  return {
    work,
    size: (lines) => (options.quick ? lines / QUICK : lines),
    runs: (usual) => options.runs ?? (options.quick ? 1 : usual),
  };
}

/** @param {import('./scenario.js').Scenario} scenario @param {Bench} setting @returns {Promise<Outcome>} */
async function outcomeOf({ name, run }, setting) {
  try {
    return { scenario: name, ...(await run(setting)) };
  } catch (error) {
    say(`${name} failed: ${messageOf(error)}`);
    return { scenario: name, findings: [], tables: [], raw: null, error: messageOf(error) };
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}
