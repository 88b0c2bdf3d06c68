/** Rounds by their seeds: what is kept of one that fails, and what all of them have shown. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/core/errors.js';
import { recordsIn } from '../support/read-back.js';
import { Round } from './round.js';
import { planRound } from './round-plan.js';

/** How often a round is run again in which the dropping itself was held up. */
const ATTEMPTS = 4;
const WARNING = 40;

/** What the rounds so far came to. */
export class Findings {
  rounds = 0;
  runs = 0;
  drops = 0;
  lines = 0;
  /** Rounds that were run again, with what seemed wrong. */
  readonly again: string[] = [];
  /** Warnings and errors that the program logged, by message. */
  readonly messages = new Map<string, number>();

  take({ plan, runs }: Round): void {
    this.rounds += 1;
    this.runs += runs.length;
    this.drops += plan.drops.length;
    this.lines += plan.expected.lines;
    addTo(this.messages, troubles(runs));
  }

  toString(): string {
    const { rounds, runs, drops, lines } = this;
    const sums = `${rounds} rounds, ${runs} runs, ${drops} files, ${lines} lines`;
    const messages = [...this.messages].map(([message, times]) => `${times} × ${message}`);
    const again = this.again.map((round) => `run again, for a file was written slowly: ${round}`);
    return [sums, ...messages, ...again].join('\n  ');
  }
}

/**
 * Runs the round of this seed. Rejects, and keeps the round's directory, where a count or a file is
 * not what it must be.
 */
export async function runRound(seed: number, findings: Findings): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const round = new Round(planRound(seed));
    try {
      await round.run();
      findings.take(round);
      await round.remove();
      return;
    } catch (error) {
      const isVoid = round.isVoid && attempt < ATTEMPTS;
      if (!isVoid) throw new Error(explain(round, error));
      findings.again.push(`${seed}: ${messageOf(error).split('\n')[0]}`);
      await round.remove();
    }
  }
}

function explain({ plan, place, runs }: Round, error: unknown): string {
  const { seed, kills } = plan;
  const names = runs.map((run, at) => {
    writeFileSync(join(place.base, `run-${at}.log`), run.log);
    writeFileSync(join(place.base, `run-${at}.ndjson`), `${run.printed.newest}\n`);
    return `run ${at} (pid ${run.pid}): ${JSON.stringify(kills[at] ?? 'to its end')}`;
  });
  return [
    messageOf(error),
    `Again: LOGWIN_CRASH_SEED=${seed} LOGWIN_CRASH_ROUNDS=1; kept: ${place.base}`,
    `logwin ${place.args.join(' ')}`,
    ...names,
    ...[...addTo(new Map(), troubles(runs))].map(([message, times]) => `${times} × ${message}`),
  ].join('\n');
}

/** What is not JSON is a message of its own: an expected error, or a stack. */
function troubles(runs: Round['runs']): string[] {
  return runs.flatMap(({ log }) => {
    const lines = log.split('\n').slice(0, -1);
    // Of a rival that was refused, each time with another pid.
    const others = lines.filter((line) => !/^(\{|logwin: another logwin )/.test(line));
    const records = recordsIn(
      lines
        .filter((line) => line.startsWith('{'))
        .map((line) => `${line}\n`)
        .join(''),
    );
    return [...records.filter(({ level }) => level >= WARNING).map(({ msg }) => msg), ...others];
  });
}

function addTo(counts: Map<string, number>, words: readonly string[]): Map<string, number> {
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
