/** What a scenario is, and what it gives. */

/**
 * @typedef {object} Bench what a scenario is given
 * @property {(lines: number) => number} size a number of lines, or of keys, as this run has it
 * @property {(usual: number) => number} runs how often to measure
 * @property {string} work a directory for what it writes, on the file system of the logs
 */

/** @typedef {{ title: string, head: string[], rows: string[][] }} Table */

/**
 * @typedef {object} Result
 * @property {import('./goals.js').Finding[]} findings
 * @property {Table[]} tables
 * @property {unknown} raw all the numbers, to be kept
 */

/** @typedef {Result & { scenario: string, error?: string }} Outcome */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} what in a few words
 * @property {(bench: Bench) => import('./log-lines.js').LogOptions[]} logs what it reads
 * @property {(bench: Bench) => Result | Promise<Result>} run throws if answers differ
 */

export {};
