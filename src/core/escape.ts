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

const SHORT: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
};

/** The text that stands for `bytes`. */
export function escapeBytes(bytes: Uint8Array, mode: EscapeMode): string {
  let text = '';
  for (const piece of utf8Pieces(bytes)) {
    text += typeof piece === 'number' ? hexEscape(piece) : escapeText(piece, mode);
  }
  return text;
}

/** A name (of a file, a field of a log message) by the rules of a terminal. */
export function printable(text: string): string {
  return escapeText(text, 'terminal');
}

function escapeText(text: string, mode: EscapeMode): string {
  return text.replace(UNSAFE[mode], escapeCharacter);
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? Array.from(Buffer.from(character), hexEscape).join('');
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
