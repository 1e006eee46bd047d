import type { CscPattern } from "./csc";
import { tallyCells } from "./pattern-cells";

/** Options of `patternText`. */
export interface PatternTextOptions {
  /** Most characters across, 72 by default; a wider matrix is drawn coarser. */
  readonly maxCols?: number;
  /** Most lines, 36 by default. */
  readonly maxRows?: number;
}

/**
 * A picture of a pattern in characters, one line per row: `x` for an entry, `.` for none.
 *
 * A matrix that is too large is drawn by blocks: `.` for an empty block, then `:`, `+`, `x`, `#` as it is
 * filled to a quarter, a half, three quarters, or more. Cost O(ncols + nnz).
 */
export function patternText(pattern: CscPattern, options: PatternTextOptions = {}): string {
  const { maxCols = 72, maxRows = 36 } = options;
  const size = Math.max(1, Math.ceil(pattern.ncols / maxCols), Math.ceil(pattern.nrows / maxRows));
  const { rows, cols, counts, capacity } = tallyCells(pattern, size);
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    let line = "";
    for (let j = 0; j < cols; j++) {
      const count = counts[i + j * rows];
      line += size === 1 ? ".x"[count] : shade(count / capacity(i, j));
    }
    lines.push(line);
  }
  return lines.join("\n");
}

function shade(density: number): string {
  return density === 0 ? "." : ":+x#"[Math.min(3, Math.ceil(density * 4) - 1)];
}
