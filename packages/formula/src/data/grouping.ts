import type { FactorColumn } from "./column";
import { combineCodes } from "./interaction-factor";
import type { GroupingFactor } from "./model-frame";

/** A grouping factor and, for an interaction, the codes of its factors per level, one after the other. */
export interface MadeGroup {
  readonly group: GroupingFactor;
  readonly members: Int32Array;
}

/**
 * The grouping factor of factors that interact (none missing, none with unused levels): levels `a1:b1` that
 * occur, the first factor varying slowest. Cost: O(rows + levels) per factor.
 */
export function groupingFactor(name: string, factors: readonly FactorColumn[]): MadeGroup {
  const [first, ...others] = factors;
  if (others.length === 0) {
    return { group: { name, levels: first.levels, codes: first.codes }, members: new Int32Array(0) };
  }
  let { codes } = first;
  let levels = first.levels;
  let members = Int32Array.from({ length: levels.length }, (_, k) => k);
  let width = 1;
  for (const other of others) {
    const combined = combineCodes(codes, levels.length, other.codes, other.levels.length);
    const count = combined.first.length;
    const names = new Array<string>(count);
    const next = new Int32Array(count * (width + 1));
    for (let k = 0; k < count; k++) {
      const a = combined.first[k];
      const b = combined.second[k];
      names[k] = `${levels[a]}:${other.levels[b]}`;
      for (let j = 0; j < width; j++) next[k * (width + 1) + j] = members[a * width + j];
      next[k * (width + 1) + width] = b;
    }
    codes = combined.codes;
    levels = names;
    members = next;
    width++;
  }
  return { group: { name, levels, codes }, members };
}
