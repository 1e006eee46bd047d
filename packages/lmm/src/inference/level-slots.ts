import type { Design } from "../design/design";
import type { CrossProducts } from "../products/cross-products";

/**
 * Levels that never meet, directly or through others, share a slot: their columns of Z'V⁻¹Z have entries in
 * different places, so one solve gives all of them.
 */
export interface LevelSlot {
  readonly factor: number;
  /** At most one level of the factor from each connected part of the data. */
  readonly levels: readonly number[];
}

/** Levels of all factors in slots. */
export interface LevelSlots {
  readonly slots: readonly LevelSlot[];
  /** Per factor, the connected part that each level belongs to (some number, the same for levels that meet). */
  readonly parts: readonly Int32Array[];
}

/**
 * Puts the levels of all factors into as few slots as the connected parts of Z'Z allow: one per level of a
 * crossed design, one for all levels of a single grouping factor.
 *
 * Cost: the number of blocks of Z'Z (union–find, Tarjan 1975).
 */
export function levelSlots(design: Design, products: CrossProducts): LevelSlots {
  const starts: number[] = [];
  let count = 0;
  for (const factor of design.factors) {
    starts.push(count);
    count += factor.levels.length;
  }
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (const { rowFactor, colFactor, colPtr, rowIdx } of products.ztz) {
    for (let l = 0; l + 1 < colPtr.length; l++) {
      for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
        const one = root(starts[colFactor] + l);
        const other = root(starts[rowFactor] + rowIdx[b]);
        if (one !== other) parent[Math.max(one, other)] = Math.min(one, other);
      }
    }
  }
  const parts = design.factors.map(({ levels }, f) => Int32Array.from(levels, (_, l) => root(starts[f] + l)));
  const slots = parts.flatMap((part, f) => {
    const own: number[][] = [];
    const used = new Int32Array(count);
    for (let l = 0; l < part.length; l++) {
      const place = used[part[l]]++;
      if (place === own.length) own.push([]);
      own[place].push(l);
    }
    return own.map((levels) => ({ factor: f, levels }));
  });
  return { slots, parts };
}
