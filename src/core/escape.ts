/**
 * Bytes that strangers wrote, as text that is safe to show: control characters and what is not UTF-8
 * become `\t`, `\n`, `\r` or `\xNN` (bytes, lower case); the rest stays as it is.
 */
import { utf8Pieces } from './utf8.js';

/**
 * - `plain`: for programs. The backslash is doubled, so that different bytes give different text.
 * - `plain-on-terminal`: the same, and bidirectional controls are escaped, which would reorder what
 *   the eye sees.
 * - `terminal`: for the eye alone. Bidirectional controls are escaped, the backslash is not doubled.
 */
export type EscapeMode = 'plain' | 'plain-on-terminal' | 'terminal';

/** `Cc` is C0, DEL and C1; `Bidi_Control` U+061C, U+200E, U+200F, U+202A-202E and U+2066-2069. */
const UNSAFE: Readonly<Record<EscapeMode, RegExp>> = {
  plain: /[\p{Cc}\\]/gu,
  'plain-on-terminal': /[\p{Cc}\p{Bidi_Control}\\]/gu,
  terminal: /[\p{Cc}\p{Bidi_Control}]/gu,
};

/** What stands for each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);

/** What stands for each character that was met; there are not a hundred that are unsafe. */
const ESCAPES = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\\', '\\\\'],
]);

/** The text that stands for `bytes`. */
export function escapeBytes(bytes: Uint8Array, mode: EscapeMode): string {
  // Joined at once: a string that grows by each piece keeps all the pieces until it is written.
  const pieces: string[] = [];
  for (const piece of utf8Pieces(bytes)) {
    pieces.push(typeof piece === 'number' ? HEX[piece] : escapeText(piece, mode));
  }
  return pieces.join('');
}

/** A name (of a file, a field of a log message) by the rules of a terminal. */
export function printable(text: string): string {
  return escapeText(text, 'terminal');
}

function escapeText(text: string, mode: EscapeMode): string {
  return text.replace(UNSAFE[mode], escapeCharacter);
}

function escapeCharacter(character: string): string {
  const known = ESCAPES.get(character);
  if (known !== undefined) return known;
  const bytes = Array.from(Buffer.from(character), (byte) => HEX[byte]).join('');
  ESCAPES.set(character, bytes);
  return bytes;
}
