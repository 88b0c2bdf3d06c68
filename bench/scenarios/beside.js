/** `logwin count` beside other programs on the same log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demandSame, ownAnswer } from '../answers.js';
import { log, pathOf } from '../logs.js';
import { measure, peakMemory } from '../measure.js';
import { comparePairs, inTurn } from '../pair.js';
import { locate, OTHERS, PEERS, versionOf } from '../peers.js';
import { count } from '../program.js';
import { inLines, inMegabytes, inSeconds, inSpread, inUnit } from '../units.js';

/** @typedef {import('../peers.js').Peer} Peer */
/** @typedef {import('../scenario.js').Bench} Bench */
/** @typedef {import('../scenario.js').Scenario} Scenario */

const M = 1_000_000;
const CLEAN_LINES = 200_000;
const TITLE = '`count` beside other programs';
const HEAD = ['beside', 'lines', 'threads', 'what', 'logwin', 'the other', 'ratio', 'spread'];
const MEMORY = ['memory, logwin', 'memory, the other', 'note'];

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {Peer} peer
 * @property {number} lines
 * @property {number} threads
 * @property {keyof import('../measure.js').Cost} cost
 * @property {number} runs
 * @property {import('../goals.js').GoalName} [goal]
 */

/** @type {readonly Scenario[]} */
export const beside = [
  scenario({ name: 'gawk', peer: PEERS.gawk, goal: 'gawk' }),
  scenario({ name: 'gawk-10m', peer: PEERS.gawk, goal: 'gawk-10m', lines: 10 * M, runs: 5 }),
  scenario({ name: 'gawk-cpu', peer: PEERS.gawk, goal: 'gawk-cpu', threads: 1, cost: 'cpu' }),
  scenario({ name: 'wc', peer: PEERS.wc, goal: 'wc', lines: 10 * M, runs: 5 }),
  scenario({ name: 'duckdb', peer: PEERS.duckdb, goal: 'duckdb' }),
  scenario({ name: 'mawk', peer: PEERS.mawk }),
  ...OTHERS.map((peer) => scenario({ name: peer.program, peer, runs: 3 })),
];

/** @param {Partial<Setting> & Pick<Setting, 'name' | 'peer'>} setting @returns {Scenario} */
function scenario(setting) {
  /** @type {Setting} */
  const complete = {
    lines: setting.peer.lines ?? 2 * M,
    threads: 2,
    cost: 'wall',
    runs: 7,
    ...setting,
  };
  const { name, peer, lines, threads, cost } = complete;
  return {
    name,
    what: `count beside ${peer.name}, ${inLines(lines)} lines, threads: ${threads}, ${cost}`,
    logs: (bench) => [cleanLog(bench), timedLog(complete, bench)],
    run: (bench) => compareWith(complete, bench),
  };
}

/** @param {Setting} setting @param {Bench} bench @returns {import('../scenario.js').Result} */
function compareWith(setting, bench) {
  const { peer, threads, cost, runs, goal } = setting;
  const timed = timedLog(setting, bench);
  const { lines } = timed;
  const program = locate(peer);
  if (!program) {
    return {
      findings: goal ? [{ goal, note: `${peer.name} is not installed` }] : [],
      tables: [table([peer.name, inLines(lines), 'not installed', ...Array(8).fill('')])],
      raw: null,
    };
  }

  const output = join(bench.work, 'output');
  const path = pathOf(timed);
  demandAnswers(peer, program, { clean: pathOf(cleanLog(bench)), path, output });

  const ours = count(threads, ...(peer.by ? ['--by', peer.by] : []), path);
  const theirs = peer.command(program, path, threads);
  const pairs = inTurn({ ours, theirs, output, runs: bench.runs(runs) });
  const seen = comparePairs(pairs, cost);
  const memory = [peakMemory(ours, output), peakMemory(theirs, output)];
  const row = [
    peer.name,
    inLines(lines),
    String(threads),
    cost === 'cpu' ? 'processor' : 'wall',
    inSeconds(seen.ours),
    inSeconds(seen.theirs),
    inUnit(seen.value, 'times'),
    inSpread(seen, 'times'),
    ...memory.map(inMegabytes),
    peer.note ?? '',
  ];
  return {
    findings: goal ? [{ goal, value: seen.value, low: seen.low, high: seen.high }] : [],
    tables: [table(row)],
    raw: {
      peer: peer.name,
      version: versionOf(peer),
      ours,
      theirs: peer.command(peer.program, path, threads),
      pairs,
      memory,
    },
  };
}

/**
 * On a clean log, all of the answer that can be the same has to be. On one with odd lines, each
 * program has its own idea of these, and only the largest counts are compared.
 * @param {Peer} peer
 * @param {string} program
 * @param {{ clean: string, path: string, output: string }} files
 */
function demandAnswers(peer, program, { clean, path, output }) {
  const extents = /** @type {const} */ ([
    [clean, peer.extent],
    [path, peer.extent === 'lines' ? 'lines' : 'top'],
  ]);
  for (const [file, extent] of extents) {
    const ours = ownAnswer(file, output, peer.by ?? 'url');
    measure(peer.command(program, file, 2), output);
    demandSame(ours, peer.read(readFileSync(output, 'latin1')), extent, peer.name);
  }
}

/** @param {Setting} setting @param {Bench} bench */
function timedLog({ peer, lines }, bench) {
  return log(bench.size(lines), peer.clean ? { odd: 0 } : {});
}

/** @param {Bench} bench */
function cleanLog(bench) {
  return log(bench.size(CLEAN_LINES), { odd: 0 });
}

/** @param {string[]} row */
function table(row) {
  return { title: TITLE, head: [...HEAD, ...MEMORY], rows: [row] };
}
