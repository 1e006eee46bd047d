import { nnz } from "@lmmkit/sparse";
import type { LinearMixedModel } from "./linear-mixed-model";
import { hasRows } from "./without-rows";
import { workspaceOf } from "./workspace-of";

/** A random-effects term and what it costs. */
export interface DescribedTerm {
  readonly name: string;
  readonly group: string;
  /** Covariance structure, `us`, `diag`, … */
  readonly structure: string;
  readonly columns: readonly string[];
  readonly levels: number;
  /** Parameters in θ. */
  readonly parameters: number;
  /** Columns of Z. */
  readonly ncolsZ: number;
}

/** The block of Z'Z of two grouping factors. */
export interface DescribedBlock {
  readonly row: string;
  readonly col: string;
  /** Levels of the row factor times levels of the column factor. */
  readonly pairs: number;
  /** Those that meet in some row of the data. */
  readonly met: number;
  /** Numbers stored. */
  readonly entries: number;
  /** `diagonal` for one effect per level, `block diagonal`, `dense` where all levels meet, else `sparse`. */
  readonly storage: "diagonal" | "block diagonal" | "dense" | "sparse";
}

/** What a model is made of and what it costs. */
export interface ModelDescription {
  readonly formula: string;
  readonly nobs: number;
  /** Rows of the table that the model came from. */
  readonly nrowsTable: number;
  /** Kept columns of X. */
  readonly p: number;
  readonly dropped: readonly string[];
  /** Columns of Z. */
  readonly q: number;
  /** Length of θ. */
  readonly parameters: number;
  readonly terms: readonly DescribedTerm[];
  readonly blocks: readonly DescribedBlock[];
  readonly factor: {
    readonly kind: "simplicial" | "supernodal";
    /** Entries of the lower triangle of Λ'Z'ZΛ + I. */
    readonly nnzSystem: number;
    /** Entries of L. */
    readonly nnz: number;
    /** Their quotient. */
    readonly fill: number;
    readonly supernodes: number | null;
    /** Of one numeric factorization. */
    readonly flops: number;
    /** What the fill-reducing permutation was found on. */
    readonly ordering: "levels" | "columns";
  };
  /** Bytes held: rows (null where they are not kept), cross-products, and the room of one evaluation. */
  readonly bytes: { readonly rows: number | null; readonly products: number; readonly workspace: number };
}

/**
 * The blocks of a model and how they are stored: terms, cross-products of grouping factors, the sparse factor, memory.
 *
 * Cost: a symbolic factorization, unless one has been made for this model.
 */
export function describe(model: LinearMixedModel): ModelDescription {
  const { design, products, frame } = model;
  const { factors } = design;
  const workspace = workspaceOf(model);
  const { symbolic } = workspace.factor;
  const nnzSystem = nnz(workspace.system);
  return {
    formula: model.formula,
    nobs: model.nobs,
    nrowsTable: model.nrowsTable,
    p: design.fixedNames.length,
    dropped: design.dropped,
    q: design.q,
    parameters: design.theta0.length,
    terms: design.terms.map(({ name, factor, template, columns }) => ({
      name,
      group: factors[factor].name,
      structure: template.structure,
      columns,
      levels: factors[factor].levels.length,
      parameters: template.count,
      ncolsZ: columns.length * factors[factor].levels.length,
    })),
    blocks: products.ztz.map(({ rowFactor, colFactor, rowIdx, values }) => {
      const pairs = factors[rowFactor].levels.length * factors[colFactor].levels.length;
      return {
        row: factors[rowFactor].name,
        col: factors[colFactor].name,
        pairs,
        met: rowIdx.length,
        entries: values.length,
        storage:
          rowFactor === colFactor
            ? factors[rowFactor].ncols === 1
              ? "diagonal"
              : "block diagonal"
            : rowIdx.length === pairs
              ? "dense"
              : "sparse",
      };
    }),
    factor: {
      kind: symbolic.kind,
      nnzSystem,
      nnz: symbolic.nnz,
      fill: nnzSystem === 0 ? 1 : symbolic.nnz / nnzSystem,
      supernodes: symbolic.supernodes === null ? null : symbolic.supernodes.count,
      flops: symbolic.flops,
      ordering: factors.every(({ ncols }) => ncols === 1) ? "columns" : "levels",
    },
    bytes: {
      rows: hasRows(frame) ? bytesOf([frame, model.fitted]) : null,
      products: bytesOf(products),
      workspace: bytesOf(workspace, [design, products]),
    },
  };
}

/** Bytes of all typed arrays that can be reached, each buffer once, but for those that `apart` reaches. */
function bytesOf(value: unknown, apart: unknown = null): number {
  const seen = new Set<unknown>();
  const add = (root: unknown): number => {
    const pending = [root];
    let sum = 0;
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (typeof next !== "object" || next === null || seen.has(next)) continue;
      seen.add(next);
      if (ArrayBuffer.isView(next)) {
        if (!seen.has(next.buffer)) sum += next.buffer.byteLength;
        seen.add(next.buffer);
      } else pending.push(...Object.values(next).filter((entry) => entry !== undefined));
    }
    return sum;
  };
  add(apart);
  return add(value);
}
