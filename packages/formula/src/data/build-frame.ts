import type { ContrastSpec } from "../schema/contrasts";
import type { FrameSchema } from "../schema/frame-schema";
import type { Expression, Formula } from "../syntax/ast";
import { FormulaError, withFormulaText } from "../syntax/formula-error";
import { parseExpression, parseFormula } from "../syntax/parse";
import { printExpression, printFormula } from "../syntax/print";
import type { Span } from "../syntax/span";
import { expandTerms, unwrapParens } from "../terms/expand";
import { type ParsedModel, parseModel } from "../terms/model-terms";
import { buildModelMatrix, type DesignVariable, usedVariables } from "./design";
import { Evaluator } from "./evaluate";
import { asFactor, dropUnusedLevels } from "./factor-column";
import { functionTable, type UserFunction } from "./functions/registry";
import { groupingFactor } from "./grouping";
import type { ModelFrame, ModelMatrix, RandomTerm } from "./model-frame";
import { type CheckedVariable, checkFinite, requireRows, selectRows, takeNumbers, takeRows } from "./rows";
import { openTable, type TableLike, type TableView } from "./table";
import { describeValue, type RowValue } from "./value";

/** A column's name or an expression over columns, or one number per row of the table. */
export type RowNumbers = string | ArrayLike<number>;

export interface ModelFrameOptions {
  /** Contrasts by variable; others get `defaultContrasts`. */
  readonly contrasts?: Readonly<Record<string, ContrastSpec>>;
  /** For factors without and with an order; R's treatment and poly. */
  readonly defaultContrasts?: { readonly unordered?: ContrastSpec; readonly ordered?: ContrastSpec };
  /** What happens to rows with missing values: left out, left out but remembered for padding, or an error. */
  readonly naAction?: "omit" | "exclude" | "fail";
  /** Prior weights, ≥ 0. */
  readonly weights?: RowNumbers | null;
  /** Added to the offsets of the formula. */
  readonly offset?: RowNumbers | null;
  /** Rows to use: an expression (`"age > 3"`), or booleans or 0/1, one per row. */
  readonly subset?: string | ArrayLike<number | boolean> | null;
  /** `(f || g)` with a factor f: a true diagonal, or lme4's independent blocks. */
  readonly doubleBar?: "diagonal" | "lme4";
  /** The user's functions by name; `{ cube: (x) => x ** 3 }` is applied to every row. */
  readonly functions?: Readonly<Record<string, UserFunction>>;
}

/**
 * Sees a table through a formula: variables evaluated, rows with missing values taken out, model
 * matrices of the fixed effects and of each random-effects term built by columns.
 *
 * The table is not changed; columns that need no change are shared with it, so neither may be written to.
 * As in R, functions such as `poly` see all rows of the table, `subset` and missing values come after.
 *
 * Throws `FormulaError` with the place in the formula. Cost: O(rows · variables + nonzeros).
 */
export function modelFrame(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): ModelFrame {
  const parsed = typeof formula === "string" ? parseFormula(formula) : formula;
  try {
    return buildFrame(parsed, openTable(table), options);
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, parsed.text);
    throw error;
  }
}

/** The model matrix of a formula's fixed effects; the response and random-effects terms may be missing or not. */
export function modelMatrix(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): ModelMatrix {
  return modelFrame(formula, table, options).fixed;
}

function buildFrame(formula: Formula, table: TableView, options: ModelFrameOptions): ModelFrame {
  const evaluator = new Evaluator(table, functionTable(options.functions));
  const isFactor = (expression: Expression) => {
    const { kind } = evaluator.evaluateNamed(expression, printExpression(expression));
    return kind === "factor" || kind === "logical";
  };
  const model = parseModel(formula, table.names, options.doubleBar ?? "diagonal", isFactor);
  const frame = new FrameVariables(evaluator, table.nrows);

  // Everything is evaluated on all rows first, in R's order.
  const response = model.response === null ? null : frame.add(model.response);
  if (response !== null) checkResponse(response);
  const fixed = model.fixed.variables.map((v, i) =>
    model.response !== null && i === 0 ? null : frame.add(v.expression),
  );
  const random = model.random.map((term) => ({
    design: term.design.variables.map((v) => frame.add(v.expression)),
    factors: term.group.factors.map((expression) => frame.add(expression, true)),
  }));
  const weights = rowNumbers(options.weights ?? null, "weights", frame, evaluator, table.nrows);
  const extraOffset = rowNumbers(options.offset ?? null, "offset", frame, evaluator, table.nrows);
  const subset = subsetRows(options.subset ?? null, evaluator, table.nrows);

  const selection = selectRows(frame.all(), table.nrows, subset, options.naAction === "fail");
  const { rows, count } = selection;
  if (count === 0) throw noRows(table.nrows, selection.missing);

  // Then rows are taken, each variable once.
  const taken = new Map<string, RowValue>();
  const take = (variable: CheckedVariable): RowValue => {
    const key = variable.text;
    let value = taken.get(key);
    if (value === undefined) {
      value = takeRows(variable.value, rows);
      if (value.kind === "factor") value = { ...value, ...dropUnusedLevels(value) };
      checkFinite({ ...variable, value }, rows);
      taken.set(key, value);
    }
    return value;
  };
  const designVariables = (list: typeof model.fixed, checked: readonly (CheckedVariable | null)[]) => {
    const used = usedVariables(list.terms);
    return checked.map((variable, i): DesignVariable | null => {
      if (variable === null || !used.has(i)) return null;
      const value = take(variable);
      return { text: variable.text, value, contrasts: contrastsFor(variable.text, value, options) };
    });
  };
  const designSpan = <T>(span: Span | null, build: () => T): T => {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof FormulaError) || error.span !== null || span === null) throw error;
      const problem = error.hint === "" ? error.message : error.message.slice(0, -error.hint.length - 2);
      throw new FormulaError(error.code, problem, { value: error.value, hint: error.hint, span });
    }
  };

  const fixedMatrix = designSpan(formula.right.span, () =>
    buildModelMatrix(model.fixed, designVariables(model.fixed, fixed), count),
  );
  const groups = new Map<string, RandomTerm["group"]>();
  const randomTerms = model.random.map((term, t): RandomTerm => {
    const design = designSpan(term.span, () =>
      buildModelMatrix(term.design, designVariables(term.design, random[t].design), count, term.fullDummy),
    );
    let group = groups.get(term.group.name);
    if (group === undefined) {
      const factors = random[t].factors.map((variable) =>
        asFactor(take(variable) as Parameters<typeof asFactor>[0]),
      );
      group = groupingFactor(term.group.name, factors);
      groups.set(term.group.name, group);
    }
    return { label: term.label, group, design, structure: term.structure };
  });

  const weightValues = weights === null ? null : takeNumbers(numbersOf(weights), rows);
  if (weightValues !== null) checkWeights(weightValues, rows);
  const offsets = model.fixed.offsets.map((i) => fixed[i]).filter((v): v is CheckedVariable => v !== null);
  const offset = sumColumns(
    [...offsets, ...(extraOffset === null ? [] : [extraOffset])].map((v) =>
      numbersOf({ ...v, value: take(v) }),
    ),
    count,
  );

  return {
    formula,
    nobs: count,
    nrowsTable: table.nrows,
    rows,
    missing: selection.missing,
    response:
      response === null
        ? null
        : { name: response.text, values: numbersOf({ ...response, value: take(response) }) },
    fixed: fixedMatrix,
    random: randomTerms,
    weights: weightValues,
    offset,
    naAction: options.naAction ?? "omit",
    schema: frameSchema(formula, model, evaluator, taken, groups, options),
  };
}

/** The variables of a frame, each text evaluated once. */
class FrameVariables {
  private readonly byText = new Map<string, CheckedVariable>();
  constructor(
    private readonly evaluator: Evaluator,
    private readonly nrows: number,
  ) {}

  /** `grouping` variables become factors, under a key of their own. */
  add(expression: Expression, grouping = false): CheckedVariable {
    const bare = unwrapParens(expression);
    const text = printExpression(bare);
    const key = grouping ? `factor:${text}` : text;
    const known = this.byText.get(key);
    if (known !== undefined) return known;
    const value = requireRows(this.evaluator.evaluateNamed(bare, text), text, bare.span, this.nrows);
    let variable: CheckedVariable = { text, value, span: bare.span };
    if (grouping) {
      if (value.kind === "matrix") {
        throw new FormulaError("wrong-type", `invalid grouping factor: ${text} is ${describeValue(value)}`, {
          value: text,
          span: bare.span,
        });
      }
      if (value.kind === "numeric") checkFinite(variable, null);
      variable = { text: value.kind === "factor" ? text : key, value: asFactor(value), span: bare.span };
    }
    this.byText.set(key, variable);
    return variable;
  }

  addValues(text: string, values: Float64Array): CheckedVariable {
    const variable: CheckedVariable = { text, value: { kind: "numeric", values }, span: null };
    this.byText.set(`(${text})`, variable);
    return variable;
  }

  all(): CheckedVariable[] {
    // A column that is both a variable and a grouping factor is checked (and counted) once.
    return [...this.byText]
      .filter(([key]) => !key.startsWith("factor:") || !this.byText.has(key.slice(7)))
      .map(([, v]) => ({
        ...v,
        text: v.text.startsWith("factor:") ? v.text.slice(7) : v.text,
      }));
  }
}

function checkResponse(response: CheckedVariable): void {
  const { value, text, span } = response;
  if (value.kind === "numeric" || value.kind === "logical") return;
  if (value.kind === "matrix" && value.columns.length === 1) return;
  throw new FormulaError("non-numeric-response", `non-numeric response: ${text} is ${describeValue(value)}`, {
    value: text,
    hint:
      value.kind === "factor"
        ? `its first values are ${value.levels
            .slice(0, 3)
            .map((l) => JSON.stringify(l))
            .join(", ")}`
        : "the response is one column of numbers",
    span,
  });
}

function numbersOf(variable: CheckedVariable): Float64Array {
  const { value, text, span } = variable;
  if (value.kind === "numeric" || value.kind === "logical") return value.values;
  if (value.kind === "matrix" && value.columns.length === 1) return value.columns[0];
  throw new FormulaError("wrong-type", `non-numeric ${text}: ${describeValue(value)}`, {
    value: text,
    hint: "expected one column of numbers",
    span,
  });
}

function rowNumbers(
  given: RowNumbers | null,
  what: string,
  frame: FrameVariables,
  evaluator: Evaluator,
  nrows: number,
): CheckedVariable | null {
  if (given === null) return null;
  if (typeof given === "string") {
    const value = evaluateOption(given, what, evaluator, nrows);
    return frame.addValues(what, numbersOf({ text: what, value, span: null }));
  }
  if (given.length !== nrows) {
    throw new FormulaError("unequal-lengths", `unequal lengths: ${given.length} ${what} for ${nrows} rows`, {
      value: given.length,
    });
  }
  return frame.addValues(
    what,
    given instanceof Float64Array ? given : Float64Array.from(given, (v) => v ?? Number.NaN),
  );
}

/** Evaluates an option's expression; errors carry that expression's text, not the formula's. */
function evaluateOption(text: string, what: string, evaluator: Evaluator, nrows: number): RowValue {
  try {
    // A column's name as it is, even where it would need backticks.
    const expression: Expression = evaluator.table.names.includes(text)
      ? { kind: "name", name: text, span: { start: 0, end: text.length } }
      : parseExpression(text);
    return requireRows(evaluator.evaluate(expression), what, expression.span, nrows);
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, text);
    throw error;
  }
}

function subsetRows(
  given: ModelFrameOptions["subset"],
  evaluator: Evaluator,
  nrows: number,
): Float64Array | null {
  if (given === null || given === undefined) return null;
  if (typeof given === "string") {
    const value = evaluateOption(given, "subset", evaluator, nrows);
    if (value.kind === "logical") return value.values;
    throw new FormulaError("invalid-option", `invalid subset: ${describeValue(value)}`, {
      value: given,
      hint: 'a subset is a condition, like "age > 3"',
      span: { start: 0, end: given.length },
      text: given,
    });
  }
  if (given.length !== nrows) {
    throw new FormulaError(
      "unequal-lengths",
      `unequal lengths: subset of ${given.length} for ${nrows} rows`,
      {
        value: given.length,
      },
    );
  }
  return Float64Array.from(given as ArrayLike<number>, Number);
}

function checkWeights(weights: Float64Array, rows: Int32Array | null): void {
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] >= 0 && weights[i] < Number.POSITIVE_INFINITY) continue;
    const row = (rows === null ? i : rows[i]) + 1;
    const code = weights[i] < 0 ? "negative-weight" : "infinite-value";
    const word = weights[i] < 0 ? "negative" : "infinite";
    throw new FormulaError(code, `${word} weight: ${weights[i]} in row ${row}`, { value: weights[i] });
  }
}

function sumColumns(columns: readonly Float64Array[], count: number): Float64Array | null {
  if (columns.length === 0) return null;
  if (columns.length === 1) return columns[0];
  const out = new Float64Array(count);
  for (const column of columns) for (let i = 0; i < count; i++) out[i] += column[i];
  return out;
}

function contrastsFor(text: string, value: RowValue, options: ModelFrameOptions): ContrastSpec {
  const given = options.contrasts;
  if (given !== undefined && Object.hasOwn(given, text)) return given[text];
  if (value.kind !== "factor") return "treatment";
  if (value.contrasts !== undefined) return value.contrasts;
  return value.ordered
    ? (options.defaultContrasts?.ordered ?? "poly")
    : (options.defaultContrasts?.unordered ?? "treatment");
}

function noRows(nrows: number, missing: Record<string, number>): FormulaError {
  const named = Object.entries(missing)
    .map(([name, count]) => `${name} is missing in ${count}`)
    .join(", ");
  return new FormulaError(
    "no-rows",
    nrows === 0
      ? "empty table: no rows"
      : "no rows left: every row has a missing value or is outside the subset",
    {
      value: nrows,
      hint: named,
    },
  );
}

function frameSchema(
  formula: Formula,
  model: ParsedModel,
  evaluator: Evaluator,
  taken: ReadonlyMap<string, RowValue>,
  groups: ReadonlyMap<string, RandomTerm["group"]>,
  options: ModelFrameOptions,
): FrameSchema {
  void taken;
  void groups;
  void expandTerms;
  void printFormula;
  return {
    formula: formula.text,
    dotNames: model.dotNames,
    doubleBar: options.doubleBar ?? "diagonal",
    states: evaluator.learned(),
  };
}
