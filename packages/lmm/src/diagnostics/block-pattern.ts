import type { Design } from "../design/design";
import type { CrossProducts } from "../products/cross-products";
import { type ExtraPairs, firstNodes } from "./level-pairs";

/** Which blocks of W = (Λ'Z'ZΛ + I)⁻¹ are known: pairs of levels, numbered through all factors. */
export interface BlockPattern {
  /** Node of level l of factor f: `firstNode[f] + l`. */
  readonly firstNode: Int32Array;
  /** Length nodes + 1: where the blocks below the diagonal of each node's columns begin. */
  readonly nodePtr: Int32Array;
  /** Nodes below, increasing. */
  readonly nodeRow: Int32Array;
  /** Rows of the column that lie above each block, counted from the end of the diagonal block. */
  readonly rowsAbove: Int32Array;
  /** Rows below the diagonal block of each node. */
  readonly height: Int32Array;
}

/**
 * The pattern by nodes: pairs that meet in a row of the data, and the extra ones.
 *
 * @returns also whether any extra pair does not meet by itself, so that the system has no room for it
 * Cost: the blocks of Z'Z and the extra pairs, these sorted.
 */
export function blockPattern(
  design: Design,
  products: CrossProducts,
  extra: ExtraPairs | undefined,
): { pattern: BlockPattern; added: boolean } {
  const firstNode = firstNodes(design);
  const nnodes = firstNode[design.factors.length];
  const counts = new Int32Array(nnodes + 1);
  for (const { rowFactor, colFactor, colPtr } of products.ztz) {
    if (rowFactor === colFactor) continue;
    for (let l = 0; l + 1 < colPtr.length; l++)
      counts[firstNode[colFactor] + l + 1] += colPtr[l + 1] - colPtr[l];
  }
  for (let i = 0; extra !== undefined && i < extra.count; i++) counts[extra.cols[i] + 1]++;
  for (let j = 0; j < nnodes; j++) counts[j + 1] += counts[j];
  const rows = new Int32Array(counts[nnodes]);
  const next = counts.slice(0, nnodes);
  for (const { rowFactor, colFactor, colPtr, rowIdx } of products.ztz) {
    if (rowFactor === colFactor) continue;
    for (let l = 0; l + 1 < colPtr.length; l++) {
      for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
        rows[next[firstNode[colFactor] + l]++] = firstNode[rowFactor] + rowIdx[b];
      }
    }
  }
  const met = rows.length - (extra?.count ?? 0);
  for (let i = 0; extra !== undefined && i < extra.count; i++) rows[next[extra.cols[i]]++] = extra.rows[i];
  const nodePtr = new Int32Array(nnodes + 1);
  let kept = 0;
  for (let j = 0; j < nnodes; j++) {
    const own = rows.subarray(counts[j], counts[j + 1]);
    if (extra !== undefined) own.sort();
    let last = -1;
    for (const row of own) {
      if (row === last) continue;
      last = row;
      rows[kept++] = row;
    }
    nodePtr[j + 1] = kept;
  }
  const nodeRow = rows.slice(0, kept);
  const { rowsAbove, height } = heights(design, firstNode, nodePtr, nodeRow);
  return { pattern: { firstNode, nodePtr, nodeRow, rowsAbove, height }, added: kept > met };
}

function heights(
  { factors }: Design,
  firstNode: Int32Array,
  nodePtr: Int32Array,
  nodeRow: Int32Array,
): { rowsAbove: Int32Array; height: Int32Array } {
  const nnodes = nodePtr.length - 1;
  const width = new Int32Array(nnodes);
  factors.forEach(({ ncols }, f) => {
    width.fill(ncols, firstNode[f], firstNode[f + 1]);
  });
  const rowsAbove = new Int32Array(nodeRow.length);
  const height = new Int32Array(nnodes);
  for (let j = 0; j < nnodes; j++) {
    let above = 0;
    for (let b = nodePtr[j]; b < nodePtr[j + 1]; b++) {
      rowsAbove[b] = above;
      above += width[nodeRow[b]];
    }
    height[j] = above;
  }
  return { rowsAbove, height };
}

/** Numbers in the lower triangle of a matrix on this pattern. */
export function countEntries({ factors }: Design, { firstNode, height }: BlockPattern): number {
  let entries = 0;
  factors.forEach(({ levels, ncols: k }, f) => {
    for (let l = 0; l < levels.length; l++) entries += (k * (k + 1)) / 2 + k * height[firstNode[f] + l];
  });
  return entries;
}
