import { type ApplyFrameOptions, applyFrame, openTable, type RowNumbers } from "@lmmkit/formula";
import type { IncludedColumns } from "../diagnostics/linear-predictor";
import type { RandomRows, RowSource } from "../diagnostics/row-source";
import type { LmmTable } from "../fit/lmm";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";

/** Rows to predict, as the model's design sees them. */
export interface PredictionRows extends RowSource {
  readonly offset: Float64Array | null;
  readonly weights: Float64Array | null;
  /** Positions in the table of the rows kept; null when all were. */
  readonly rows: Int32Array | null;
  readonly nrowsTable: number;
  /** Per term, the levels that the model does not know. */
  readonly newLevels: readonly (readonly string[])[];
}

/** How new rows are read. */
export interface NewRowOptions {
  readonly included: IncludedColumns;
  /** Whether the columns of the other terms are needed too, for their variances. */
  readonly excludedToo: boolean;
  readonly newLevels: "error" | "number";
  readonly naAction: "exclude" | "omit" | "fail";
  readonly weights: RowNumbers | null | undefined;
  readonly offset: RowNumbers | null | undefined;
  readonly functions: ApplyFrameOptions["functions"];
}

/** The rows that the model was fitted to. */
export function fittedRows(model: LinearMixedModel): PredictionRows {
  const { frame, weights, offset, rows, nrowsTable } = model;
  const { nobs, fixed, random } = frame;
  return { nobs, fixed, random, offset, weights, rows, nrowsTable, newLevels: random.map(() => []) };
}

/**
 * New rows through the frame's schema; terms that play no part are not read, and neither is the response.
 *
 * @throws FormulaError where the table does not fit, InferenceError `missing-offset`
 */
export function newRows(model: LinearMixedModel, table: LmmTable, options: NewRowOptions): PredictionRows {
  const { frame, design } = model;
  const { included, excludedToo } = options;
  const needed = design.terms.flatMap((term, t) =>
    included === null || excludedToo || included[t] !== null ? [term.frameIndex] : [],
  );
  const positions = [...needed].sort((a, b) => a - b);
  const completed = excludedToo ? withPlaceholders(model, included, table) : table;
  const applied = applyFrame(frame.schema, completed, {
    random: positions,
    newGroups: options.newLevels === "number" || excludedToo ? "number" : "error",
    naAction: options.naAction,
    ...(options.weights === undefined ? {} : { weights: options.weights }),
    ...(options.offset === undefined ? {} : { offset: options.offset }),
    ...(options.functions === undefined ? {} : { functions: options.functions }),
  });
  if (applied.offset === null && options.offset === undefined && offsetWasGiven(model)) {
    throw new InferenceError(
      "missing-offset",
      "missing offset: the model was fitted with an offset given as numbers",
      null,
      "give options.offset for the new rows: a column, numbers, or null for none",
    );
  }
  const random: (RandomRows | null)[] = frame.random.map(() => null);
  const newLevels: (readonly string[])[] = frame.random.map(() => []);
  for (const term of applied.random) {
    random[term.position] = term;
    newLevels[term.position] = term.newLevels;
  }
  if (options.newLevels === "error" && excludedToo) refuseNewLevels(model, included, newLevels);
  return {
    nobs: applied.nobs,
    fixed: applied.fixed,
    random,
    offset: applied.offset,
    weights: applied.weights,
    rows: applied.rows,
    nrowsTable: applied.nrowsTable,
    newLevels,
  };
}

/** Among terms that are conditioned on, new levels are errors where they were not allowed. */
function refuseNewLevels(
  { design }: LinearMixedModel,
  included: IncludedColumns,
  newLevels: readonly (readonly string[])[],
): void {
  design.terms.forEach((term, t) => {
    if (included !== null && included[t] === null) return;
    const fresh = newLevels[term.frameIndex];
    if (fresh.length === 0) return;
    const { name } = design.factors[term.factor];
    throw new InferenceError(
      "unknown-level",
      `unknown level: ${JSON.stringify(fresh[0])} of ${name}`,
      fresh[0],
      'newLevels: "zero" predicts without its random effects',
    );
  });
}

function offsetWasGiven(model: LinearMixedModel): boolean {
  const own = Object.getOwnPropertyDescriptor(model, "offset");
  // A getter stands where a model that was saved without data had one.
  return own?.get !== undefined || (own?.value ?? null) !== null;
}

/**
 * The table with made-up levels for grouping columns that it has not, where only the variance of their terms is
 * asked for: any new level has it.
 */
function withPlaceholders(model: LinearMixedModel, included: IncludedColumns, table: LmmTable): LmmTable {
  const { frame, design } = model;
  const view = openTable(table);
  const known = new Set(view.names);
  const absent = new Set<string>();
  design.terms.forEach((term, t) => {
    if (included === null || included[t] !== null) return;
    for (const { text } of frame.schema.groups[design.factors[term.factor].name].factors) {
      if (!known.has(text) && Object.hasOwn(frame.schema.columns, text)) absent.add(text);
    }
  });
  if (absent.size === 0) return table;
  const columns: Record<string, unknown> = {};
  for (const name of view.names) columns[name] = view.column(name);
  for (const name of absent) columns[name] = placeholder(view.nrows);
  return columns as LmmTable;
}

function placeholder(nrows: number) {
  return { kind: "factor" as const, levels: ["(new)"], codes: new Int32Array(nrows), ordered: false };
}
