import type { ContrastSpec } from "../schema/contrasts";
import type { ColumnSchema, FactorSchema, FrameSchema, GroupSchema } from "../schema/frame-schema";
import type { Expression, Formula } from "../syntax/ast";
import { atSpan, FormulaError, withFormulaText } from "../syntax/formula-error";
import { nearestName } from "../syntax/nearest";
import { parseFormula } from "../syntax/parse";
import { printExpression } from "../syntax/print";
import type { TermList } from "../terms/expand";
import { type ParsedModel, parseModel } from "../terms/model-terms";
import type { FactorColumn } from "./column";
import { buildModelMatrix, type DesignVariable, usedVariables } from "./design";
import { Evaluator } from "./evaluate";
import type { ModelFrameOptions } from "./frame-options";
import { type FrameVariable, FrameVariables } from "./frame-variables";
import { functionTable } from "./functions/registry";
import { gridSummary } from "./grid-summary";
import { groupingFactor } from "./grouping";
import type { GroupingFactor, ModelFrame, ModelMatrix, RandomTerm } from "./model-frame";
import { addRowNumbers, checkWeights, subsetRows, sumColumns } from "./row-options";
import { selectRows } from "./rows";
import { openTable, type TableLike, type TableView } from "./table";
import { describeValue, type RowValue } from "./value";

/**
 * Sees a table through a formula: variables evaluated, rows with missing values taken out, model
 * matrices of the fixed effects and of each random-effects term built by columns.
 *
 * The table is not changed; columns that need no change are shared with it, so neither may be written to.
 * As in R, functions such as `poly` see all rows of the table; `subset` and missing values come after.
 *
 * Throws `FormulaError` with the place in the formula. Cost: O(rows · variables + nonzeros).
 */
export function modelFrame(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): ModelFrame {
  return frameParts(formula, table, options).frame;
}

/** A frame with what it was made from, for those who explain it. */
export interface FrameParts {
  readonly frame: ModelFrame;
  readonly model: ParsedModel;
  /** The variables of the designs on the rows used, by text. */
  readonly values: ReadonlyMap<string, RowValue>;
}

/** `modelFrame`, with the parts that it was made from. */
export function frameParts(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): FrameParts {
  const parsed = typeof formula === "string" ? parseFormula(formula) : formula;
  try {
    return buildFrame(parsed, openTable(table), options);
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, parsed.text);
    throw error;
  }
}

/**
 * The model matrix of a formula's fixed effects, as R's `model.matrix` on the model frame.
 * Parameters, failure and cost are those of `modelFrame`.
 */
export function modelMatrix(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): ModelMatrix {
  return modelFrame(formula, table, options).fixed;
}

function buildFrame(formula: Formula, table: TableView, options: ModelFrameOptions): FrameParts {
  const { nrows } = table;
  const evaluator = new Evaluator(table, functionTable(options.functions));
  const frame = new FrameVariables(evaluator, nrows);
  const doubleBar = options.doubleBar ?? "diagonal";
  const isFactor = (expression: Expression) => {
    const { kind } = evaluator.evaluateNamed(expression, printExpression(expression));
    return kind === "factor" || kind === "logical";
  };
  const structures = Object.keys(options.structures ?? {});
  const model = parseModel(formula, table.names, doubleBar, isFactor, structures);

  checkContrastNames(options, model, table);

  // Everything is evaluated on all rows first, in R's order.
  const response = model.response === null ? null : frame.add(model.response);
  if (response !== null) checkResponse(response);
  const fixed = model.fixed.variables.map((v) => frame.add(v.expression));
  const random = model.random.map((term) => ({
    design: term.design.variables.map((v) => frame.add(v.expression)),
    factors: term.group.factors.map((expression) => frame.addGroup(expression)),
  }));
  const weights = addRowNumbers(options.weights, "weights", frame, nrows);
  const extraOffset = addRowNumbers(options.offset, "offset", frame, nrows);
  const subset = subsetRows(options.subset, evaluator, nrows);

  const { rows, count, missing } = selectRows(frame.all(), nrows, subset, options.naAction === "fail");
  if (count === 0) throw noRows(nrows, missing);

  const factors: Record<string, FactorSchema> = Object.create(null);
  const values = new Map<string, RowValue>();
  const design = (list: TermList, variables: readonly FrameVariable[]): (DesignVariable | null)[] => {
    const used = usedVariables(list.terms);
    return variables.map((variable, i) => {
      if (!used.has(i)) return null;
      const value = frame.take(variable, rows, true);
      values.set(variable.text, value);
      const contrasts = contrastsFor(variable.text, value, options);
      if (value.kind === "factor") factors[variable.text] = { levels: value.levels, contrasts };
      return { text: variable.text, value, contrasts, span: variable.span };
    });
  };
  const fixedMatrix = atSpan(formula.right.span, () =>
    buildModelMatrix(model.fixed, design(model.fixed, fixed), count),
  );
  const groups = new Map<string, { factor: GroupingFactor; schema: GroupSchema }>();
  const randomTerms = model.random.map((term, t): RandomTerm => {
    const matrix = atSpan(term.span, () =>
      buildModelMatrix(term.design, design(term.design, random[t].design), count, term.fullDummy),
    );
    let group = groups.get(term.group.name);
    if (group === undefined) {
      const parts = random[t].factors.map((variable) => frame.takeFactor(variable, rows, true));
      const made = groupingFactor(term.group.name, parts);
      group = { factor: made.group, schema: groupSchema(random[t].factors, parts, made) };
      groups.set(term.group.name, group);
    }
    return { label: term.label, group: group.factor, design: matrix, structure: term.structure };
  });

  const weightValues = weights === null ? null : frame.takeNumbers(weights, rows);
  if (weightValues !== null) checkWeights(weightValues, rows);
  const offsets = model.fixed.offsets.map((i) => fixed[i]);
  if (extraOffset !== null) offsets.push(extraOffset);

  const extra = extraOffset === null ? null : frame.takeNumbers(extraOffset, rows);
  const grid = gridSummary(model.fixed, evaluator.usedColumns, rows, count, weightValues, extra);
  const built: ModelFrame = {
    formula,
    nobs: count,
    nrowsTable: nrows,
    rows,
    missing,
    response: response === null ? null : { name: response.text, values: frame.takeNumbers(response, rows) },
    fixed: fixedMatrix,
    random: randomTerms,
    weights: weightValues,
    offset: sumColumns(offsets.map((variable) => frame.takeNumbers(variable, rows))),
    naAction: options.naAction ?? "omit",
    schema: { ...frameSchema(formula, model, evaluator, factors, groups, options), grid },
  };
  return { frame: built, model, values };
}

function checkResponse(response: FrameVariable): void {
  const { value, text, span } = response;
  if (value.kind === "numeric" || value.kind === "logical") return;
  if (value.kind === "matrix" && value.columns.length === 1) return;
  const first =
    value.kind === "factor"
      ? value.levels
          .slice(0, 3)
          .map((level) => JSON.stringify(level))
          .join(", ")
      : null;
  throw new FormulaError("non-numeric-response", `non-numeric response: ${text} is ${describeValue(value)}`, {
    value: text,
    hint: first === null ? "the response is one column of numbers" : `it has levels ${first}`,
    span,
  });
}

/** Contrasts may be given for columns that the formula does not use, but not for what is not there at all. */
function checkContrastNames(options: ModelFrameOptions, model: ParsedModel, table: TableView): void {
  const given = Object.keys(options.contrasts ?? {});
  if (given.length === 0) return;
  const lists = [model.fixed, ...model.random.map((term) => term.design)];
  const known = new Set([...table.names, ...lists.flatMap((list) => list.variables.map((v) => v.text))]);
  for (const name of given) {
    if (known.has(name)) continue;
    const near = nearestName(name, known);
    throw new FormulaError("unknown-column", `unknown column: ${JSON.stringify(name)} in contrasts`, {
      value: name,
      hint: near === null ? "" : `did you mean ${JSON.stringify(near)}?`,
    });
  }
}

function contrastsFor(text: string, value: RowValue, options: ModelFrameOptions): ContrastSpec {
  const { contrasts, defaultContrasts } = options;
  if (contrasts !== undefined && Object.hasOwn(contrasts, text)) {
    if (value.kind === "factor" || value.kind === "logical") return contrasts[text];
    throw new FormulaError("invalid-contrast", `contrasts of numbers: ${text} is ${describeValue(value)}`, {
      value: text,
      hint: `only factors have contrasts; factor(${text}) makes one`,
    });
  }
  if (value.kind !== "factor") return "treatment";
  if (value.contrasts !== undefined) return value.contrasts;
  return value.ordered ? (defaultContrasts?.ordered ?? "poly") : (defaultContrasts?.unordered ?? "treatment");
}

function noRows(nrows: number, missing: Readonly<Record<string, number>>): FormulaError {
  const named = Object.entries(missing).map(([name, count]) => `${name} is missing in ${count}`);
  const problem =
    nrows === 0 ? "empty table: no rows" : "no rows left: each has a missing value or is outside the subset";
  return new FormulaError("no-rows", problem, { value: nrows, hint: named.slice(0, 5).join(", ") });
}

function groupSchema(
  variables: readonly FrameVariable[],
  factors: readonly FactorColumn[],
  made: { readonly group: GroupingFactor; readonly members: Int32Array },
): GroupSchema {
  return {
    factors: factors.map((factor, k) => ({ text: variables[k].text, levels: factor.levels })),
    levels: made.group.levels,
    members: Array.from(made.members),
  };
}

function frameSchema(
  formula: Formula,
  model: ParsedModel,
  evaluator: Evaluator,
  factors: Record<string, FactorSchema>,
  groups: ReadonlyMap<string, { readonly schema: GroupSchema }>,
  options: ModelFrameOptions,
): FrameSchema {
  const columns = [...evaluator.usedColumns].map(([name, column]): [string, ColumnSchema] => [
    name,
    column.kind === "factor"
      ? { kind: "factor", levels: column.levels, ordered: column.ordered }
      : { kind: column.kind },
  ]);
  return {
    version: 1,
    formula: formula.text,
    dotNames: model.dotNames,
    doubleBar: options.doubleBar ?? "diagonal",
    ...(options.structures === undefined ? {} : { structures: Object.keys(options.structures) }),
    offset: typeof options.offset === "string" ? options.offset : null,
    columns: Object.fromEntries(columns),
    states: evaluator.learned(),
    factors: { ...factors },
    groups: Object.fromEntries([...groups].map(([name, { schema }]) => [name, schema])),
  };
}
