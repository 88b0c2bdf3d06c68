/** What must come out, line by line: each has a URL of its own. */
import { both, NOTHING, type Outcomes } from './outcomes.js';

/** What was counted. */
export interface Counts {
  readonly counts: ReadonlyMap<string, number>;
  readonly rejected: number;
}

interface Entry {
  /** Of what stood in files and was overwritten, or deleted. */
  past: Outcomes;
  /** Of what stands in a file. */
  now: Outcomes;
}

/** How many differences are said. */
const MOST_SAID = 5;

export class Ledger {
  readonly #entries = new Map<string, Entry>();

  /** The line stands in a file. */
  enter(url: string, now: Outcomes): void {
    this.#entries.set(url, { past: this.#entries.get(url)?.past ?? NOTHING, now });
  }

  /** It stands there no more; `then` is what had become of it. */
  leave(url: string, then: Outcomes): void {
    const { past } = this.#entry(url);
    this.#entries.set(url, { past: both(past, then), now: NOTHING });
  }

  now(url: string): Outcomes {
    return this.#entry(url).now;
  }

  /** What is wrong at the end, when all was read; the empty string for nothing. */
  differences({ counts, rejected }: Counts): string {
    const wrong = this.#unknown(counts);
    let least = 0;
    let most = 0;
    for (const [url, { past, now }] of this.#entries) {
      const allowed = both(past, now);
      const found = allowed.filter(([counted]) => counted === (counts.get(url) ?? 0));
      if (found.length === 0)
        wrong.push(`${url} ${counts.get(url) ?? 0} times, not ${say(allowed)}`);
      const rejections = (found.length > 0 ? found : allowed).map(([, rejection]) => rejection);
      least += Math.min(...rejections);
      most += Math.max(...rejections);
    }
    const isAllowed = least <= rejected && rejected <= most;
    if (!isAllowed) wrong.push(`${rejected} rejected, not ${least} to ${most}`);
    return text(wrong);
  }

  /** What is too much already. */
  surplus({ counts }: Counts): string {
    const wrong = this.#unknown(counts);
    for (const [url, count] of counts) {
      const entry = this.#entries.get(url);
      const most = entry ? mostOf(both(entry.past, entry.now)) : 0;
      if (count > most) wrong.push(`${url} ${count} times, and not more than ${most}`);
    }
    return text(wrong);
  }

  /** What is missing of these lines, all of which were read. */
  lack({ counts }: Counts, urls: Iterable<string>): string {
    const wrong: string[] = [];
    for (const url of urls) {
      const { past, now } = this.#entry(url);
      const least = Math.min(...both(past, now).map(([counted]) => counted));
      const count = counts.get(url) ?? 0;
      if (count < least) wrong.push(`${url} ${count} times, and ${least} were read`);
    }
    return text(wrong);
  }

  #entry(url: string): Entry {
    const entry = this.#entries.get(url);
    if (entry === undefined) throw new Error(`No line has ${url}.`);
    return entry;
  }

  #unknown(counts: ReadonlyMap<string, number>): string[] {
    const unknown = [...counts.keys()].filter((url) => !this.#entries.has(url));
    return unknown.map((url) => `${url}, which no line has`);
  }
}

function mostOf(outcomes: Outcomes): number {
  return Math.max(...outcomes.map(([counted]) => counted));
}

function say(outcomes: Outcomes): string {
  return [...new Set(outcomes.map(([counted]) => counted))].join(' or ');
}

function text(wrong: readonly string[]): string {
  const more = wrong.length - MOST_SAID;
  return [...wrong.slice(0, MOST_SAID), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
