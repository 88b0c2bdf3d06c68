/**
 * Where the captures of a line lie: a start and an end for each, as places in the batch's bytes. One
 * array serves all lines, so that matching makes no object.
 */
export const HOST = 0;
export const USER = 2;
export const TIME = 4;
export const REQUEST = 6;
export const STATUS = 8;
export const SIZE = 10;
export const REFERER = 12;
export const AGENT = 14;
/** No capture of the format, but what most keys are made of: the second word of the request. */
export const URL_WORD = 16;

const SLOTS = 18;

/** `captures[HOST]` is where the host starts, `captures[HOST + 1]` where it ends. */
export type Captures = Int32Array;

export function createCaptures(): Captures {
  return new Int32Array(SLOTS);
}
