import { Draws } from "../support/draws";
import { factorColumn, type Table } from "../support/table-files";

/** A design that can be made as large as one likes. */
export interface GrowingDesign {
  readonly name: string;
  readonly formula: string;
  /** Sizes to measure, small to large; what a size means is the design's affair. */
  readonly sizes: readonly number[];
  readonly table: (size: number) => Table;
}

/** Rows grow, levels stay: 200 levels of g with a slope, 20 of h; in 4,000 rows all have met. */
export const rowsOnly: GrowingDesign = {
  name: "rows",
  formula: "y ~ x + (x | g) + (1 | h)",
  sizes: [1e4, 1e5, 1e6, 1e7],
  table: (rows) => {
    const draws = new Draws(rows);
    const x = Float64Array.from({ length: rows }, () => draws.between(-2, 2));
    const g = Int32Array.from({ length: rows }, (_, r) => r % 200);
    const h = g.map((_, r) => Math.floor(r / 200) % 20);
    return withResponse({ x, g: factorColumn("g", 200, g), h: factorColumn("h", 20, h) }, draws);
  },
};

/** Levels of b in a, ten of them each, three rows in each b; the size is the number of levels of b. */
const nested: GrowingDesign = {
  name: "nested",
  formula: "y ~ x + (1 | b) + (1 | a)",
  sizes: [1e2, 1e3, 1e4, 1e5, 1e6],
  table: (levels) => {
    const draws = new Draws(levels);
    const rows = 3 * levels;
    const b = Int32Array.from({ length: rows }, (_, r) => r % levels);
    const a = b.map((code) => Math.floor(code / 10));
    const x = Float64Array.from({ length: rows }, () => draws.normal());
    return withResponse({ x, a: factorColumn("a", levels / 10, a), b: factorColumn("b", levels, b) }, draws);
  },
};

/** Every level of g meets every level of h once; the size is the number of levels of each. */
const crossed: GrowingDesign = {
  name: "crossed",
  formula: "y ~ x + (1 | g) + (1 | h)",
  sizes: [10, 30, 100, 300, 1000],
  table: (levels) => {
    const draws = new Draws(levels);
    const rows = levels * levels;
    const g = Int32Array.from({ length: rows }, (_, r) => r % levels);
    const h = Int32Array.from({ length: rows }, (_, r) => Math.floor(r / levels));
    const x = Float64Array.from({ length: rows }, () => draws.normal());
    return withResponse({ x, g: factorColumn("g", levels, g), h: factorColumn("h", levels, h) }, draws);
  },
};

/**
 * Every level of g meets four levels of h: two near its own number, as patients meet the doctors of their town,
 * two anywhere. The size is the number of levels of each.
 */
const partlyCrossed: GrowingDesign = {
  name: "partly crossed",
  formula: "y ~ x + (1 | g) + (1 | h)",
  sizes: [1e2, 3e2, 1e3, 3e3, 1e4],
  table: (levels) => {
    const draws = new Draws(levels);
    const rows = 4 * levels;
    const g = Int32Array.from({ length: rows }, (_, r) => r % levels);
    const h = g.map((code, r) =>
      r < 2 * levels ? (code + draws.integer(0, 3)) % levels : draws.integer(0, levels - 1),
    );
    const x = Float64Array.from({ length: rows }, () => draws.normal());
    return withResponse({ x, g: factorColumn("g", levels, g), h: factorColumn("h", levels, h) }, draws);
  },
};

/** Designs whose number of random effects grows. */
export const levelsGrow: readonly GrowingDesign[] = [nested, crossed, partlyCrossed];

/** Adds y: 1 + x/2 + effects of every factor (standard deviation 0.7) + noise (1). */
function withResponse(table: Table, draws: Draws): Table {
  const x = table.x as Float64Array;
  const y = x.map((value) => 1 + value / 2 + draws.normal());
  for (const column of Object.values(table)) {
    if (!("kind" in column)) continue;
    const effects = Float64Array.from(column.levels, () => 0.7 * draws.normal());
    for (let r = 0; r < y.length; r++) y[r] += effects[column.codes[r]];
  }
  return { y, ...table };
}
