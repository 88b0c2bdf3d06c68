/** What a run reports against. A goal that is missed is reported, and fails nothing. */

/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {number} limit met by what is not above it
 * @property {'times' | 'ms' | 'MB'} unit
 */

/** @typedef {keyof typeof GOALS} GoalName */

/**
 * @typedef {object} Finding what was seen of a goal
 * @property {GoalName} goal
 * @property {number} [value] without one it was not measured
 * @property {number} [low] the spread of what `value` stands for
 * @property {number} [high]
 * @property {string} [note]
 */

export const GOALS = {
  gawk: times('`count` beside gawk, 2 M lines, 2 threads: wall', 0.25),
  'gawk-10m': times('`count` beside gawk, 10 M lines, 2 threads: wall', 0.17),
  'gawk-cpu': times('`count` beside gawk, 2 M lines, 1 thread: processor time', 0.33),
  wc: times('`count` beside `wc -l`, 10 M lines, 2 threads: wall', 3.5),
  duckdb: times('`count` beside DuckDB, 2 M lines, 2 threads each: wall', 0.4),
  'odd-quotes': times('odd quotes in 10 % of 2 M lines, beside none: wall', 1.5),
  'distinct-urls': times('1,000,000 URLs beside 5,000, 2 M lines: wall', 3),
  journal: times('`watch`, 2 M lines dropped: with a journal beside without: wall', 1.05),
  'journal-cpu': times('the same: processor time', 1.05),
  forward: times('`forward` beside a Flume agent, 2 M lines: first byte to last', 0.2),
  'forward-memory': times('the same: peak memory', 0.25),
  receive: times(
    '`watch avro://…` beside a Flume agent, 2 M lines: first call to last answer',
    0.33,
  ),
  lateness: ms('`watch`, 1 GB dropped at once: the latest slide', 20),
  slide: ms('a slide: 300 panes, 1,000,000 keys, 10,000 changed: seal, expire, top 10', 10),
  'memory-growth': times('`count`, peak memory, 20 M lines beside 2 M', 1.1),
  'memory-count': mb('`count`, peak memory, the larger of both', 200),
  'memory-watch': mb('`watch`, peak memory, 1 GB dropped at once', 200),
  'start-up': times('`logwin --version` beside `node -e 0`: wall', 1.2),
  growth: times('cost of a line, 1 M to 20 M lines: the highest beside the lowest', 1.15),
  'keys-come-and-go': times(
    '1 M keys that come and go, 20 times: memory after the last 5 beside the first 5',
    1.1,
  ),
};

/** @param {Finding} finding @param {boolean} quick */
export function verdict({ goal, value }, quick) {
  if (value === undefined) return 'not measured';
  if (quick) return 'not judged';
  return value <= GOALS[goal].limit ? 'met' : '**not met**';
}

/** @param {string} what @param {number} limit @returns {Goal} */
function times(what, limit) {
  return { what, limit, unit: 'times' };
}

/** @param {string} what @param {number} limit @returns {Goal} */
function ms(what, limit) {
  return { what, limit, unit: 'ms' };
}

/** @param {string} what @param {number} limit @returns {Goal} */
function mb(what, limit) {
  return { what, limit, unit: 'MB' };
}
