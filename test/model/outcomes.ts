/** What may become of a line: how often it is counted, and how many rejections stand for it. */
export type Outcome = readonly [counted: number, rejected: number];
/** All that is allowed. */
export type Outcomes = readonly Outcome[];

export const NOTHING: Outcomes = [[0, 0]];
export const ONCE: Outcomes = [[1, 0]];
/** The beginning of a line, which nobody will ever end. */
export const BEGUN: Outcomes = [[0, 1]];
/** A line that was given as two, neither of which is a line of the format. */
export const IN_TWO: Outcomes = [[0, 2]];
/** A line of which only the line end came too late: that is a blank line of its own. */
export const AND_BLANK: Outcomes = [[1, 1]];

export function either(...all: readonly Outcomes[]): Outcomes {
  return unique(all.flat());
}

/** It was read, or was not. */
export function maybe(outcomes: Outcomes): Outcomes {
  return either(NOTHING, outcomes);
}

/** First the one, then the other. */
export function both(one: Outcomes, other: Outcomes): Outcomes {
  return unique(one.flatMap(([c, r]) => other.map(([d, s]): Outcome => [c + d, r + s])));
}

function unique(outcomes: readonly Outcome[]): Outcomes {
  return [...new Map(outcomes.map((outcome) => [outcome.join(), outcome])).values()];
}
