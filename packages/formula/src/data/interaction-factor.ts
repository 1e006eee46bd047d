import type { FactorColumn } from "./column";

/**
 * The interaction of factors, `a:b`: one level per combination that occurs, the first factor varying
 * slowest, named `a1:b1`. Missing where any is missing.
 *
 * Combinations are found by bucketing the rows by the first factor's level and marking the second's
 * levels within each bucket: O(rows + levels + k log k per bucket of k combinations), no hashing and
 * no table of all pairs.
 */
export function interactionFactor(factors: readonly FactorColumn[]): FactorColumn {
  let result = factors[0];
  for (let k = 1; k < factors.length; k++) result = interactTwo(result, factors[k]);
  return { kind: "factor", levels: result.levels, codes: result.codes, ordered: false };
}

function interactTwo(a: FactorColumn, b: FactorColumn): FactorColumn {
  const { codes, first, second } = combineCodes(a.codes, a.levels.length, b.codes, b.levels.length);
  const levels = new Array<string>(first.length);
  for (let k = 0; k < first.length; k++) levels[k] = `${a.levels[first[k]]}:${b.levels[second[k]]}`;
  return { kind: "factor", levels, codes, ordered: false };
}

/** Combined codes and, for each combination in order, its two codes. */
export interface CombinedCodes {
  readonly codes: Int32Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** Numbers the pairs (a[i], b[i]) that occur, in the order of a, then b; −1 where either is −1. */
export function combineCodes(a: Int32Array, na: number, b: Int32Array, nb: number): CombinedCodes {
  const n = a.length;
  const start = new Int32Array(na + 1);
  for (let i = 0; i < n; i++) if (a[i] >= 0 && b[i] >= 0) start[a[i] + 1]++;
  for (let k = 0; k < na; k++) start[k + 1] += start[k];
  const rows = new Int32Array(start[na]);
  const next = start.slice(0, na);
  for (let i = 0; i < n; i++) if (a[i] >= 0 && b[i] >= 0) rows[next[a[i]]++] = i;

  const codes = new Int32Array(n).fill(-1);
  const stamp = new Int32Array(nb).fill(-1);
  const rank = new Int32Array(nb);
  const seen = new Int32Array(Math.min(nb, rows.length));
  let first = new Int32Array(Math.min(rows.length, 1024));
  let second = new Int32Array(first.length);
  let count = 0;
  for (let k = 0; k < na; k++) {
    let m = 0;
    for (let t = start[k]; t < start[k + 1]; t++) {
      const code = b[rows[t]];
      if (stamp[code] === k) continue;
      stamp[code] = k;
      seen[m++] = code;
    }
    const sorted = seen.subarray(0, m).sort();
    if (count + m > first.length) {
      first = grow(first, count + m);
      second = grow(second, count + m);
    }
    for (let j = 0; j < m; j++) {
      rank[sorted[j]] = count;
      first[count] = k;
      second[count++] = sorted[j];
    }
    for (let t = start[k]; t < start[k + 1]; t++) codes[rows[t]] = rank[b[rows[t]]];
  }
  return { codes, first: first.slice(0, count), second: second.slice(0, count) };
}

function grow(array: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(Math.max(needed, 2 * array.length));
  out.set(array);
  return out;
}
