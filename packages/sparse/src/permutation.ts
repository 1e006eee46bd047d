import { checkLength } from "./check";
import { SparseError } from "./errors";

declare const permutationBrand: unique symbol;

/**
 * A permutation p of 0 … n − 1 as a list of old indices: new position k holds what was at `p[k]`.
 *
 * As a matrix P, (P x)[k] = x[p[k]] and (P A P')[i, j] = A[p[i], p[j]]. The brand says that
 * `permutation` (or a routine that makes permutations) has validated it.
 */
export type Permutation = Int32Array & { readonly [permutationBrand]: true };

/** Validates a list of old indices (copied). Throws `SparseError` unless each of 0 … n − 1 comes once. */
export function permutation(indices: ArrayLike<number>): Permutation {
  const n = indices.length;
  const seen = new Uint8Array(n);
  for (let k = 0; k < n; k++) {
    const i = indices[k];
    if (!Number.isInteger(i) || i < 0 || i >= n) {
      throw new SparseError(
        "bad-permutation",
        `invalid index at position ${k}`,
        i,
        `need 0 to ${n - 1}, each once`,
      );
    }
    if (seen[i] === 1) {
      throw new SparseError(
        "bad-permutation",
        `repeated index at position ${k}`,
        i,
        `need 0 to ${n - 1}, each once`,
      );
    }
    seen[i] = 1;
  }
  return Int32Array.from(indices) as Permutation;
}

/** Whether each of 0 … n − 1 comes exactly once. */
export function isPermutation(indices: ArrayLike<number>): boolean {
  const n = indices.length;
  const seen = new Uint8Array(n);
  for (let k = 0; k < n; k++) {
    const i = indices[k];
    if (!Number.isInteger(i) || i < 0 || i >= n || seen[i] === 1) return false;
    seen[i] = 1;
  }
  return true;
}

/** The permutation that leaves everything where it is. */
export function identityPermutation(n: number): Permutation {
  const p = new Int32Array(n);
  for (let k = 0; k < n; k++) p[k] = k;
  return p as Permutation;
}

/** The inverse: `inverse[p[k]] === k`, the new position of each old index. */
export function invertPermutation(p: Permutation): Permutation {
  const inverse = new Int32Array(p.length);
  for (let k = 0; k < p.length; k++) inverse[p[k]] = k;
  return inverse as Permutation;
}

/** First `first`, then `second`: P = P₂ P₁, `result[k] = first[second[k]]`. */
export function composePermutations(first: Permutation, second: Permutation): Permutation {
  checkLength(second.length, first.length, "second permutation");
  const p = new Int32Array(first.length);
  for (let k = 0; k < p.length; k++) p[k] = first[second[k]];
  return p as Permutation;
}

/** P x: `result[k] = x[p[k]]`. */
export function permuteVector(p: Permutation, x: ArrayLike<number>): Float64Array {
  checkLength(x.length, p.length, "vector");
  const out = new Float64Array(p.length);
  for (let k = 0; k < p.length; k++) out[k] = x[p[k]];
  return out;
}

/** P' x: `result[p[k]] = x[k]`, which undoes `permuteVector`. */
export function unpermuteVector(p: Permutation, x: ArrayLike<number>): Float64Array {
  checkLength(x.length, p.length, "vector");
  const out = new Float64Array(p.length);
  for (let k = 0; k < p.length; k++) out[p[k]] = x[k];
  return out;
}
