import type { ColumnSchema, FrameSchema, GroupSchema } from "../schema/frame-schema";
import type { Expression } from "../syntax/ast";
import { atSpan, FormulaError, withFormulaText } from "../syntax/formula-error";
import { parseFormula } from "../syntax/parse";
import { printExpression } from "../syntax/print";
import type { Span } from "../syntax/span";
import type { TermList } from "../terms/expand";
import { namesIn, parseModel } from "../terms/model-terms";
import { type Column, columnLength, type FactorColumn } from "./column";
import { buildModelMatrix, type DesignVariable, usedVariables } from "./design";
import { Evaluator } from "./evaluate";
import { asFactor } from "./factor-column";
import type { ApplyFrameOptions } from "./frame-options";
import { type FrameVariable, FrameVariables } from "./frame-variables";
import { functionTable } from "./functions/registry";
import { GroupLookup } from "./group-lookup";
import type { ModelMatrix, RandomTerm } from "./model-frame";
import { addRowNumbers, checkWeights, sumColumns } from "./row-options";
import { selectRows } from "./rows";
import { openTable, type TableLike, type TableView } from "./table";

/** New rows seen through a frame's schema. */
export interface AppliedFrame {
  readonly nobs: number;
  readonly nrowsTable: number;
  /** Positions in the table of the kept rows; null when every row was kept. */
  readonly rows: Int32Array | null;
  readonly missing: Readonly<Record<string, number>>;
  /** The columns of the fitted frame's matrix, on the new rows. */
  readonly fixed: ModelMatrix;
  /** The terms asked for, in the frame's order. */
  readonly random: readonly AppliedRandomTerm[];
  /** null unless asked for. */
  readonly response: { readonly name: string; readonly values: Float64Array } | null;
  readonly weights: Float64Array | null;
  readonly offset: Float64Array | null;
}

/** A random-effects term on new rows: its group has the fitted levels, and a new level has code −1 or a number. */
export interface AppliedRandomTerm extends RandomTerm {
  /** Position of the term among those of the fitted frame. */
  readonly position: number;
  /** With `newGroups: "number"` the new levels as they came; the i-th has code `group.levels.length + i`. */
  readonly newLevels: readonly string[];
}

/**
 * Builds the designs of a fitted frame on new rows, with the contrasts, levels and bases (`poly`, `ns`, `scale`, …)
 * that it learned. A single row gives what it gives among many.
 *
 * `schema` is `frame.schema`, or its JSON read back. The response need not be in the table.
 * Throws `FormulaError`; new levels are errors unless allowed. Cost: O(rows · variables + levels).
 */
export function applyFrame(
  schema: FrameSchema,
  table: TableLike,
  options: ApplyFrameOptions = {},
): AppliedFrame {
  return frameApplier(schema)(table, options);
}

/** `applyFrame` with the schema prepared once, for many small tables. */
export function frameApplier(
  schema: FrameSchema,
): (table: TableLike, options?: ApplyFrameOptions) => AppliedFrame {
  if (schema.version !== 1) {
    throw new FormulaError("invalid-option", `unknown schema version: ${String(schema.version)}`, {
      value: schema.version,
      hint: "it was made by another release",
    });
  }
  const formula = parseFormula(schema.formula);
  const applier = new Applier(schema);
  return (table, options = {}) => {
    try {
      return applier.apply(openTable(table), options);
    } catch (error) {
      if (error instanceof FormulaError) throw withFormulaText(error, formula.text);
      throw error;
    }
  };
}

class Applier {
  private readonly formula;
  private readonly positions = new Map<readonly string[], Map<string, number>>();
  private readonly lookups = new Map<GroupSchema, GroupLookup>();

  constructor(private readonly schema: FrameSchema) {
    this.formula = parseFormula(schema.formula);
  }

  apply(table: TableView, options: ApplyFrameOptions): AppliedFrame {
    const { schema, formula } = this;
    const { nrows } = table;
    const unseen = new Map<string, Uint8Array>();
    const evaluator = new Evaluator(
      table,
      functionTable(options.functions),
      schema.states,
      (name, column, node) => this.coerce(name, column, node.span, unseen),
    );
    const frame = new FrameVariables(evaluator, nrows);
    const names = [...schema.dotNames, ...(formula.left === null ? [] : namesIn(formula.left))];
    const isFactor = (expression: Expression) => {
      if (options.random === false) return false;
      const text = printExpression(expression);
      if (Object.hasOwn(schema.factors, text)) return true;
      // What the fitted table said spares the new one columns of terms that are not asked for.
      if (expression.kind === "name" && Object.hasOwn(schema.columns, expression.name)) {
        return schema.columns[expression.name].kind === "logical";
      }
      const { kind } = evaluator.evaluateNamed(expression, text);
      return kind === "factor" || kind === "logical";
    };
    const model = parseModel(formula, names, schema.doubleBar, isFactor, schema.structures);

    const newRows = (variable: FrameVariable) => rowsUnseen(variable, unseen);
    const response = options.response && model.response !== null ? frame.add(model.response) : null;
    const prepare = (list: TermList) => {
      const used = usedVariables(list.terms);
      return list.variables.map((v, i) => {
        if (!used.has(i) && !list.offsets.includes(i)) return null;
        return this.known(frame.add(v.expression), options.newLevels ?? "error", newRows);
      });
    };
    const fixed = prepare(model.fixed);
    const wanted = options.random ?? true;
    const positions =
      typeof wanted === "boolean" ? model.random.flatMap((_, t) => (wanted ? [t] : [])) : wanted;
    const terms = positions.map((t) => model.random[t]);
    const random = terms.map((term) => ({
      design: prepare(term.design),
      factors: term.group.factors.map((expression) => frame.addGroup(expression)),
    }));
    const weights = addRowNumbers(options.weights, "weights", frame, nrows);
    const extraOffset = addRowNumbers(
      options.offset === undefined ? schema.offset : options.offset,
      "offset",
      frame,
      nrows,
    );

    // Rows with a level not seen before are missing, zero or an error by now; groups are matched below.
    const checked = [...fixed, ...random.flatMap((r) => r.design)].flatMap((known) =>
      known === null ? [] : [known.checked],
    );
    const groupRows = random
      .flatMap((r) => r.factors)
      .map((variable) => missingGroups(variable, newRows(variable)));
    const others = [response, weights, extraOffset].filter((v): v is FrameVariable => v !== null);
    const unique = new Map([...checked, ...others, ...groupRows].map((v) => [v.key, v]));
    const { rows, count, missing } = selectRows(
      [...unique.values()],
      nrows,
      null,
      options.naAction === "fail",
    );

    const design = (known: readonly (KnownVariable | null)[]): (DesignVariable | null)[] =>
      known.map((v) => {
        if (v === null) return null;
        const value = frame.take({ ...v.variable, value: v.value }, rows, false);
        const contrasts = schema.factors[v.variable.text]?.contrasts ?? "treatment";
        return { text: v.variable.text, value, contrasts, span: v.variable.span };
      });
    return {
      nobs: count,
      nrowsTable: nrows,
      rows,
      missing,
      fixed: atSpan(formula.right.span, () => buildModelMatrix(model.fixed, design(fixed), count)),
      random: terms.map((term, t) => {
        const groupSchema = schema.groups[term.group.name];
        const { codes, newLevels } = this.groupCodes(
          groupSchema,
          random[t].factors.map((variable) => frame.takeFactor(variable, rows, false)),
          options.newGroups ?? "error",
          { name: term.group.name, span: term.span, rows },
        );
        return {
          position: positions[t],
          label: term.label,
          structure: term.structure,
          design: atSpan(term.span, () =>
            buildModelMatrix(term.design, design(random[t].design), count, term.fullDummy),
          ),
          group: { name: term.group.name, levels: groupSchema.levels, codes },
          newLevels,
        };
      }),
      response: response === null ? null : { name: response.text, values: frame.takeNumbers(response, rows) },
      weights: weights === null ? null : checkedWeights(frame.takeNumbers(weights, rows), rows),
      offset: sumColumns(
        [
          ...model.fixed.offsets.map((i) => fixed[i]!.variable),
          ...(extraOffset === null ? [] : [extraOffset]),
        ].map((variable) => frame.takeNumbers(variable, rows)),
      ),
    };
  }

  /** Brings a new column to the kind and levels of the fitted one; marks the rows with other levels. */
  private coerce(name: string, column: Column, span: Span, unseen: Map<string, Uint8Array>): Column {
    const wanted: ColumnSchema | undefined = Object.hasOwn(this.schema.columns, name)
      ? this.schema.columns[name]
      : undefined;
    if (wanted === undefined || (wanted.kind === column.kind && wanted.kind !== "factor")) return column;
    if (wanted.kind !== "factor") {
      if (column.kind !== "factor") return { kind: wanted.kind, values: column.values };
      if (column.codes.every((code) => code < 0)) {
        return { kind: wanted.kind, values: new Float64Array(column.codes.length).fill(Number.NaN) };
      }
      throw new FormulaError(
        "wrong-type",
        `changed type: ${JSON.stringify(name)} was ${wanted.kind}, now it is text`,
        {
          value: name,
          span,
        },
      );
    }
    const factor = asFactor(column);
    const codes = this.recode(factor, wanted.levels);
    const mask = new Uint8Array(columnLength(column));
    let any = false;
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] >= 0 || factor.codes[i] < 0) continue;
      mask[i] = 1;
      any = true;
    }
    if (!any) return { kind: "factor", levels: wanted.levels, codes, ordered: wanted.ordered };
    unseen.set(name, mask);
    // New levels come after the fitted ones, so that messages and grouping can name them.
    const added = factor.levels.filter((level) => !this.positionsOf(wanted.levels).has(level));
    const levels = [...wanted.levels, ...added];
    return { kind: "factor", levels, codes: recodeBy(factor, positionMap(levels)), ordered: wanted.ordered };
  }

  private positionsOf(levels: readonly string[]): Map<string, number> {
    let map = this.positions.get(levels);
    if (map === undefined) {
      map = positionMap(levels);
      this.positions.set(levels, map);
    }
    return map;
  }

  private recode(factor: FactorColumn, levels: readonly string[]): Int32Array {
    return recodeBy(factor, this.positionsOf(levels));
  }

  /** A design variable with the fitted levels, its new levels dealt with. */
  private known(
    variable: FrameVariable,
    newLevels: "error" | "zero" | "missing",
    newRows: (variable: FrameVariable) => Uint8Array | null,
  ): KnownVariable {
    const { value, text, span } = variable;
    const mask = newRows(variable);
    if (value.kind !== "factor") {
      // A condition on a new level is simply false; numbers made of one mean nothing.
      const row = mask === null || value.kind === "logical" ? -1 : mask.indexOf(1);
      if (row < 0) return { variable, value, checked: variable };
      throw new FormulaError("unknown-level", `unknown level: in row ${row + 1}, under ${text}`, {
        value: row,
        span,
      });
    }
    const { levels } = this.schema.factors[text] ?? value;
    const codes = this.recode(value, levels);
    const absent = new Int32Array(codes.length);
    for (let i = 0; i < codes.length; i++) {
      const isNew = codes[i] < 0 && (value.codes[i] >= 0 || mask?.[i] === 1);
      if (isNew && newLevels === "error") {
        const level = value.codes[i] >= 0 ? value.levels[value.codes[i]] : "(new)";
        throw new FormulaError(
          "unknown-level",
          `unknown level: ${JSON.stringify(level)} of ${text} in row ${i + 1}`,
          {
            value: level,
            hint: `the model knows ${levels.slice(0, 8).join(", ")}${levels.length > 8 ? ", …" : ""}`,
            span,
          },
        );
      }
      absent[i] = codes[i] >= 0 || (isNew && newLevels === "zero") ? 0 : -1;
    }
    const known = { ...value, levels, codes };
    return { variable, value: known, checked: { ...variable, value: { ...known, codes: absent } } };
  }

  private groupCodes(
    group: GroupSchema,
    factors: readonly FactorColumn[],
    newGroups: "error" | "allow" | "number",
    place: { readonly name: string; readonly span: Span; readonly rows: Int32Array | null },
  ): { codes: Int32Array; newLevels: string[] } {
    const parts = factors.map((factor, k) => this.recode(factor, group.factors[k].levels));
    let codes = parts[0];
    if (parts.length > 1) {
      let lookup = this.lookups.get(group);
      if (lookup === undefined) {
        lookup = new GroupLookup(group);
        this.lookups.set(group, lookup);
      }
      codes = lookup.codes(parts);
    }
    if (newGroups === "allow") return { codes, newLevels: [] };
    const i = codes.indexOf(-1);
    if (i < 0) return { codes, newLevels: [] };
    const labelOf = (row: number) =>
      factors.map((factor) => factor.levels[factor.codes[row]] ?? "").join(":");
    if (newGroups === "number") return numbered(codes, group.levels.length, labelOf);
    const level = labelOf(i);
    const row = (place.rows === null ? i : place.rows[i]) + 1;
    throw new FormulaError(
      "unknown-level",
      `unknown level: ${JSON.stringify(level)} of ${place.name} in row ${row}`,
      {
        value: level,
        hint: "allow new groups to predict without their random effects",
        span: place.span,
      },
    );
  }
}

interface KnownVariable {
  readonly variable: FrameVariable;
  readonly value: FrameVariable["value"];
  /** The variable with −1 only where its row is to be left out. */
  readonly checked: FrameVariable;
}

/** Codes in which each new level, −1 before, has a number of its own. */
function numbered(
  codes: Int32Array,
  nlevels: number,
  labelOf: (row: number) => string,
): { codes: Int32Array; newLevels: string[] } {
  const places = new Map<string, number>();
  const out = codes.map((code, row) => {
    if (code >= 0) return code;
    const label = labelOf(row);
    const place = places.get(label) ?? places.size;
    places.set(label, place);
    return nlevels + place;
  });
  return { codes: out, newLevels: [...places.keys()] };
}

function positionMap(levels: readonly string[]): Map<string, number> {
  return new Map(levels.map((level, i) => [level, i]));
}

function recodeBy(factor: FactorColumn, positions: ReadonlyMap<string, number>): Int32Array {
  const map = Int32Array.from(factor.levels, (level) => positions.get(level) ?? -1);
  const codes = new Int32Array(factor.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = factor.codes[i] < 0 ? -1 : map[factor.codes[i]];
  return codes;
}

/** The rows in which a column that the variable reads has a level not seen before; null for none. */
function rowsUnseen(variable: FrameVariable, unseen: ReadonlyMap<string, Uint8Array>): Uint8Array | null {
  if (unseen.size === 0 || variable.expression === null) return null;
  let out: Uint8Array | null = null;
  for (const name of namesIn(variable.expression)) {
    const mask = unseen.get(name);
    if (mask === undefined) continue;
    out = out === null ? mask.slice() : out.map((v, i) => v | mask[i]);
  }
  return out;
}

/** For the missing-value check: a grouping factor is missing where it has no level, not where the level is new. */
function missingGroups(variable: FrameVariable, fresh: Uint8Array | null): FrameVariable {
  const { value } = variable;
  if (value.kind !== "factor" || fresh === null) return variable;
  return {
    ...variable,
    value: { ...value, codes: value.codes.map((code, i) => (fresh[i] === 1 ? 0 : code)) },
  };
}

function checkedWeights(weights: Float64Array, rows: Int32Array | null): Float64Array {
  checkWeights(weights, rows);
  return weights;
}
