/** Resident memory, as a million URLs come and leave the window, again and again, others each time. */
import { appendFileSync, closeSync, openSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median, spread } from '../statistics.js';
import { inLines, inMegabytes } from '../units.js';
import { Watching } from '../watching.js';

const KEYS = 1_000_000;
const ROUNDS = 20;
/** As many rounds are looked at, at the beginning and at the end. */
const LOOKED_AT = 5;
const LINES_A_WRITE = 10_000;

/** @typedef {{ resident: number, distinct: number }} Round */

/** @type {import('../scenario.js').Scenario} */
export const keysComeAndGo = {
  name: 'keys-come-and-go',
  what: 'resident memory, as a million URLs come and go, 20 times',
  logs: () => [],
  async run(bench) {
    const keys = bench.size(KEYS);
    const { rounds, peak } = await comeAndGo(keys, bench.work);
    const resident = rounds.map((round) => round.resident);
    const [first, last] = [resident.slice(0, LOOKED_AT), resident.slice(-LOOKED_AT)];
    const ratios = spread(last.map((bytes) => bytes / median(first)));
    const most = Math.max(...rounds.map(({ distinct }) => distinct));
    return {
      findings: [
        {
          goal: 'keys-come-and-go',
          value: median(last) / median(first),
          ...ratios,
          note: `peak ${inMegabytes(peak)}; at most ${inLines(most)} URLs in the window at once`,
        },
      ],
      tables: [
        {
          title: `Memory after each ${inLines(keys)} URLs have come and gone`,
          head: ['rounds', 'resident memory'],
          rows: [0, 5, 10, 15].map((begin) => [
            `${begin + 1} to ${begin + 5}`,
            resident
              .slice(begin, begin + 5)
              .map(inMegabytes)
              .join(', '),
          ]),
        },
      ],
      raw: { rounds, peak },
    };
  },
};

/** @param {number} keys @param {string} work */
async function comeAndGo(keys, work) {
  const short = ['--window', '3', '--slide', '500ms', '--settle', '200ms', '--after', 'delete'];
  const watching = new Watching(work, ...short);
  try {
    await watching.until(() => true, 'a first snapshot');
    /** @type {Round[]} */
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await comeAndGoOnce(watching, round, keys));
    }
    const { peak } = watching.memory();
    const accounted = await watching.stop();
    if (accounted !== keys * ROUNDS) {
      throw new Error(`watch accounted for ${accounted} of ${keys * ROUNDS} lines.`);
    }
    return { rounds, peak };
  } finally {
    watching.clear();
  }
}

/** @param {Watching} watching @param {number} round @param {number} keys @returns {Promise<Round>} */
async function comeAndGoOnce(watching, round, keys) {
  const hidden = join(watching.spool, '.log');
  writeKeys(hidden, round, keys);
  const before = watching.seen.length;
  renameSync(hidden, join(watching.spool, 'log'));
  await watching.until(({ lines }) => lines > 0, 'the first lines');
  await watching.until(({ lines }) => lines === 0, 'an empty window');
  while (readdirSync(watching.spool).length > 0) await wait(100);

  const seen = watching.seen.slice(before);
  if (seen.some(({ other }) => other)) throw new Error('a URL found no room');
  const distinct = Math.max(...seen.map((snapshot) => snapshot.distinct));
  return { resident: watching.memory().now, distinct };
}

/** @param {string} path @param {number} round @param {number} keys */
function writeKeys(path, round, keys) {
  const file = openSync(path, 'w');
  for (let begin = 0; begin < keys; begin += LINES_A_WRITE) {
    let text = '';
    for (let key = begin; key < Math.min(begin + LINES_A_WRITE, keys); key++) {
      text += `192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET /round-${round}/item-${key} HTTP/1.1" 200 512 "-" "-"\n`;
    }
    appendFileSync(file, text);
  }
  closeSync(file);
}
