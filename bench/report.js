/** A run as Markdown. */
import { GOALS, verdict } from './goals.js';
import { inSpread, inUnit } from './units.js';

/** @typedef {import('./scenario.js').Outcome} Outcome */
/** @typedef {import('./scenario.js').Table} Table */

/**
 * @param {object} run
 * @param {Record<string, string>} run.machine
 * @param {Record<string, string>} run.peers
 * @param {boolean} run.quick
 * @param {readonly Outcome[]} run.outcomes
 */
export function report({ machine, peers, quick, outcomes }) {
  const failed = outcomes.filter(({ error }) => error);
  const parts = [
    '# Benchmark',
    quick ? 'A quick run: small logs, to try the harness. Its numbers mean nothing.' : '',
    list(machine),
    failed.length > 0 ? `## Failed\n\n${failed.map(inFailed).join('\n')}` : '',
    ...mergeTables([goalsTable(outcomes, quick), ...outcomes.flatMap(({ tables }) => tables)]).map(
      (table) => `## ${table.title}\n\n${markdown(table)}`,
    ),
    `## Versions\n\n${list(peers)}`,
  ];
  return `${parts.filter((part) => part).join('\n\n')}\n`;
}

/** @param {Outcome} outcome */
function inFailed({ scenario, error }) {
  return `- ${scenario}: ${error}`;
}

/** @param {readonly Outcome[]} outcomes @param {boolean} quick @returns {Table} */
function goalsTable(outcomes, quick) {
  const rows = outcomes
    .flatMap(({ findings }) => findings)
    .map((finding) => {
      const { what, limit, unit } = GOALS[finding.goal];
      return [
        what,
        inUnit(limit, unit),
        finding.value === undefined ? '' : inUnit(finding.value, unit),
        inSpread(finding, unit),
        verdict(finding, quick),
        finding.note ?? '',
      ];
    });
  return { title: 'Goals', head: ['goal', 'at most', 'seen', 'spread', '', 'note'], rows };
}

/**
 * Rows of the same table come from several scenarios.
 * @param {readonly Table[]} tables
 * @returns {Table[]}
 */
function mergeTables(tables) {
  /** @type {Map<string, Table>} */
  const merged = new Map();
  for (const { title, head, rows } of tables) {
    const before = merged.get(title)?.rows ?? [];
    merged.set(title, { title, head, rows: [...before, ...rows] });
  }
  return [...merged.values()].filter(({ rows }) => rows.length > 0);
}

/** @param {Record<string, string>} entries */
function list(entries) {
  return Object.entries(entries)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');
}

/** @param {Table} table */
function markdown({ head, rows }) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(inCell).join(' | ')} |`).join('\n');
}

/** @param {string} text */
function inCell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
