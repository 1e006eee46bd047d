import {
  type Formula,
  type ModelColumn,
  type ModelFrame,
  type ModelMatrix,
  parseFormula,
  printFormula,
  type RandomTerm,
  simplifyFormula,
} from "@lmmkit/formula";
import { structuresOf } from "../bootstrap/structures-of";
import { buildDesign } from "../design/design";
import { criterionAt } from "../fit/criterion";
import { fitFrame } from "../fit/fit-frame";
import type { Method } from "../fit/options";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { knownFixedTerms, labelVariables, recodedWithout } from "./fixed-terms";
import { indicatorCoding } from "./indicator-coding";
import { InferenceError } from "./inference-error";

/** Numbers that columns coded anew may take up (800 MB). */
const MOST_NUMBERS = 1e8;

/**
 * Labels of the fixed terms that may be taken out alone: those whose variables are not all in another term
 * (marginality; Nelder 1977, J. R. Stat. Soc. A 140).
 */
export function droppableTerms({ frame }: Pick<LinearMixedModel, "frame">): string[] {
  const labels = frame.fixed.termLabels;
  const sets = labels.map((label) => new Set(labelVariables(label)));
  return labels.filter((_, t) =>
    sets.every((other, u) => u === t || ![...sets[t]].every((name) => other.has(name))),
  );
}

/**
 * The model frame without one fixed term: the same rows, the columns of the others.
 *
 * Where the term's absence changes how another factor is coded (without an intercept), that factor gets an indicator
 * of every level, as the formula without the term would have it.
 *
 * @throws InferenceError `unknown-term`, `marginal-term`
 */
export function withoutFixedTerm(model: LinearMixedModel, label: string): ModelFrame {
  const { frame } = model;
  const { fixed } = frame;
  const number = checkDroppable(model, label);
  const labels = fixed.termLabels.filter((other) => other !== label);
  const recoded = recodedColumns(model, label);
  const names: string[] = [];
  const columns: ModelColumn[] = [];
  const assign: number[] = [];
  const add = (name: string, column: ModelColumn, position: number) => {
    names.push(name);
    columns.push(column);
    assign.push(position);
  };
  let last = -1;
  fixed.columns.forEach((column, j) => {
    const own = fixed.assign[j];
    if (own === number) return;
    const position = own > number ? own - 1 : own;
    const anew = recoded.get(own);
    if (anew === undefined) add(fixed.names[j], column, position);
    else if (last !== own) for (const made of anew) add(made.name, made.column, position);
    last = own;
  });
  const matrix: ModelMatrix = {
    ...fixed,
    names,
    columns,
    assign: Int32Array.from(assign),
    termLabels: labels,
  };
  return withFormula({ ...frame, fixed: matrix }, frame.random);
}

/** The number of a term among those of X, counted from 1; an error when it may not go alone. */
export function checkDroppable(model: LinearMixedModel, label: string): number {
  const labels = model.frame.fixed.termLabels;
  const at = labels.indexOf(label);
  if (at < 0) {
    throw new InferenceError(
      "unknown-term",
      `unknown term: ${JSON.stringify(label)}`,
      label,
      labels.length === 0
        ? "there are no fixed terms but the intercept"
        : `the terms are ${labels.join(", ")}`,
    );
  }
  if (!droppableTerms(model).includes(label)) {
    throw new InferenceError(
      "marginal-term",
      `marginal term: ${label} is part of another term`,
      label,
      "take out the larger term first",
    );
  }
  return at + 1;
}

/** By number of the term, the columns of terms that are coded otherwise once `label` is gone. */
function recodedColumns(
  model: LinearMixedModel,
  label: string,
): ReadonlyMap<number, { readonly name: string; readonly column: ModelColumn }[]> {
  const out = new Map<number, { name: string; column: ModelColumn }[]>();
  const { frame } = model;
  const terms = knownFixedTerms(model);
  const changed = terms === null ? [] : recodedWithout(terms, label);
  if (terms === null || changed.length === 0) return out;
  const all = indicatorCoding(model, terms);
  const p = model.beta.length;
  for (const term of changed) {
    const { start, end } = all.columns[terms.indexOf(term)];
    if ((end - start) * frame.nobs > MOST_NUMBERS) {
      throw new InferenceError(
        "too-large",
        `too large term: ${term.label} without ${label} would be coded anew in ${end - start} columns`,
        term.label,
        "fit the smaller model with its own formula",
      );
    }
    const kept = term.variables.map(({ factor, width }) => (factor === null ? width : factor.levels.length));
    const made = Array.from({ length: end - start }, (_, c) => {
      const values = new Float64Array(frame.nobs);
      for (let j = 0; j < p; j++) {
        addColumn(frame.fixed.columns[model.design.fixedColumns[j]], all.matrix[(start + c) * p + j], values);
      }
      let at = c;
      const name = term.variables.map(({ name: own, factor }, v) => {
        const level = at % kept[v];
        at = Math.floor(at / kept[v]);
        return factor === null ? own : `${own}${factor.levels[level]}`;
      });
      return { name: name.join(":"), column: { kind: "dense", values } satisfies ModelColumn };
    });
    out.set(frame.fixed.termLabels.indexOf(term.label) + 1, made);
  }
  return out;
}

function addColumn(column: ModelColumn, factor: number, outValues: Float64Array): void {
  if (factor === 0) return;
  if (column.kind === "constant")
    for (let r = 0; r < outValues.length; r++) outValues[r] += factor * column.value;
  else if (column.kind === "dense") {
    for (let r = 0; r < outValues.length; r++) outValues[r] += factor * column.values[r];
  } else {
    for (let i = 0; i < column.rows.length; i++) outValues[column.rows[i]] += factor * column.values[i];
  }
}

/** One random-effects term made smaller. */
export interface RandomReduction {
  /** What is taken away, as lmerTest writes it: `Days in (Days | Subject)`, `(1 | Subject)`. */
  readonly term: string;
  /** The random terms that are left. */
  readonly random: readonly RandomTerm[];
}

/**
 * Single-term deletions from the random effects: of a term with several terms in its design, each that is not part
 * of another goes alone, leaving the others and the intercept; `(f | g)` and `(0 + f | g)` with a factor f become
 * `(1 | g)`; other terms go altogether.
 *
 * @param reduce false: whole terms only
 */
export function randomReductions(frame: ModelFrame, reduce = true): RandomReduction[] {
  return frame.random.flatMap((term, t) => {
    const others = (smaller: readonly RandomTerm[]) => [
      ...frame.random.slice(0, t),
      ...smaller,
      ...frame.random.slice(t + 1),
    ];
    const text = randomText(term);
    const { design } = term;
    if (design.termLabels.length === 0 || !reduce) return [{ term: text, random: others([]) }];
    const sets = design.termLabels.map((label) => new Set(labelVariables(label)));
    return design.termLabels.flatMap((label, l): RandomReduction[] => {
      const inside = sets.some((other, m) => m !== l && [...sets[l]].every((name) => other.has(name)));
      if (inside) return [];
      const isFactor = labelVariables(label).every((name) => isFactorIn(frame, name));
      const smaller = withoutDesignTerm(term, l + 1, isFactor);
      // What is left must be a special case of what was there, and say something new beside the other terms.
      const known = smaller !== null && frame.random.some((other, u) => u !== t && sameTerm(other, smaller));
      return [{ term: `${label} in ${text}`, random: others(smaller === null || known ? [] : [smaller]) }];
    });
  });
}

function isFactorIn({ schema }: ModelFrame, name: string): boolean {
  return Object.hasOwn(schema.factors, name) || schema.columns[name]?.kind === "logical";
}

function withoutDesignTerm(term: RandomTerm, number: number, isFactor: boolean): RandomTerm | null {
  const { design } = term;
  const keep = Array.from(design.names, (_, j) => j).filter((j) => design.assign[j] !== number);
  const labels = design.termLabels.filter((_, l) => l !== number - 1);
  const intercept = design.assign.includes(0);
  const { nrows } = design;
  if (keep.length > 0) {
    const smaller: ModelMatrix = {
      ...design,
      names: keep.map((j) => design.names[j]),
      columns: keep.map((j) => design.columns[j]),
      assign: Int32Array.from(keep, (j) =>
        design.assign[j] > number ? design.assign[j] - 1 : design.assign[j],
      ),
      termLabels: labels,
    };
    const effects = [...(intercept ? (labels.length === 0 ? ["1"] : []) : ["0"]), ...labels].join(" + ");
    const structure = keep.length === 1 ? "us" : term.structure;
    return { ...term, structure, design: smaller, label: `${effects} | ${term.group.name}` };
  }
  // The levels of a factor span the constant.
  if (!isFactor) return null;
  const constant: ModelMatrix = {
    ...design,
    nrows,
    names: ["(Intercept)"],
    columns: [{ kind: "constant", value: 1 }],
    assign: Int32Array.of(0),
    termLabels: [],
    contrasts: {},
  };
  return { ...term, structure: "us", design: constant, label: `1 | ${term.group.name}` };
}

function sameTerm(a: RandomTerm, b: RandomTerm): boolean {
  return a.group.name === b.group.name && a.design.names.join("\u0000") === b.design.names.join("\u0000");
}

/** A random-effects term as a formula has it. */
export function randomText(term: Pick<RandomTerm, "label" | "structure">): string {
  const text = `(${term.label})`;
  return term.structure === "us" ? text : `${term.structure}${text}`;
}

/** The frame with other random terms, its formula and schema rewritten. */
export function withRandomTerms(frame: ModelFrame, random: readonly RandomTerm[]): ModelFrame {
  return withFormula({ ...frame, random }, random);
}

function withFormula(frame: ModelFrame, random: readonly RandomTerm[]): ModelFrame {
  const formula = submodelFormula(frame, frame.fixed.termLabels, random);
  const schema =
    frame.schema === undefined ? frame.schema : { ...frame.schema, formula: formula.text, dotNames: [] };
  return { ...frame, formula, random, schema };
}

/** The formula of a model with these fixed terms and these random ones, and all else of a frame; no rows are read. */
export function submodelFormula(
  frame: ModelFrame,
  labels: readonly string[],
  random: readonly Pick<RandomTerm, "label" | "structure">[],
): Formula {
  const { formula, fixed } = frame;
  const left = formula.left === null ? "" : `${printFormula(formula).split(" ~ ")[0]} `;
  const offsets = offsetTexts(formula.right, formula.text);
  const parts = [...(fixed.assign.includes(0) ? [] : ["0"]), ...labels, ...offsets];
  if (parts.length === 0) parts.push("1");
  return simplifyFormula(parseFormula(`${left}~ ${[...parts, ...random.map(randomText)].join(" + ")}`));
}

type Expression = ModelFrame["formula"]["right"];

/** Offsets are summands of the right-hand side. */
function offsetTexts(node: Expression, text: string): string[] {
  if (node.kind === "binary" && (node.operator === "+" || node.operator === "-")) {
    return [...offsetTexts(node.left, text), ...offsetTexts(node.right, text)];
  }
  if (node.kind === "paren") return offsetTexts(node.inner, text);
  if (node.kind === "call" && node.name === "offset") return [text.slice(node.span.start, node.span.end)];
  return [];
}

/** The fit of a frame by the same method and covariance structures as a model. */
export function fitLike(
  model: LinearMixedModel,
  frame: ModelFrame,
  method: Method = model.method,
): LinearMixedModel {
  return fitFrame(frame, { method, structures: structuresOf(model.design) });
}

/**
 * The criterion of a frame's fixed effects alone: ordinary (weighted) least squares, on the scale on which mixed
 * models with the same fixed effects can be compared with it.
 */
export function fixedOnlyCriterion(frame: ModelFrame, method: Method): number {
  const [first] = frame.random;
  const design: ModelMatrix = {
    ...first.design,
    names: ["(Intercept)"],
    columns: [{ kind: "constant", value: 1 }],
    assign: Int32Array.of(0),
    termLabels: [],
    contrasts: {},
  };
  const plain = { ...frame, random: [{ ...first, structure: "us", design }] };
  const built = buildDesign(plain);
  // Relative standard deviation zero: V is the identity.
  return criterionAt(new PlsWorkspace(built, crossProducts(plain, built)), method, [0]);
}
