import { type CscMatrix, fromTriplets } from "@lmmkit/sparse";

/** A grouping factor: `levels[codes[i]]` is the group of observation i. */
interface Factor {
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** Z' for simple scalar terms: a row per level, a column per observation. */
export function indicatorRows(...factors: readonly Factor[]): CscMatrix {
  const rows: number[] = [];
  const cols: number[] = [];
  let first = 0;
  for (const { levels, codes } of factors) {
    codes.forEach((code, i) => {
      rows.push(first + code);
      cols.push(i);
    });
    first += levels.length;
  }
  return fromTriplets(
    first,
    factors[0].codes.length,
    rows,
    cols,
    rows.map(() => 1),
  );
}
