/** What a parser is made of, whichever it is. */
import type { Field, KeyField } from '../core/config.js';

export interface ParserOptions {
  /** At least one; a key is made of these, in this order. */
  readonly by: readonly Field[];
  /** A longer line is rejected; its line end does not count. */
  readonly maxLine: number;
  /** How many keys hold a number at any time. */
  readonly maxKeys: number;
  /** The sum of their bytes. */
  readonly maxKeyBytes: number;
  /** The length of the buffers that sources read into; no batch is longer. */
  readonly bufferSize: number;
}

/** Of the plain parser, which also reads the headers of the events that lines came as. */
export interface PlainOptions extends Omit<ParserOptions, 'by'> {
  readonly by: readonly KeyField[];
}
