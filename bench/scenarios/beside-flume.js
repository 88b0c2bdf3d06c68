/** `forward` and `watch avro://…` beside a Flume agent that does the same. */
import { find } from '../find.js';
import { flumeSender, forwardOnce, logwinSender } from '../forwarding.js';
import { log, pathOf } from '../logs.js';
import { compare } from '../pair.js';
import { flumeReceiver, logwinReceiver, receiveOnce } from '../receiving.js';
import { median } from '../statistics.js';
import { inLines, inMegabytes, inSeconds } from '../units.js';

/** @typedef {import('../scenario.js').Bench} Bench */
/** @typedef {import('../scenario.js').Result} Result */
/** @typedef {{ transfer: number, cpu: number, peak: number, wall?: number }} Taken */
/** @typedef {{ name: string, run: () => Promise<Taken> }} Contender */

const LINES = 2_000_000;
const RUNS = 5;
const HEAD = ['', 'lines/s', 'transfer', 'from the drop on', 'processor time', 'memory'];
const NEEDED = ['java', 'javac', 'mvn'];
/** What its script gives it, and what its users give it. */
const HEAPS = { small: '20m', large: '512m' };

/** @type {import('../scenario.js').Scenario} */
export const forwardBesideFlume = {
  name: 'forward',
  what: 'forward beside a Flume agent: a spool directory to an Avro receiver, 2 M lines',
  logs: (bench) => [timedLog(bench)],
  async run(bench) {
    const lacking = whatIsLacking('forward', 'forward-memory');
    if (lacking) return lacking;
    const what = whatToSend(bench);
    /** @param {string} name @param {import('../forwarding.js').StartSender} start */
    const contender = (name, start) => ({ name, run: () => forwardOnce(start, what) });
    const title = `\`forward\` beside Flume, ${inLines(what.lines)} lines, batches of 1,000`;
    return besideFlume(bench, what.lines, title, {
      ours: contender('logwin', logwinSender()),
      theirs: contender(`Flume, -Xmx${HEAPS.large}`, flumeSender(HEAPS.large)),
      others: [
        contender('logwin, 4 calls under way', logwinSender('--in-flight', '4')),
        contender(`Flume, -Xmx${HEAPS.small}, as its script has it`, flumeSender(HEAPS.small)),
      ],
      goals: { transfer: 'forward', peak: 'forward-memory' },
    });
  },
};

/** @type {import('../scenario.js').Scenario} */
export const receiveBesideFlume = {
  name: 'receive',
  what: 'watch avro://… beside a Flume agent that counts nothing, 2 M lines from the same client',
  logs: (bench) => [timedLog(bench)],
  async run(bench) {
    const lacking = whatIsLacking('receive');
    if (lacking) return lacking;
    const what = whatToSend(bench);
    /** @param {string} name @param {import('../receiving.js').StartReceiver} start */
    const contender = (name, start) => ({ name, run: () => receiveOnce(start, what) });
    const title = `\`watch avro://…\` beside Flume, ${inLines(what.lines)} lines, batches of 1,000`;
    return besideFlume(bench, what.lines, title, {
      ours: contender('logwin', logwinReceiver('--no-state')),
      theirs: contender(`Flume, -Xmx${HEAPS.large}`, flumeReceiver(HEAPS.large)),
      others: [
        contender(`Flume, -Xmx${HEAPS.small}, as its script has it`, flumeReceiver(HEAPS.small)),
      ],
      goals: { transfer: 'receive' },
    });
  },
};

/**
 * @param {Bench} bench
 * @param {number} lines
 * @param {string} title
 * @param {{ ours: Contender, theirs: Contender, others: Contender[], goals: { transfer: import('../goals.js').GoalName, peak?: import('../goals.js').GoalName } }} who
 * @returns {Promise<Result>}
 */
async function besideFlume(bench, lines, title, { ours, theirs, others, goals }) {
  const contenders = [ours, theirs, ...others];
  /** @type {Map<string, Taken[]>} */
  const taken = new Map(contenders.map(({ name }) => [name, []]));
  // Once without counting: it brings the log into the system's cache.
  await ours.run();
  for (let run = 0; run < bench.runs(RUNS); run++) {
    for (const contender of contenders) taken.get(contender.name)?.push(await contender.run());
  }
  const [one, other] = [ours, theirs].map(({ name }) => taken.get(name) ?? []);
  const finding = (/** @type {'transfer' | 'peak'} */ what) => {
    const { value, low, high } = compare(
      one.map((run) => run[what]),
      other.map((run) => run[what]),
    );
    return { value, low, high };
  };
  return {
    findings: [
      { goal: goals.transfer, ...finding('transfer') },
      ...(goals.peak ? [{ goal: goals.peak, ...finding('peak') }] : []),
    ],
    tables: [{ title, head: HEAD, rows: [...taken].map(([name, runs]) => row(name, runs, lines)) }],
    raw: Object.fromEntries(taken),
  };
}

/** @param {string} name @param {readonly Taken[]} runs @param {number} lines */
function row(name, runs, lines) {
  const [transfer, cpu, peak] = /** @type {const} */ (['transfer', 'cpu', 'peak']).map((what) =>
    median(runs.map((run) => run[what])),
  );
  const walls = runs.flatMap(({ wall }) => (wall === undefined ? [] : [wall]));
  return [
    name,
    inLines(Math.round(lines / transfer)),
    inSeconds(transfer),
    walls.length > 0 ? inSeconds(median(walls)) : '',
    inSeconds(cpu),
    inMegabytes(peak),
  ];
}

/**
 * Flume is fetched by its build tool, and run by Java.
 * @param {...import('../goals.js').GoalName} goals
 * @returns {Result | undefined}
 */
function whatIsLacking(...goals) {
  const missing = NEEDED.filter((name) => !find(name));
  if (missing.length === 0) return undefined;
  const note = `not installed: ${missing.join(', ')}`;
  return { findings: goals.map((goal) => ({ goal, note })), tables: [], raw: null };
}

/** @param {Bench} bench */
function whatToSend(bench) {
  const timed = timedLog(bench);
  return { path: pathOf(timed), lines: timed.lines, work: bench.work };
}

/**
 * Without odd lines: at the first that is not UTF-8, Flume's source gives up.
 * @param {Bench} bench
 */
function timedLog(bench) {
  return log(bench.size(LINES), { odd: 0 });
}
