/** How arrays indexed by key number follow the key table. */

/**
 * The array itself where it has room for `length` elements, else a longer one that begins with the
 * same elements. It at least doubles, so that growing costs nothing on average.
 */
export function withRoom<A extends Float64Array | Uint32Array>(
  array: A,
  length: number,
  make: (length: number) => A,
): A {
  if (array.length >= length) return array;
  const longer = make(Math.max(length, 2 * array.length));
  longer.set(array);
  return longer;
}

export const numbers = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
export const keyNumbers = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
