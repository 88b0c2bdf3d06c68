/** What somebody may have meant who wrote something else. */

/** Nobody misspells more than this. */
const LONGEST = 100;

/** The one of `known` that is nearest to `text`, where it is near at all. Case does not count. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const wanted = text.slice(0, LONGEST).toLowerCase();
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase());
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  const most = Math.max(1, Math.floor(text.length / 3));
  return best !== undefined && best.distance <= most ? best.name : undefined;
}

/** A remedy: the nearest name, or where to read on. */
export function didYouMean(text: string, known: readonly string[], otherwise: string): string {
  const found = nearest(text, known);
  return found === undefined ? otherwise : `did you mean ${found}?`;
}

/** How many characters have to be added, left out, replaced or swapped with the next. Both are short. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const now = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? beforeLast[j - 2] + 1 : replaced;
      now.push(Math.min(replaced, swapped, before[j] + 1, now[j - 1] + 1));
    }
    beforeLast = before;
    before = now;
  }
  return before[b.length];
}
