import type { Permutation } from "@lmmkit/sparse";

/**
 * The order of elimination that minimum degree found: the fronts in the order of their pivots, nearly full rows
 * at the end. Cost O(n).
 *
 * Within a front the variables eliminated along come first and the pivot's own columns last. The front is
 * counted as full either way, but the former are adjacent to part of it only, and then have less fill when
 * they go first (crossed factors, for example: the last levels of the larger one).
 *
 * @param n number of variables
 * @param parent what absorbed each variable; a pivot ends the way up
 * @param pivots the first `pivotCount` entries count
 * @param eliminatedAlong 1 for principal variables that were eliminated along with a pivot
 * @param last variables that were left to the end
 */
export function orderByFronts(
  n: number,
  parent: Int32Array,
  pivots: Int32Array,
  pivotCount: number,
  eliminatedAlong: Uint8Array,
  last: readonly number[],
): Permutation {
  const front = new Int32Array(n).fill(-1);
  for (let k = 0; k < pivotCount; k++) front[pivots[k]] = k;
  const isPivot = front.slice();
  const along = new Uint8Array(n);
  const next = new Int32Array(pivotCount + 1);
  for (let i = 0; i < n; i++) {
    let at = i;
    while (isPivot[at] === -1 && parent[at] !== -1) {
      along[i] |= eliminatedAlong[at];
      at = parent[at];
    }
    front[i] = isPivot[at];
    if (front[i] !== -1) next[front[i] + 1]++;
  }
  for (let k = 0; k < pivotCount; k++) next[k + 1] += next[k];
  const p = new Int32Array(n);
  let tail = next[pivotCount];
  for (let i = 0; i < n; i++) if (along[i] === 1) p[next[front[i]]++] = i;
  for (let i = 0; i < n; i++) {
    if (front[i] !== -1 && along[i] === 0 && isPivot[i] === -1) p[next[front[i]]++] = i;
  }
  for (let k = 0; k < pivotCount; k++) p[next[k]++] = pivots[k];
  for (const i of last) p[tail++] = i;
  return p as Permutation;
}
