/**
 * The model: which lines were put into which files, and what may become of each. It knows of the
 * program only what was promised, and what somebody who looks from outside can know: that it had time
 * to read everything.
 */
import { requests } from '../support/requests.js';
import { Ledger } from './ledger.js';
import { AND_BLANK, BEGUN, either, IN_TWO, maybe, ONCE, type Outcomes } from './outcomes.js';

/** `cut` is gzip of which the end is missing. */
export type Kind = 'plain' | 'gzip' | 'cut';

/** How much is written of the last line; the rest follows with what is written next, if anything. */
export type Ending = 'whole' | 'middle' | 'without line end';

/** One file that somebody dropped. */
export interface Drop {
  readonly number: number;
  readonly kind: Kind;
  /** The one that people gave it last. */
  name: string;
  /** Of its lines, in their order. */
  urls: string[];
  /** So many of them were read, and that is durable. */
  sure: number;
  /** What the last line still lacks. */
  rest: string;
  writtenAt: number;
  /**
   * - `spool`: in the spool directory, under whatever name
   * - `away`: the program deleted it, or moved it elsewhere
   * - `lost`: somebody else deleted or replaced it
   */
  place: 'spool' | 'away' | 'lost';
  /** Who wrote it has ended. */
  isClosed: boolean;
}

/** What is to be written. */
export interface Text {
  readonly lines: number;
  readonly ending: Ending;
}

export interface ModelSettings {
  readonly after: 'rename' | 'move' | 'delete' | 'keep';
  /** Milliseconds. */
  readonly settle: number;
}

/** A part of a line behind which neither part is a line of the format. */
const MIDDLE = ' HTTP';
/** Of a line that nobody is bound to read, nor to read whole. */
const ANYHOW = either(maybe(ONCE), BEGUN, IN_TWO, AND_BLANK);

export class Model {
  readonly settings: ModelSettings;
  readonly ledger = new Ledger();
  readonly drops: Drop[] = [];
  #lines = 0;

  constructor(settings: ModelSettings) {
    this.settings = settings;
  }

  begin(name: string, kind: Kind, now: number): Drop {
    const number = this.drops.length;
    const drop: Drop = {
      ...{ number, kind, name, urls: [], sure: 0, rest: '' },
      ...{ writtenAt: now, place: 'spool', isClosed: false },
    };
    this.drops.push(drop);
    return drop;
  }

  /** One of those that can be written to, if there are any. */
  pick(choice: number): Drop | undefined {
    const open = this.drops.filter(({ isClosed, kind }) => !isClosed && kind === 'plain');
    return open[choice % open.length];
  }

  /** Gives what is to be appended. */
  append(drop: Drop, text: Text, now: number): string {
    const isBound = this.#isBound(drop, now);
    const rest = this.#continue(drop, isBound, now);
    const urls = Array.from({ length: text.lines }, () => this.#newLine());
    for (const url of urls) this.ledger.enter(url, readingOf(drop, isBound));
    drop.urls.push(...urls);
    drop.writtenAt = now;
    return rest + this.#cutLast(drop, text, requests(...urls));
  }

  /**
   * The file is cut behind so many lines, at most those that it has but one. Gives its size then. The
   * lines before that are read again, if the program had come further, or sees the cut.
   */
  truncate(drop: Drop, lines: number, now: number): number {
    const isBound = this.#isBound(drop, now);
    drop.urls.forEach((url, at) => {
      const once = this.ledger.now(url);
      this.ledger.leave(url, this.#outcomesOf(drop, url, at));
      if (at < lines) this.ledger.enter(url, isBound ? secondly(drop, at, lines, once) : ANYHOW);
    });
    drop.urls.length = lines;
    drop.sure = 0;
    drop.rest = '';
    drop.writtenAt = now;
    return requests(...drop.urls).length;
  }

  /** Somebody deleted or replaced the file. */
  lose(drop: Drop): void {
    drop.urls.forEach((url, at) => {
      this.ledger.leave(url, this.#outcomesOf(drop, url, at));
    });
    drop.place = 'lost';
    drop.isClosed = drop.rest !== '';
    drop.urls = [];
    drop.sure = 0;
  }

  /** The program had time to read everything. Of packed files that shows when they are `retired`. */
  allIsRead(isRetired: (drop: Drop) => boolean): void {
    for (const drop of this.drops) {
      if (drop.kind !== 'plain' && !isRetired(drop)) continue;
      drop.sure = drop.kind === 'cut' ? 0 : wholeLines(drop);
    }
  }

  /** The lines that were read, of packed files without those that may have been a moment ago. */
  *sureLines(): Generator<string> {
    for (const { kind, urls, sure } of this.drops) if (kind === 'plain') yield* urls.slice(0, sure);
  }

  /** Nobody writes to the file any more, and nobody need look for what came last. */
  close(drop: Drop): void {
    if (drop.rest !== '') this.ledger.enter(lastOf(drop), ANYHOW);
    drop.isClosed = true;
  }

  /** Whether what is written now has to be read: a file that may be taken away need not be. */
  #isBound({ place, writtenAt }: Drop, now: number): boolean {
    const { after, settle } = this.settings;
    if (place !== 'spool') return false;
    return after === 'rename' || after === 'keep' || now - writtenAt < settle;
  }

  #newLine(): string {
    this.#lines += 1;
    return `/line-${this.#lines}`;
  }

  /** The last line gets what it lacks. A file that settled meanwhile has given it as it was. */
  #continue(drop: Drop, isBound: boolean, now: number): string {
    const { rest } = drop;
    if (rest === '') return '';
    const late = rest === '\n' ? AND_BLANK : IN_TWO;
    const isLate = now - drop.writtenAt >= this.settings.settle;
    const outcomes = isLate ? either(ONCE, late) : ONCE;
    this.ledger.enter(lastOf(drop), isBound ? outcomes : ANYHOW);
    drop.rest = '';
    return rest;
  }

  #cutLast(drop: Drop, { lines, ending }: Text, text: string): string {
    if (lines === 0 || ending === 'whole' || drop.place !== 'spool') return text;
    const at = ending === 'middle' ? text.lastIndexOf(MIDDLE) : text.length - 1;
    drop.rest = text.slice(at);
    if (ending === 'middle') {
      const now = this.ledger.now(lastOf(drop));
      this.ledger.enter(lastOf(drop), now === ONCE ? BEGUN : ANYHOW);
    }
    return text.slice(0, at);
  }

  /** Of a line that goes. */
  #outcomesOf(drop: Drop, url: string, at: number): Outcomes {
    const now = this.ledger.now(url);
    if (at < drop.sure) return now;
    return at < wholeLines(drop) ? maybe(now) : either(now, ANYHOW);
  }
}

function wholeLines({ urls, rest }: Drop): number {
  return rest === '' ? urls.length : urls.length - 1;
}

function lastOf({ urls }: Drop): string {
  return urls[urls.length - 1];
}

/** Of a line that stays where a file is cut behind so many, by what had become of it `once`. */
function secondly({ sure }: Drop, at: number, lines: number, once: Outcomes): Outcomes {
  if (sure > lines) return ONCE;
  return at < sure ? maybe(ONCE) : either(ONCE, once);
}

function readingOf({ kind }: Drop, isBound: boolean): Outcomes {
  return isBound && kind !== 'cut' ? ONCE : maybe(ONCE);
}
