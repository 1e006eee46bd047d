import type { CscPattern, Permutation } from "@lmmkit/sparse";
import { type AmdOptions, MinimumDegree } from "./minimum-degree";
import { QuotientGraph } from "./quotient-graph";

/**
 * Approximate minimum degree ordering of a symmetric pattern: `p[k]` is the column to eliminate k-th.
 *
 * At each step the variable of least approximate external degree is eliminated. The elimination graph is
 * kept as a quotient graph; variables with equal neighbourhoods are found by hashing and treated as one;
 * elements covered by a newer one are absorbed; variables adjacent to nothing but the new element are
 * eliminated with it; rows that are nearly full are left to the end. Ties go to the variable that entered
 * its degree list last, so the result depends on nothing but the pattern. The result is not postordered.
 *
 * Cost: in practice proportional to nnz(A) times a small factor; at worst O(n · nnz(A)).
 *
 * Source: Amestoy, Davis & Duff (1996), SIAM J. Matrix Anal. Appl. 17(4), Algorithm 2 and section 5;
 * (2004), Algorithm 837, ACM TOMS 30(3).
 *
 * @param n number of columns
 * @param colPtr pointers into `rowIdx`, length n + 1
 * @param rowIdx both triangles of the pattern, without the diagonal and without duplicates
 */
export function amdOrder(
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  options: AmdOptions = {},
): Permutation {
  const graph = QuotientGraph.ofSymmetric(n, colPtr, rowIdx, options.weights);
  const degree = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (let p = colPtr[i]; p < colPtr[i + 1]; p++) degree[i] += graph.weight[rowIdx[p]];
  }
  return new MinimumDegree(graph, n, degree, options).order();
}

/**
 * Ordering of the rows of A that keeps the factor of A A' sparse, without forming A A'.
 *
 * Minimum degree as `amdOrder`, on a quotient graph that starts with the columns of A as elements: each is
 * the clique of its rows. A row's first degree is the bound Σ (length − 1) over its columns. Columns with
 * more than max(16, 10 √nrows) entries are left out, as they join nearly everything anyway.
 *
 * Source: Davis, Gilbert, Larimore & Ng (2004), A column approximate minimum degree ordering algorithm, ACM
 * TOMS 30(3) (there for the columns of A'; degrees here are the closer approximation of AMD).
 *
 * @param pattern A, whose rows are ordered
 */
export function colamdOrder(pattern: CscPattern, options: Omit<AmdOptions, "weights"> = {}): Permutation {
  const { nrows } = pattern;
  const longest = Math.max(16, Math.floor(10 * Math.sqrt(nrows)));
  const graph = QuotientGraph.ofProduct(pattern, longest);
  const degree = new Int32Array(graph.n);
  for (let e = nrows; e < graph.n; e++) degree[e] = graph.length[e];
  for (let i = 0; i < nrows; i++) {
    let bound = 0;
    for (let k = 0; k < graph.length[i]; k++) bound += degree[graph.lists[graph.start[i] + k]] - 1;
    degree[i] = Math.min(bound, nrows - 1);
  }
  return new MinimumDegree(graph, nrows, degree, options).order();
}
