/**
 * Regular expressions as Java writes them, as JavaScript's that match the same names, in whole. What
 * only Java has is told by name.
 */

export type JavaPattern =
  | { readonly expression: RegExp }
  /** What it has that is not supported. */
  | { readonly unsupported: string };

/** Classes of characters are of ASCII in Java. */
const CLASSES = new Map([
  ['d', '0-9'],
  ['w', 'a-zA-Z0-9_'],
  ['s', ' \\t\\n\\v\\f\\r'],
  ['h', ' \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'],
]);

/** What means the same to both. */
const SHARED_ESCAPES = /^(?:[tnrfbB]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Z]|[1-9]|k<\w+>)/;
const GROUPS = /^\(\?(?::|=|!|<=|<!|<[a-zA-Z]\w*>)/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

export function javaPattern(source: string): JavaPattern {
  const translation = new Translation(source);
  try {
    const text = translation.run();
    return { expression: new RegExp(`^(?:${text})$`, 'u') };
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    if (error instanceof SyntaxError) return { unsupported: 'what is no regular expression' };
    throw error;
  }
}

class Unsupported extends Error {}

class Translation {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): string {
    let text = '';
    while (this.#at < this.#source.length) text += this.#next();
    return text;
  }

  get #rest(): string {
    return this.#source.slice(this.#at);
  }

  #take(length: number): string {
    const text = this.#source.slice(this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  #next(): string {
    const quantifier = QUANTIFIER.exec(this.#rest)?.[0];
    if (quantifier !== undefined) return this.#quantifier(quantifier);
    switch (this.#source[this.#at]) {
      case '\\':
        return this.#escape(
          (name) => `[${CLASSES.get(name)}]`,
          (name) => `[^${CLASSES.get(name)}]`,
        );
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case ']':
      case '}':
        return `\\${this.#take(1)}`;
      case '.':
        this.#at += 1;
        return '[^\\n\\r\\u0085\\u2028\\u2029]';
      default:
        return this.#character();
    }
  }

  #quantifier(text: string): string {
    this.#at += text.length;
    if (this.#source[this.#at] === '+') throw new Unsupported(`the possessive quantifier ${text}+`);
    return this.#source[this.#at] === '?' ? text + this.#take(1) : text;
  }

  #group(): string {
    if (!this.#rest.startsWith('(?')) return this.#take(1);
    const known = GROUPS.exec(this.#rest)?.[0];
    if (known !== undefined) return this.#take(known.length);
    if (this.#rest.startsWith('(?>')) throw new Unsupported('the atomic group (?>');
    throw new Unsupported(`the flags ${/^\(\?[^):]*[):]?/.exec(this.#rest)?.[0]}`);
  }

  /** `within` and `outside` give a class that is named by one letter, and its complement. */
  #escape(within: (name: string) => string, outside: (name: string) => string): string {
    this.#at += 1;
    const shared = SHARED_ESCAPES.exec(this.#rest)?.[0];
    if (shared !== undefined) return `\\${this.#take(shared.length)}`;
    if (this.#rest.startsWith('Q')) return this.#quoted();
    const letter = this.#take(1);
    if (CLASSES.has(letter)) return within(letter);
    if (CLASSES.has(letter.toLowerCase())) return outside(letter.toLowerCase());
    if (letter === 'A') return '^';
    if (letter === 'z' || letter === 'Z') return '$';
    if (letter === 'e') return '\\x1b';
    if (letter === 'a') return '\\x07';
    if (letter === '') throw new Unsupported('a backslash at the end');
    if (!/[a-zA-Z0-9]/.test(letter)) return literal(letter);
    throw new Unsupported(`\\${/^[a-zA-Z0-9](?:\{[^}]*\})?/.exec(letter + this.#rest)?.[0]}`);
  }

  /** What stands between `\Q` and `\E`, or the end. */
  #quoted(): string {
    this.#at += 1;
    const end = this.#source.indexOf('\\E', this.#at);
    const text = this.#take((end < 0 ? this.#source.length : end) - this.#at);
    this.#at += end < 0 ? 0 : 2;
    return Array.from(text, literal).join('');
  }

  #class(): string {
    let text = this.#take(this.#rest.startsWith('[^') ? 2 : 1);
    // The first one is no end.
    if (this.#source[this.#at] === ']') text += `\\${this.#take(1)}`;
    while (this.#source[this.#at] !== ']') {
      if (this.#at >= this.#source.length) throw new Unsupported('a class without its ]');
      text += this.#member();
    }
    return text + this.#take(1);
  }

  #member(): string {
    if (this.#rest.startsWith('&&')) throw new Unsupported('the intersection of classes &&');
    const character = this.#source[this.#at];
    if (character === '[') throw new Unsupported('a class within a class');
    if (character !== '\\') return '-^'.includes(character) ? this.#take(1) : this.#character();
    return this.#escape(
      (name) => CLASSES.get(name) ?? '',
      (name) => {
        throw new Unsupported(`\\${name.toUpperCase()} within a class`);
      },
    );
  }

  /** One that means itself, or the same to both. */
  #character(): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }
}

/** For a character that means something, so that it means itself. */
function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
