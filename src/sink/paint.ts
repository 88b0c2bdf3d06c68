/** Colours for a terminal that has them: the names say what is painted, not how. */
export interface Paint {
  title(text: string): string;
  /** What the eye may skip. */
  faint(text: string): string;
}

export const noPaint: Paint = { title: (text) => text, faint: (text) => text };

export const colours: Paint = {
  title: (text) => `\x1b[1m${text}\x1b[22m`,
  faint: (text) => `\x1b[90m${text}\x1b[39m`,
};
