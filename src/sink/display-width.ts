/** How many columns of a terminal a text takes, at most. */

/** Joins the character before. U+FE0F does too, but makes some characters wider by one. */
const NO_WIDTH = /(?!\ufe0f)[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufeff]/u;

/** East Asian wide and full-width (Unicode's annex 11), and what is shown as an emoji. */
const TWO_COLUMNS =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Printable ASCII alone, which takes one column a character. */
export function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/**
 * Of text without control characters. Counts character by character, so that an emoji of several
 * fits also where the terminal does not join them.
 */
export function displayWidth(text: string): number {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Cuts what is wider than `columns` (at least 1), so that it fits with a `…` at the end. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && isAscii(text)) return text;
  let width = 0;
  let fitting = 0;
  let end = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) return `${text.slice(0, fitting)}…`;
    end += character.length;
    if (width < columns) fitting = end;
  }
  return text;
}

function characterWidth(character: string): number {
  if (isAscii(character)) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return TWO_COLUMNS.test(character) ? 2 : 1;
}
