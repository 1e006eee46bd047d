import type { GroupingFactor, ModelColumn, ModelFrame, ModelMatrix, RandomTerm } from "@lmmkit/formula";
import { parseFormula } from "@lmmkit/formula";

/** Hand-made model frames, so that tests of the engine need no formula and no file. */
export interface FrameParts {
  readonly y: ArrayLike<number>;
  readonly fixed: Readonly<Record<string, ModelColumn>>;
  readonly random: readonly RandomTerm[];
  readonly weights?: ArrayLike<number>;
  readonly offset?: ArrayLike<number>;
}

export const ones: ModelColumn = { kind: "constant", value: 1 };

export function dense(values: ArrayLike<number>): ModelColumn {
  return { kind: "dense", values: Float64Array.from(values) };
}

export function sparse(values: ArrayLike<number>): ModelColumn {
  const rows = Array.from(values, (_, row) => row).filter((row) => values[row] !== 0);
  return {
    kind: "sparse",
    rows: Int32Array.from(rows),
    values: Float64Array.from(rows, (row) => values[row]),
  };
}

export function matrix(nrows: number, columns: Readonly<Record<string, ModelColumn>>): ModelMatrix {
  const names = Object.keys(columns);
  const termLabels = names.filter((name) => name !== "(Intercept)");
  return {
    nrows,
    names,
    columns: Object.values(columns),
    // The intercept is no label, which makes it number 0.
    assign: Int32Array.from(names, (name) => termLabels.indexOf(name) + 1),
    termLabels,
    contrasts: {},
  };
}

export function group(name: string, codes: ArrayLike<number>): GroupingFactor {
  const nlevels = Math.max(...Array.from(codes)) + 1;
  return {
    name,
    levels: Array.from({ length: nlevels }, (_, l) => `${name}${l + 1}`),
    codes: Int32Array.from(codes),
  };
}

export function term(
  factor: GroupingFactor,
  columns: Readonly<Record<string, ModelColumn>> = { "(Intercept)": ones },
  structure: RandomTerm["structure"] = "us",
): RandomTerm {
  return {
    label: `${Object.keys(columns).join(" + ")} | ${factor.name}`,
    group: factor,
    design: matrix(factor.codes.length, columns),
    structure,
  };
}

export function frameOf(parts: FrameParts): ModelFrame {
  const nobs = parts.y.length;
  return {
    formula: parseFormula("y ~ 1 + (1 | g)"),
    nobs,
    nrowsTable: nobs,
    rows: null,
    missing: {},
    response: { name: "y", values: Float64Array.from(parts.y) },
    fixed: matrix(nobs, parts.fixed),
    random: parts.random,
    weights: parts.weights === undefined ? null : Float64Array.from(parts.weights),
    offset: parts.offset === undefined ? null : Float64Array.from(parts.offset),
    naAction: "omit",
    schema: undefined as unknown as ModelFrame["schema"],
  };
}
