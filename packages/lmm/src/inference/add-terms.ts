import { type ModelFrame, modelFrame, parseFormula, printFormula, updateFormula } from "@lmmkit/formula";
import type { FrameOptions, LmmTable } from "../fit/lmm";
import { aic } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import {
  checkTest,
  fTest,
  likelihoodRatio,
  noteConvergence,
  type TermChange,
  type TermChanges,
  type TermTest,
} from "./drop-terms";
import { InferenceError } from "./inference-error";
import { fitLike } from "./submodels";

/** What `add1` is told. */
export interface AddOptions {
  /** Default `satterthwaite`. */
  readonly test?: TermTest;
  /** The functions that the formula uses beside the known ones. */
  readonly functions?: FrameOptions["functions"];
}

/**
 * Single-term additions to the fixed effects: the model with each term, all fitted to the rows that have no missing
 * value in any of them.
 *
 * @param terms `x`, `f`, `a:b`; each is added by itself
 * @param table the table that the model was fitted to
 * @throws InferenceError `different-data` when the table is not that of the fit, `unknown-term` for a term that the
 *   model has already; FormulaError for columns that are not there
 */
export function add1(
  model: LinearMixedModel,
  terms: readonly string[],
  table: LmmTable,
  options: AddOptions = {},
): TermChanges {
  const test = checkTest(options.test);
  const base = printFormula(model.frame.formula);
  const formulas = terms.map((term) => {
    const formula = printFormula(updateFormula(base, `. ~ . + ${term}`));
    if (formula === printFormula(updateFormula(base, ". ~ ."))) {
      throw new InferenceError("unknown-term", `known term: ${term}`, term, "the model has it already");
    }
    return formula;
  });
  const frameOn = (formula: string, rows: Int32Array | null) => rebuild(model, formula, table, rows, options);
  // The rows that every candidate can use.
  let rows = model.rows;
  for (const formula of formulas) rows = common(rows, frameOn(formula, model.rows).rows);
  const diagnostics: string[] = [];
  const left = rows === null ? model.frame.nobs : rows.length;
  if (left < model.frame.nobs) {
    diagnostics.push(`missing values: ${model.frame.nobs - left} rows of the model are left out of all fits`);
  }
  const method = test === "lrt" ? "ML" : test === "kenward-roger" ? "REML" : model.method;
  const own = test === "lrt" ? fitLike(model, frameOn(base, rows), method) : null;
  const changes = terms.map((term, t): TermChange => {
    const larger = fitLike(model, frameOn(formulas[t], rows), method);
    noteConvergence(larger, diagnostics);
    const label = newLabel(model.frame, larger.frame, term);
    if (test !== "lrt" || own === null)
      return fTest(larger, label, test === "lrt" ? "asymptotic" : test, larger.formula);
    return likelihoodRatio(label, own, larger, larger);
  });
  return {
    change: "add",
    test,
    formula: model.formula,
    aic: own === null ? null : aic(own),
    rows: changes,
    diagnostics,
  };
}

/** The label that R's algebra gives the added term. */
function newLabel(before: ModelFrame, after: ModelFrame, term: string): string {
  const added = after.fixed.termLabels.filter((label) => !before.fixed.termLabels.includes(label));
  if (added.length === 1) return added[0];
  throw new InferenceError(
    "unknown-term",
    `several terms: ${term} adds ${added.length === 0 ? "none" : added.join(", ")}`,
    term,
    "add one term at a time",
  );
}

/** The frame of another formula on some rows of the table, with the response, weights and offset of the model. */
function rebuild(
  model: LinearMixedModel,
  formula: string,
  table: LmmTable,
  rows: Int32Array | null,
  options: AddOptions,
): ModelFrame {
  const { frame } = model;
  const subset = rows === null ? null : mask(rows, frame.nrowsTable);
  const contrasts: Record<string, FrameContrasts> = {};
  for (const [name, { contrasts: own }] of Object.entries(frame.schema.factors)) contrasts[name] = own;
  const made = modelFrame(parseFormula(formula), table, {
    contrasts: onlyKnown(contrasts, formula),
    doubleBar: frame.schema.doubleBar,
    ...(subset === null ? {} : { subset }),
    ...(options.functions === undefined ? {} : { functions: options.functions }),
    ...(frame.schema.structures === undefined
      ? {}
      : { structures: Object.fromEntries(frame.schema.structures.map((name) => [name, {}])) }),
  });
  if (made.nrowsTable !== frame.nrowsTable || made.response === null)
    throw otherTable(made.nrowsTable, frame.nrowsTable);
  const position = new Map<number, number>();
  frame.rows?.forEach((row, r) => {
    position.set(row, r);
  });
  const pick = (values: Float64Array | null): Float64Array | null =>
    values === null
      ? null
      : Float64Array.from({ length: made.nobs }, (_, r) => {
          const row = made.rows === null ? r : made.rows[r];
          return values[frame.rows === null ? row : (position.get(row) ?? -1)];
        });
  const response = pick(frame.response?.values ?? null);
  if (response === null || response.some((value, r) => value !== made.response?.values[r])) {
    throw otherTable(made.nrowsTable, frame.nrowsTable);
  }
  return { ...made, weights: pick(frame.weights), offset: pick(frame.offset) };
}

type FrameContrasts = ModelFrame["schema"]["factors"][string]["contrasts"];

/** Contrasts of variables that the formula has; others would be refused where they are no columns. */
function onlyKnown(
  contrasts: Record<string, FrameContrasts>,
  formula: string,
): Record<string, FrameContrasts> {
  return Object.fromEntries(Object.entries(contrasts).filter(([name]) => formula.includes(name)));
}

function otherTable(nrows: number, expected: number): InferenceError {
  return new InferenceError(
    "different-data",
    "different data: the table is not the one that the model was fitted to",
    nrows,
    `give that table, ${expected} rows`,
  );
}

function mask(rows: Int32Array, nrows: number): Uint8Array {
  const out = new Uint8Array(nrows);
  for (const row of rows) out[row] = 1;
  return out;
}

function common(a: Int32Array | null, b: Int32Array | null): Int32Array | null {
  if (a === null) return b;
  if (b === null) return a;
  const known = new Set(b);
  return a.filter((row) => known.has(row));
}
