import { utf8Pieces } from '../core/utf8.js';

/** What `str.isprintable` of Python 3 refuses, the quote and the backslash. */
const ESCAPED = /(?! )[\p{C}\p{Z}]|[\\']/gu;

const SHORT: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
  "'": "\\'",
};

/**
 * `repr` of Python 3 for the string that `bytes.decode('utf-8', 'surrogateescape')` gives. Which
 * characters are printable follows the Unicode version of this Node.
 */
export function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  // Joined at once: see `escapeBytes`.
  const pieces: string[] = [];
  for (const piece of utf8Pieces(bytes)) {
    pieces.push(typeof piece === 'number' ? surrogate(piece) : escaped(piece, quote));
  }
  return `${quote}${pieces.join('')}${quote}`;
}

function escaped(text: string, quote: string): string {
  return text.replace(ESCAPED, (character) => {
    if (character === "'" && quote === '"') return character;
    return SHORT[character] ?? numbered(character.codePointAt(0) ?? 0);
  });
}

function numbered(codePoint: number): string {
  const digits = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return codePoint < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

function surrogate(byte: number): string {
  return numbered(0xdc00 + byte);
}
