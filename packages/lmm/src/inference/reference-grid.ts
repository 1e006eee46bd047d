import { type FactorColumn, frameApplier, type GridVariable } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { InferenceError } from "./inference-error";

/** Values that a grid is asked for, by column: one or several, levels of factors as text. */
export type GridValues = Readonly<
  Record<string, number | string | boolean | readonly (number | string | boolean)[]>
>;

/** How cells that are averaged over count. */
export type CellWeights = "equal" | "proportional" | "outer" | "cells" | "flat";

/** One column of the fixed effects in the grid: the values that it takes there. */
export interface GridAxis {
  readonly variable: GridVariable;
  /** True for factors, logicals and numbers that stand for levels. */
  readonly discrete: boolean;
  /** Levels as text, or numbers as text. */
  readonly labels: readonly string[];
  /** Positions among the levels or values of the variable; −1 for numbers that the data do not have as levels. */
  readonly codes: readonly number[];
  /** The numbers; empty for a factor. */
  readonly values: readonly number[];
}

/** Rows of the grid at a time, to bound memory. */
const MOST_ROWS = 2_000_000;

/**
 * The values at which fixed effects are evaluated for marginal means: all levels of factors, the mean of numbers,
 * or what `at` says.
 *
 * Numbers with at most two distinct values, and those inside `factor()`, are taken as levels, as R's emmeans does.
 *
 * @throws InferenceError `unknown-term` for columns or levels that the fixed effects do not have
 */
export function gridAxes(model: LinearMixedModel, at: GridValues = {}): GridAxis[] {
  const { schema } = model.frame;
  const grid = schema?.grid;
  if (grid === undefined) {
    throw new InferenceError(
      "unsupported-design",
      "unknown columns: the model frame does not say what its fixed effects were made from",
      null,
      "fit the model with a formula and a table",
    );
  }
  const names = grid.variables.map(({ name }) => name);
  for (const name of Object.keys(at)) {
    if (names.includes(name)) continue;
    throw new InferenceError(
      "unknown-term",
      `unknown variable: ${JSON.stringify(name)}`,
      name,
      names.length === 0 ? "the fixed effects have none" : `the fixed effects have ${names.join(", ")}`,
    );
  }
  return grid.variables.map((variable) =>
    axisOf(variable, Object.hasOwn(at, variable.name) ? at[variable.name] : undefined),
  );
}

function axisOf(variable: GridVariable, given: GridValues[string] | undefined): GridAxis {
  const wanted = given === undefined ? null : Array.isArray(given) ? [...given] : [given];
  const refuse = (value: unknown, hint: string): never => {
    throw new InferenceError(
      "unknown-term",
      `unknown value: ${variable.name} = ${JSON.stringify(value)}`,
      value,
      hint,
    );
  };
  if (wanted !== null && wanted.length === 0) refuse(given, "give at least one value");
  if (variable.kind === "factor") {
    const { levels } = variable;
    const labels = wanted === null ? levels : wanted.map(String);
    const codes = labels.map((label) => {
      const code = levels.indexOf(label);
      return code < 0 ? refuse(label, `the levels are ${levels.join(", ")}`) : code;
    });
    return { variable, discrete: true, labels, codes, values: [] };
  }
  const { discrete, values: distinct, mean } = variable;
  const levels = discrete ? distinct : null;
  const values =
    wanted === null
      ? [...(levels ?? [mean])]
      : wanted.map((value) => {
          const number = typeof value === "string" ? (logicalText(value) ?? Number(value)) : Number(value);
          return value !== "" && Number.isFinite(number) ? number : refuse(value, "give a finite number");
        });
  const labels = values.map((value) =>
    variable.kind === "logical" ? (value === 0 ? "FALSE" : "TRUE") : String(value),
  );
  return { variable, discrete, labels, codes: values.map((value) => levels?.indexOf(value) ?? -1), values };
}

function logicalText(text: string): number | null {
  if (text === "TRUE" || text === "true") return 1;
  if (text === "FALSE" || text === "false") return 0;
  return null;
}

/** Linear functions of all columns of X, dropped ones too, with what the offset adds. */
export interface GridFunctions {
  /** One per cell, each of length (columns of X). */
  readonly rows: readonly Float64Array[];
  readonly offsets: Float64Array;
}

/** What a grid is averaged with. */
export interface GridOptions {
  readonly weights?: CellWeights;
  /** Replaces every offset of the model. */
  readonly offset?: number;
  /** Moves one numeric column, for slopes. */
  readonly shift?: { readonly name: string; readonly by: number };
}

/**
 * Rows of X for each combination of the values of the `kept` axes, the first varying fastest, averaged over the
 * other axes.
 *
 * `equal` takes every combination alike; `proportional` by how often the averaged levels occur together in the
 * data, `outer` by the product of their own frequencies, `cells` by the frequencies within each combination kept,
 * `flat` alike over those that occur. Frequencies are numbers of rows, whatever their prior weights. A cell without
 * any row gives NaN.
 *
 * Cost: one pass over the nonzeros of X on the grid.
 */
export function gridFunctions(
  model: LinearMixedModel,
  axes: readonly GridAxis[],
  kept: readonly string[],
  options: GridOptions = {},
): GridFunctions {
  const chosen = kept.map((name) => axes.find(({ variable }) => variable.name === name) as GridAxis);
  const others = axes.filter(({ variable }) => !kept.includes(variable.name));
  const ncells = chosen.reduce((product, { labels }) => product * labels.length, 1);
  const nothers = others.reduce((product, { labels }) => product * labels.length, 1);
  const total = ncells * nothers;
  if (!(total <= MOST_ROWS)) {
    throw new InferenceError(
      "too-large",
      `too large grid: ${total} combinations of levels`,
      total,
      "hold some variables at one value: at",
    );
  }
  // The kept axes vary fastest, so that row r belongs to cell r mod ncells.
  const ordered = [...chosen, ...others];
  const table: Record<string, unknown> = Object.create(null);
  const codes: Int32Array[] = [];
  let stride = 1;
  for (const { variable, labels, codes: own, values } of ordered) {
    const positions = new Int32Array(total);
    for (let r = 0; r < total; r++) positions[r] = Math.floor(r / stride) % labels.length;
    stride *= labels.length;
    codes.push(positions.map((position) => own[position]));
    if (variable.kind === "factor") {
      const ordered = model.frame.schema.columns[variable.name];
      table[variable.name] = {
        kind: "factor",
        levels: variable.levels,
        codes: positions.map((position) => own[position]),
        ordered: ordered?.kind === "factor" && ordered.ordered,
      } satisfies FactorColumn;
    } else if (variable.kind === "logical") {
      table[variable.name] = Array.from(positions, (position) => values[position] !== 0);
    } else {
      const by = options.shift?.name === variable.name ? options.shift.by : 0;
      table[variable.name] = Float64Array.from(positions, (position) => values[position] + by);
    }
  }
  if (ordered.length === 0) table[" "] = Float64Array.of(0);
  const applied = frameApplier(model.frame.schema)(table as Parameters<ReturnType<typeof frameApplier>>[0], {
    random: false,
    offset: null,
    naAction: "fail",
  });
  const weights = cellWeights(
    model,
    ordered,
    chosen.length,
    codes,
    ncells,
    total,
    options.weights ?? "equal",
  );
  const width = applied.fixed.columns.length;
  const rows = Array.from({ length: ncells }, () => new Float64Array(width));
  applied.fixed.columns.forEach((column, j) => {
    if (column.kind === "sparse") {
      column.rows.forEach((r, i) => {
        rows[r % ncells][j] += weights[r] * column.values[i];
      });
    } else {
      for (let r = 0; r < total; r++) {
        rows[r % ncells][j] += weights[r] * (column.kind === "constant" ? column.value : column.values[r]);
      }
    }
  });
  // Weights of an empty cell are NaN; sparse columns may not show it.
  for (let c = 0; c < ncells; c++) if (Number.isNaN(weights[c])) rows[c].fill(Number.NaN);
  const beside = model.frame.schema.grid?.offset ?? 0;
  const offsets = new Float64Array(ncells);
  if (options.offset !== undefined) offsets.fill(options.offset);
  else {
    for (let r = 0; r < total; r++) offsets[r % ncells] += weights[r] * ((applied.offset?.[r] ?? 0) + beside);
  }
  return { rows, offsets };
}

/** What each row of the grid counts in the average of its cell; sums to 1 over each cell. */
function cellWeights(
  model: LinearMixedModel,
  axes: readonly GridAxis[],
  nkept: number,
  codes: readonly Int32Array[],
  ncells: number,
  total: number,
  kind: CellWeights,
): Float64Array {
  const out = new Float64Array(total).fill(ncells / total);
  if (kind === "equal") return out;
  const discrete = (model.frame.schema.grid?.variables ?? []).filter(
    (v) => v.kind === "factor" || v.discrete,
  );
  const cells = model.frame.schema.grid?.cells ?? null;
  if (cells === null) {
    throw new InferenceError(
      "too-large",
      `too many cells: the frequencies of more than 20,000 combinations of levels are not kept`,
      kind,
      'choose weights: "equal"',
    );
  }
  const place = new Map(discrete.map(({ name }, i) => [name, i]));
  /** Frequencies of the levels of some axes taken together, by a key of their codes. */
  const frequencies = (names: readonly string[]) => {
    const sums = new Map<string, number>();
    const at = names.map((name) => place.get(name) ?? 0);
    cells.counts.forEach((count, c) => {
      const key = at.map((i) => cells.codes[c * discrete.length + i]).join();
      sums.set(key, (sums.get(key) ?? 0) + count);
    });
    return sums;
  };
  const weighted = (which: readonly number[]) => {
    // Numbers held at values of their own are not levels, and have no frequency.
    const own = which.filter((i) => axes[i].discrete && !codes[i].includes(-1));
    const sums = frequencies(own.map((i) => axes[i].variable.name));
    return (r: number) => sums.get(own.map((i) => codes[i][r]).join()) ?? 0;
  };
  const all = axes.map((_, i) => i);
  const averaged = all.slice(nkept);
  let weightOf: (r: number) => number;
  if (kind === "proportional") weightOf = weighted(averaged);
  else if (kind === "cells") weightOf = weighted(all);
  else if (kind === "flat") {
    const counts = weighted(all);
    weightOf = (r) => (counts(r) > 0 ? 1 : 0);
  } else if (kind === "outer") {
    const each = averaged.map((i) => weighted([i]));
    weightOf = (r) => each.reduce((product, own) => product * own(r), 1);
  } else {
    throw new InferenceError(
      "unknown-option",
      `unknown weights: ${JSON.stringify(kind)}`,
      kind,
      "choose equal, proportional, outer, cells or flat",
    );
  }
  const sums = new Float64Array(ncells);
  for (let r = 0; r < total; r++) {
    out[r] = weightOf(r);
    sums[r % ncells] += out[r];
  }
  for (let r = 0; r < total; r++) out[r] /= sums[r % ncells];
  return out;
}
