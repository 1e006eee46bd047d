import { type ModelMatrix, modelMatrix } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { InferenceError } from "./inference-error";

/** A factor of the fixed effects and the columns that its contrasts give each level. */
export interface FixedFactor {
  readonly levels: readonly string[];
  /** By rows, one per level. */
  readonly coding: readonly (readonly number[])[];
}

/** A variable within a term: a factor with its coding there, or one or more numeric columns. */
export interface TermVariable {
  readonly name: string;
  readonly factor: FixedFactor | null;
  /** True when a factor has one column per level here. */
  readonly indicator: boolean;
  /** Columns that the variable contributes. */
  readonly width: number;
}

/** One term of the fixed effects. */
export interface FixedTerm {
  readonly label: string;
  readonly variables: readonly TermVariable[];
  /** First column among all columns of X, dropped ones too; the first variable varies fastest. */
  readonly start: number;
  readonly width: number;
}

/** Terms of the fixed effects, the intercept (no variables) among them when there is one. */
export function fixedTerms(model: LinearMixedModel): FixedTerm[] {
  const { fixed, schema } = model.frame;
  const factors = new Map<string, FixedFactor>();
  for (const [name, { levels, contrasts }] of Object.entries(schema.factors)) {
    factors.set(name, { levels, coding: codingOf(levels, contrasts) });
  }
  // Logical variables are factors with the levels FALSE and TRUE.
  const logical: FixedFactor = { levels: ["FALSE", "TRUE"], coding: [[0], [1]] };
  for (const name of Object.keys(fixed.contrasts)) if (!factors.has(name)) factors.set(name, logical);
  for (const [name, { kind }] of Object.entries(schema.columns)) {
    if (kind === "logical" && !factors.has(name)) factors.set(name, logical);
  }
  const labels = fixed.assign.includes(0) ? ["", ...fixed.termLabels] : fixed.termLabels;
  const sets = labels.map((label) => (label === "" ? [] : labelVariables(label)));
  const codings = codedFixedTerms(
    sets.map((names) => ({ variables: names.map((name) => ({ name, factor: factors.get(name) ?? null })) })),
  );
  return labels.map((label, t) => {
    const number = label === "" ? 0 : fixed.termLabels.indexOf(label) + 1;
    const start = fixed.assign.indexOf(number);
    const width = fixed.assign.reduce((sum, a) => sum + (a === number ? 1 : 0), 0);
    return { label, start, width, variables: variablesOf(sets[t], factors, codings[t], width, label) };
  });
}

/** `fixedTerms`; null when the columns of some term are not explained by its variables. */
export function knownFixedTerms(model: LinearMixedModel): FixedTerm[] | null {
  try {
    return fixedTerms(model);
  } catch (error) {
    if (error instanceof InferenceError && error.code === "unsupported-design") return null;
    throw error;
  }
}

/** The terms that are coded otherwise once the one with a label is gone. */
export function recodedWithout(terms: readonly FixedTerm[], label: string): FixedTerm[] {
  const rest = terms.filter((term) => term.label !== label);
  const coded = codedFixedTerms(rest);
  return rest.filter(({ variables }, t) => variables.some(({ indicator }, v) => indicator !== coded[t][v]));
}

/**
 * For each variable of each term, whether it is a factor with an indicator of every level there: where what the term
 * has without it lies within no earlier term, and for the first factor of a model without an intercept.
 *
 * @param terms in the order of X, the intercept (no variables) first where there is one
 * Source: Chambers & Hastie (1992), Statistical Models in S, §2.4.1; R's rule, which `@lmmkit/formula` follows.
 */
export function codedFixedTerms(
  terms: readonly { readonly variables: readonly Pick<TermVariable, "name" | "factor">[] }[],
): boolean[][] {
  let first = !terms.some(({ variables }) => variables.length === 0);
  return terms.map(({ variables }, t) =>
    variables.map(({ name, factor }) => {
      if (factor === null) return false;
      if (first) {
        first = false;
        return true;
      }
      const rest = variables.filter((other) => other.name !== name);
      if (rest.length === 0) return false;
      return !terms
        .slice(0, t)
        .some((earlier) => rest.every((own) => earlier.variables.some((other) => other.name === own.name)));
    }),
  );
}

/**
 * Whether a term contains another: all its variables and at least one factor more, with the same numeric
 * variables.
 */
export function contains(outer: FixedTerm, inner: FixedTerm): boolean {
  const names = new Set(outer.variables.map(({ name }) => name));
  if (inner.variables.length === 0 || outer.variables.length <= inner.variables.length) return false;
  if (!inner.variables.every(({ name }) => names.has(name))) return false;
  const numeric = (term: FixedTerm) => term.variables.filter(({ factor }) => factor === null).length;
  return numeric(outer) === numeric(inner);
}

function variablesOf(
  names: readonly string[],
  factors: ReadonlyMap<string, FixedFactor>,
  coding: readonly boolean[],
  width: number,
  label: string,
): TermVariable[] {
  const variables: TermVariable[] = [];
  let numericWidth = width;
  for (const [v, name] of names.entries()) {
    const factor = factors.get(name) ?? null;
    const indicator = coding[v];
    const own = factor === null ? 1 : indicator ? factor.levels.length : factor.coding[0].length;
    if (factor !== null) numericWidth /= own;
    variables.push({ name, factor, indicator, width: own });
  }
  const numeric = variables.filter(({ factor }) => factor === null);
  // Several columns of one numeric variable, as poly makes, are told from the width of the term.
  if (numeric.length === 1 && Number.isInteger(numericWidth)) {
    return variables.map((v) => (v.factor === null ? { ...v, width: numericWidth } : v));
  }
  if (numericWidth !== 1) {
    throw new InferenceError(
      "unsupported-design",
      `unsupported term: ${label} has ${width} columns that its variables do not explain`,
      label,
      "test contrasts of your own, or type I or II",
    );
  }
  return variables;
}

/** The contrasts of a factor: its model matrix without the intercept. */
function codingOf(levels: readonly string[], contrasts: unknown): number[][] {
  const codes = Int32Array.from(levels, (_, i) => i);
  const matrix = modelMatrix(
    "~ f",
    { f: { kind: "factor", levels, codes, ordered: false } } as Parameters<typeof modelMatrix>[1],
    { contrasts: { f: contrasts } } as Parameters<typeof modelMatrix>[2],
  );
  return levels.map((_, row) => matrix.columns.slice(1).map((column) => entry(column, row)));
}

function entry(column: ModelMatrix["columns"][number], row: number): number {
  if (column.kind === "constant") return column.value;
  if (column.kind === "dense") return column.values[row];
  const at = column.rows.indexOf(row);
  return at < 0 ? 0 : column.values[at];
}

/** The variables of a label: its parts between colons outside of parentheses, brackets and quotes. */
export function labelVariables(label: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let i = 0; i < label.length; i++) {
    const c = label[i];
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === "`" || c === '"' || c === "'") quote = c;
    else if (c === "(" || c === "[") depth++;
    else if (c === ")" || c === "]") depth--;
    else if (c === ":" && depth === 0) {
      parts.push(label.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(label.slice(from));
  return parts;
}
