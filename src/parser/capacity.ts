const LEAST = 64;

/** The capacity of a growing array that has to hold `count` elements: doubling, never sized ahead. */
export function capacityFor(count: number): number {
  let capacity = LEAST;
  while (capacity < count) capacity *= 2;
  return capacity;
}
