/**
 * `digits` (`12`, `0.5`) times a whole `factor`, exactly, or undefined where that is not a whole
 * number or too large to be exact. Floating point would call 1.1 s no whole number of milliseconds.
 */
export function scaled(digits: string, factor: number): number | undefined {
  const [whole, fraction = ''] = digits.split('.');
  const divisor = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * BigInt(factor);
  if (product % divisor !== 0n) return undefined;
  const result = Number(product / divisor);
  return Number.isSafeInteger(result) ? result : undefined;
}
