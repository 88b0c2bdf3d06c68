/** Typed arrays that grow with what they hold: none is ever sized by a limit. */

type NumberArray = Uint8Array | Int32Array | Uint32Array | Float64Array;

const LEAST = 64;

/**
 * The array itself where it has room for `length` elements, else a longer one that begins with the
 * same elements. It at least doubles, so that growing costs nothing on average; arrays of one length
 * grow to one length.
 */
export function withRoom<A extends NumberArray>(
  array: A,
  length: number,
  make: (length: number) => A,
): A {
  if (array.length >= length) return array;
  const longer = make(Math.max(LEAST, length, 2 * array.length));
  longer.set(array);
  return longer;
}

export const byteArray = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
/** For key numbers and places, and a mark below 0. */
export const integers = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
export const keyNumbers = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
/** For counts, which go beyond 32 bits. */
export const numbers = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
