import type { AAtPlan, CscPattern, Permutation, Triangle } from "@lmmkit/sparse";
import { identityPermutation, invertPermutation } from "@lmmkit/sparse";
import { CholmodError } from "./errors";
import { factorPattern } from "./factor-pattern";
import {
  adjacency,
  type OrderedGraph,
  orderedGraph,
  type PermutedPattern,
  permutedLower,
} from "./permuted-pattern";
import {
  findSupernodes,
  layOutSupernodes,
  supernodalDiagonal,
  supernodalSize,
  supernodalTargets,
} from "./supernodes";
import type { ColumnPattern, FactorKind, MatrixForm, Symbolic } from "./symbolic";

/** From this many flops per entry of L on, dense blocks are faster than single columns (measured; see bench). */
const supernodalFrom = 12;

/** L may have as many entries as an Int32Array can number. */
const mostEntries = 0x7fffffff;

/** What a symbolic factorization is built from. */
export interface SymbolicParts {
  readonly form: MatrixForm;
  readonly uplo: Triangle;
  readonly pattern: CscPattern;
  readonly aat: AAtPlan | null;
  readonly permutation: Permutation;
  readonly parent: Int32Array;
  readonly columnCounts: Int32Array;
  readonly kind: FactorKind | "auto";
  /** Upper triangle of the permuted structure where it is more than that of A; null for A's own. */
  readonly structure: ColumnPattern | null;
  /** Both triangles of A's pattern, where they are at hand. */
  readonly graph?: ColumnPattern;
}

/**
 * Chooses how L is laid out and works out where everything goes.
 *
 * Throws `CholmodError` ("too-many-entries") before memory is asked for when L would have 2³¹ entries or
 * more. Cost O(nnz(L)).
 */
export function buildSymbolic(parts: SymbolicParts): Symbolic {
  const { form, uplo, pattern, aat, permutation, parent, columnCounts, kind } = parts;
  const symmetric = aat === null ? pattern : aat.pattern;
  const n = symmetric.ncols;
  let entries = 0;
  let flops = 0;
  for (let j = 0; j < n; j++) {
    entries += columnCounts[j];
    flops += columnCounts[j] * columnCounts[j];
  }
  if (entries > mostEntries) throw tooManyEntries(entries);

  const graph = orderedStructure(parts);
  const lower = permutedLower(
    symmetric,
    uplo,
    parts.structure === null ? graph.place : invertPermutation(permutation),
  );
  const sourceCount = symmetric.colPtr[n];
  const shared = {
    n,
    form,
    uplo,
    permutation,
    parent,
    columnCounts,
    nnz: entries,
    flops,
    pattern,
    aat,
    structure: parts.structure,
  };
  if (kind === "supernodal" || (kind === "auto" && flops >= supernodalFrom * entries)) {
    const first = findSupernodes(parent, columnCounts);
    const size = supernodalSize(first, columnCounts);
    if (size <= mostEntries) {
      const supernodes = layOutSupernodes(first, graph, parent, columnCounts);
      return {
        ...shared,
        kind: "supernodal",
        target: supernodalTargets(supernodes, lower, sourceCount),
        diagonal: supernodalDiagonal(supernodes),
        simplicial: null,
        supernodes,
        valueCount: size,
      };
    }
    if (kind === "supernodal") throw tooManyEntries(size);
  }
  const simplicial = factorPattern(graph, parent, columnCounts);
  return {
    ...shared,
    kind: "simplicial",
    target: simplicialTargets(simplicial, lower, sourceCount),
    diagonal: simplicial.colPtr.slice(0, n),
    simplicial,
    supernodes: null,
    valueCount: entries,
  };
}

/** The pattern of L, for a factor of either kind. Cost O(nnz(L)). */
export function patternOfFactor(symbolic: Symbolic): ColumnPattern {
  if (symbolic.simplicial !== null) return symbolic.simplicial;
  return factorPattern(orderedStructure(symbolic), symbolic.parent, symbolic.columnCounts);
}

/** The graph that L is the factor of, in the order of elimination. */
function orderedStructure(parts: Omit<SymbolicParts, "kind">): OrderedGraph {
  const { structure, pattern, aat, uplo, permutation } = parts;
  if (structure !== null) return orderedGraph(structure, identityPermutation(permutation.length));
  return orderedGraph(parts.graph ?? adjacency(aat === null ? pattern : aat.pattern, uplo), permutation);
}

/** The same symbolic factorization with L laid out column by column. */
export function simplicialSymbolic(symbolic: Symbolic): Symbolic {
  return symbolic.kind === "simplicial" ? symbolic : buildSymbolic({ ...symbolic, kind: "simplicial" });
}

function tooManyEntries(entries: number): CholmodError {
  return new CholmodError(
    "too-many-entries",
    "too many entries in L",
    entries,
    "at most 2^31 - 1 can be numbered",
  );
}

/** Where each entry of the symmetric matrix goes in the values of a simplicial L. */
function simplicialTargets(pattern: ColumnPattern, lower: PermutedPattern, entries: number): Int32Array {
  const { colPtr, rowIdx } = pattern;
  const n = colPtr.length - 1;
  const target = new Int32Array(entries).fill(-1);
  const position = new Int32Array(n);
  for (let j = 0; j < n; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) position[rowIdx[p]] = p;
    for (let q = lower.colPtr[j]; q < lower.colPtr[j + 1]; q++) {
      target[lower.source[q]] = position[lower.rowIdx[q]];
    }
  }
  return target;
}
