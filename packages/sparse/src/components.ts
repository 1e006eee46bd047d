import { checkSquare } from "./check";
import type { CscPattern } from "./csc";
import { transposePattern } from "./transpose";

/** The connected components of a graph. */
export interface Components {
  /** How many there are. */
  readonly count: number;
  /** Component of each node, numbered by their first node. */
  readonly label: Int32Array;
  /** Nodes of each component. */
  readonly size: Int32Array;
}

/**
 * Connected components of the graph of a square pattern, entries taken as edges in both directions (so one
 * triangle is enough). Components are numbered in the order of their least node. Cost O(n + nnz).
 *
 * Source: Hopcroft & Tarjan (1973), Algorithm 447, CACM 16(6).
 */
export function connectedComponents(pattern: CscPattern): Components {
  const n = checkSquare(pattern);
  const directions = [pattern, transposePattern(pattern)];
  const label = new Int32Array(n).fill(-1);
  const stack = new Int32Array(n);
  const size: number[] = [];
  for (let root = 0; root < n; root++) {
    if (label[root] !== -1) continue;
    const component = size.length;
    let members = 1;
    let top = 0;
    stack[0] = root;
    label[root] = component;
    while (top >= 0) {
      const j = stack[top--];
      for (const { colPtr, rowIdx } of directions) {
        for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
          const i = rowIdx[p];
          if (label[i] !== -1) continue;
          label[i] = component;
          members++;
          stack[++top] = i;
        }
      }
    }
    size.push(members);
  }
  return { count: size.length, label, size: Int32Array.from(size) };
}
