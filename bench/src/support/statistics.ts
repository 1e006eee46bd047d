/** The p-quantile of some numbers, linear between order statistics (R's type 7); NaN when there are none. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** The median; NaN for no numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
