/** Dates by the patterns of Java's `SimpleDateFormat`, those that are of digits. */

/** In local time, as Java has it; or the letter that is not supported. */
export function formatDate(pattern: string, date: Date): string | { readonly unknown: string } {
  let text = '';
  for (const [piece] of pattern.matchAll(/'(?:[^']|'')*'|([a-zA-Z])\1*|[\s\S]/g)) {
    const shown = formatPiece(piece, date);
    if (shown === undefined) return { unknown: piece };
    text += shown;
  }
  return text;
}

/** A quoted text, a run of one letter, or another character. */
function formatPiece(piece: string, date: Date): string | undefined {
  if (piece === "''") return "'";
  if (piece.startsWith("'")) return piece.slice(1, -1).replaceAll("''", "'");
  if (!/[a-zA-Z]/.test(piece)) return piece;
  if (/^yy$/.test(piece)) return String(date.getFullYear() % 100).padStart(2, '0');
  if (piece.startsWith('a')) return date.getHours() < 12 ? 'AM' : 'PM';
  // Three of these are a name, which depends on the language.
  if (piece.startsWith('MMM')) return undefined;
  const number = NUMBERS.get(piece[0])?.(date);
  return number === undefined ? undefined : String(number).padStart(piece.length, '0');
}

const NUMBERS = new Map<string, (date: Date) => number>([
  ['y', (date) => date.getFullYear()],
  ['M', (date) => date.getMonth() + 1],
  ['d', (date) => date.getDate()],
  ['D', dayOfYear],
  ['H', (date) => date.getHours()],
  ['h', (date) => date.getHours() % 12 || 12],
  ['m', (date) => date.getMinutes()],
  ['s', (date) => date.getSeconds()],
  ['S', (date) => date.getMilliseconds()],
]);

/** In whole days, whatever the clocks were set to in between. */
function dayOfYear(date: Date): number {
  const year = date.getFullYear();
  const day = Date.UTC(year, date.getMonth(), date.getDate()) - Date.UTC(year, 0, 0);
  return day / 86_400_000;
}
