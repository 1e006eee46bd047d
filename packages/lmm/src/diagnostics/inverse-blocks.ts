import type { Design } from "../design/design";
import type { PlsWorkspace } from "../pls/workspace";
import { type BlockPattern, blockPattern, countEntries } from "./block-pattern";
import { type ExtraPairs, MOST_NUMBERS } from "./level-pairs";
import { analyzeWidened, inverseOnWidened, widenedSystem } from "./widened-system";

/**
 * Blocks of W = (Λ'Z'ZΛ + I)⁻¹ for pairs of levels: all pairs that meet in a row of the data, and others that
 * were asked for.
 */
export class InverseBlocks {
  private readonly design: Design;
  private readonly pattern: BlockPattern;
  private readonly colPtr: Int32Array;
  private readonly values: Float64Array;

  constructor(design: Design, pattern: BlockPattern, colPtr: Int32Array, values: Float64Array) {
    this.design = design;
    this.pattern = pattern;
    this.colPtr = colPtr;
    this.values = values;
  }

  /**
   * x'W_{ab}y for two levels, with x and y of K_a and K_b numbers inside larger arrays.
   *
   * Cost: K_a K_b, and a binary search.
   */
  form(
    f: number,
    level: number,
    x: Float64Array,
    xOffset: number,
    g: number,
    other: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { firstNode } = this.pattern;
    const one = firstNode[f] + level;
    const two = firstNode[g] + other;
    if (one === two) return this.diagonalForm(f, level, x, xOffset, y, yOffset);
    return one > two
      ? this.belowForm(f, one, x, xOffset, g, other, two, y, yOffset)
      : this.belowForm(g, two, y, yOffset, f, level, one, x, xOffset);
  }

  /**
   * Writes W_{ab} of two levels, K_a×K_b, into a larger column-major matrix.
   *
   * @param outMatrix `nrows` rows; the block's first entry is at `offset`
   */
  blockInto(
    f: number,
    level: number,
    g: number,
    other: number,
    outMatrix: Float64Array,
    offset: number,
    nrows: number,
  ): void {
    const { firstNode, nodePtr, nodeRow, rowsAbove } = this.pattern;
    const one = firstNode[f] + level;
    const two = firstNode[g] + other;
    const { ncols: kOne } = this.design.factors[f];
    const { ncols: kTwo } = this.design.factors[g];
    const lower = one > two;
    const [col, colLevel] = lower ? [g, other] : [f, level];
    const { start, ncols: k } = this.design.factors[col];
    const node = Math.min(one, two);
    const above =
      one === two ? 0 : rowsAbove[find(nodeRow, nodePtr[node], nodePtr[node + 1], Math.max(one, two))];
    for (let c = 0; c < k; c++) {
      const at = this.colPtr[start + colLevel * k + c];
      if (one === two) {
        for (let a = c; a < k; a++) {
          outMatrix[offset + c * nrows + a] = this.values[at + a - c];
          outMatrix[offset + a * nrows + c] = this.values[at + a - c];
        }
      } else if (lower) {
        for (let a = 0; a < kOne; a++)
          outMatrix[offset + c * nrows + a] = this.values[at + k - c + above + a];
      } else {
        for (let a = 0; a < kTwo; a++)
          outMatrix[offset + a * nrows + c] = this.values[at + k - c + above + a];
      }
    }
  }

  private diagonalForm(
    f: number,
    level: number,
    x: Float64Array,
    xOffset: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { start, ncols: k } = this.design.factors[f];
    const { colPtr, values } = this;
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const at = colPtr[start + level * k + c];
      sum += x[xOffset + c] * values[at] * y[yOffset + c];
      for (let a = c + 1; a < k; a++) {
        sum += values[at + a - c] * (x[xOffset + a] * y[yOffset + c] + x[xOffset + c] * y[yOffset + a]);
      }
    }
    return sum;
  }

  private belowForm(
    rowFactor: number,
    rowNode: number,
    x: Float64Array,
    xOffset: number,
    colFactor: number,
    colLevel: number,
    colNode: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { nodePtr, nodeRow, rowsAbove } = this.pattern;
    const { start, ncols: k } = this.design.factors[colFactor];
    const kRow = this.design.factors[rowFactor].ncols;
    const b = find(nodeRow, nodePtr[colNode], nodePtr[colNode + 1], rowNode);
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const at = this.colPtr[start + colLevel * k + c] + (k - c) + rowsAbove[b];
      let part = 0;
      for (let a = 0; a < kRow; a++) part += x[xOffset + a] * this.values[at + a];
      sum += part * y[yOffset + c];
    }
    return sum;
  }
}

/** Position of `value` in an increasing part of an array; it is there by construction. */
function find(values: Int32Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The blocks of W at the workspace's last θ, for all pairs of levels that meet in the data and those asked for.
 *
 * Where every pair asked for meets in the data, this is the inverse subset of the factor at hand (Takahashi,
 * Fagan & Chin 1973; Erisman & Tinney 1975). Otherwise the same matrix is factorized once more on a pattern that
 * has room for the others: entries of an inverse subset are exact wherever the pattern has them.
 *
 * @throws LmmError `too-large` when the widened factor would not fit, or take minutes
 */
export function inverseBlocks(workspace: PlsWorkspace, extra?: ExtraPairs): InverseBlocks {
  const { design, products, system } = workspace;
  const { pattern, added } = blockPattern(design, products, extra);
  if (!added) {
    return new InverseBlocks(design, pattern, system.colPtr, workspace.inverseOnSystem().slice());
  }
  const wide = widenedSystem(design, pattern, system);
  return new InverseBlocks(design, pattern, wide.colPtr, inverseOnWidened(design, wide));
}

/** About how many operations `inverseBlocks` takes, and the numbers it holds; nothing numeric is done. */
export function inverseBlocksWork(
  { design, products, system }: PlsWorkspace,
  extra: ExtraPairs,
): { flops: number; numbers: number } {
  const { pattern } = blockPattern(design, products, extra);
  const entries = countEntries(design, pattern);
  if (entries > MOST_NUMBERS) return { flops: Number.POSITIVE_INFINITY, numbers: entries };
  const symbolic = analyzeWidened(design, widenedSystem(design, pattern, system));
  return { flops: 3 * symbolic.flops, numbers: 2 * symbolic.valueCount + entries };
}
