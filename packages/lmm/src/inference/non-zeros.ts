/** Positions of the entries that are not zero: a contrast of thousands of effects mostly has one or two. */
export function nonZeros(contrast: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let j = 0; j < contrast.length; j++) if (contrast[j] !== 0) out.push(j);
  return out;
}
