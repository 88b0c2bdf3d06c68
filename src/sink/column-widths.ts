/** The key matters more than its rank and share: they go where a field has less than this. */
const GOOD_FIELD = 12;
/** A field's column narrower than this says nothing: other fields go first. */
const LEAST_FIELD = 4;

export interface ColumnSizes {
  /** What the numbers need: they are never shortened while a field can be. */
  readonly rank: number;
  readonly count: number;
  readonly share: number;
  /** What each field would need to be whole. */
  readonly fields: readonly number[];
}

/**
 * Fits a table into `available` columns, with `gap` between two of its columns. What does not fit
 * goes: the share, the rank, then fields from the last; at least the count and one field stay. The
 * fields share what is left, and one that needs less than its part leaves the rest to the others.
 */
export function fitColumns(sizes: ColumnSizes, gap: number, available: number): ColumnSizes {
  const fitting = { ...sizes, fields: [...sizes.fields] };
  const isTooWide = (field: number): boolean => leastWidth(fitting, gap, field) > available;
  if (isTooWide(GOOD_FIELD)) fitting.share = 0;
  if (isTooWide(GOOD_FIELD)) fitting.rank = 0;
  while (isTooWide(LEAST_FIELD) && fitting.fields.length > 1) fitting.fields.pop();
  // Only a terminal of some ten columns gets here with a count that has no room.
  fitting.count = Math.min(fitting.count, Math.max(1, available - gap - 1));
  const rest = available - numbersWidth(fitting, gap) - gap * (fitting.fields.length - 1);
  return { ...fitting, fields: distribute(fitting.fields, rest) };
}

/** Of the columns for numbers, each with the gap after it; a width of 0 is no column. */
function numbersWidth({ rank, count, share }: ColumnSizes, gap: number): number {
  return [rank, count, share]
    .filter((width) => width > 0)
    .reduce((sum, width) => sum + width + gap, 0);
}

/** Of the whole table, where no field has more than `field`. */
function leastWidth(sizes: ColumnSizes, gap: number, field: number): number {
  const fields = sizes.fields.map((width) => Math.min(width, field) + gap);
  return numbersWidth(sizes, gap) + fields.reduce((sum, width) => sum + width, -gap);
}

function distribute(needed: readonly number[], available: number): number[] {
  const widths = [...needed];
  const narrowestFirst = needed.map((_, index) => index).sort((a, b) => needed[a] - needed[b]);
  let rest = available;
  narrowestFirst.forEach((index, done) => {
    const part = Math.max(1, Math.floor(rest / (needed.length - done)));
    widths[index] = Math.min(needed[index], part);
    rest -= widths[index];
  });
  return widths;
}
