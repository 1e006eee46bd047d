import type { ModelFrame, RandomTerm } from "@lmmkit/formula";
import { LmmError } from "../errors";
import { checkFrame } from "./check-frame";
import type { CovarianceStructure } from "./covariance-structure";
import { keptColumns } from "./rank";
import { hasEntries, structureOf, type Template, templateOf } from "./template";
import { termOrder } from "./term-order";

/** One random-effects term, in the engine's order. */
export interface DesignTerm {
  /** Unique name as lme4's VarCorr makes it: `Subject`, `Subject.1`. */
  readonly name: string;
  /** Position of the term in the frame's `random`. */
  readonly frameIndex: number;
  /** Position of the grouping factor in `Design.factors`. */
  readonly factor: number;
  /** Position of the term's first column among its factor's columns. */
  readonly columnStart: number;
  /** Names of the term's k columns. */
  readonly columns: readonly string[];
  readonly template: Template;
  /** Position of the term's first parameter in θ. */
  readonly thetaStart: number;
}

/**
 * One grouping factor with the columns of every term that uses it: terms on the same factor form one
 * block of K columns per level, so that what meets within a level is dense and what does not is absent.
 */
export interface DesignFactor {
  readonly name: string;
  readonly levels: readonly string[];
  /** Columns per level, K: the sum of k over the factor's terms. */
  readonly ncols: number;
  /** First column of the factor in Z; level l, column c is `start + l * ncols + c`. */
  readonly start: number;
}

/** What the engine knows of a model besides its cross-products: terms, templates, names. Plain data. */
export interface Design {
  /** Rows of the frame. */
  readonly nobs: number;
  /** Names of the fixed effects that are kept, p of them. */
  readonly fixedNames: readonly string[];
  /** Positions of the kept columns in the frame's X. */
  readonly fixedColumns: Int32Array;
  /** Columns left out because they depend linearly on the others. */
  readonly dropped: readonly string[];
  /** Most levels first. */
  readonly terms: readonly DesignTerm[];
  /** In the order in which the terms first use them. */
  readonly factors: readonly DesignFactor[];
  /** Columns of Z. */
  readonly q: number;
  /** lme4's names of θ. */
  readonly thetaNames: readonly string[];
  /**
   * 0 for diagonal entries of templates and standard deviations, −Infinity for other entries; what a structure
   * says for its own. Upper bounds are those of the templates.
   */
  readonly lower: Float64Array;
  /** Every template the identity, or where its structure starts. */
  readonly theta0: Float64Array;
}

/**
 * Reads a model frame into the engine's design: sorts the terms, gathers those on one factor, lays out
 * θ and finds the columns of X to keep.
 *
 * @param frame not changed
 * @param order positions of the terms in the frame, first term first; by default lme4's order, most
 *   levels first (`termOrder`), which θ and all results follow
 * @param structures the user's covariance structures, by name
 * @throws LmmError for a model that cannot be fitted; the code says why
 */
export function buildDesign(
  frame: ModelFrame,
  order: readonly number[] = termOrder(frame.random.map((term) => term.group.levels.length)),
  structures: Readonly<Record<string, CovarianceStructure>> = {},
): Design {
  checkFrame(frame);
  const groups: { term: RandomTerm; ncols: number }[] = [];
  const terms: DesignTerm[] = [];
  const thetaNames: string[] = [];
  const lower: number[] = [];
  const theta0: number[] = [];
  for (const frameIndex of order) {
    const term = frame.random[frameIndex];
    const columns = term.design.names;
    let factor = groups.findIndex((group) => sameFactor(group.term, term));
    if (factor < 0) factor = groups.push({ term, ncols: 0 }) - 1;
    const template = templateOf(term.structure, columns.length, structures);
    const name = uniqueName(
      term.group.name,
      terms.map((t) => t.name),
    );
    terms.push({
      name,
      frameIndex,
      factor,
      columnStart: groups[factor].ncols,
      columns,
      template,
      thetaStart: lower.length,
    });
    groups[factor].ncols += columns.length;
    for (const parameter of parameterNames(template, columns)) {
      thetaNames.push(`${term.group.name}.${parameter}`);
    }
    lower.push(...template.lower);
    theta0.push(...template.start);
  }
  const factors: DesignFactor[] = [];
  let q = 0;
  for (const { term, ncols } of groups) {
    factors.push({ name: term.group.name, levels: term.group.levels, ncols, start: q });
    q += term.group.levels.length * ncols;
  }
  const kept = keptColumns(frame.fixed);
  const isKept = new Uint8Array(frame.fixed.names.length);
  for (const j of kept) isKept[j] = 1;
  if (kept.length >= frame.nobs) {
    throw new LmmError(
      "too-many-fixed-effects",
      `too many fixed effects: ${kept.length} with ${frame.nobs} observations`,
      kept.length,
      "nothing is left to estimate the residual variance from",
    );
  }
  return {
    nobs: frame.nobs,
    fixedNames: Array.from(kept, (j) => frame.fixed.names[j]),
    fixedColumns: kept,
    dropped: frame.fixed.names.filter((_, j) => isKept[j] === 0),
    terms,
    factors,
    q,
    thetaNames,
    lower: Float64Array.from(lower),
    theta0: Float64Array.from(theta0),
  };
}

/** lme4's names where parameters are entries of T: `Days` on the diagonal, `Days.(Intercept)` below it. */
function parameterNames(template: Template, columns: readonly string[]): readonly string[] {
  if (!hasEntries(template)) return structureOf(template).parameters(columns);
  const { rows, cols } = template;
  return Array.from(rows, (row, i) =>
    row === cols[i] ? columns[row] : `${columns[row]}.${columns[cols[i]]}`,
  );
}

/** R's make.unique for one more name: `a`, `a.1`, `a.2`. */
function uniqueName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let i = 1;
  while (taken.includes(`${name}.${i}`)) i++;
  return `${name}.${i}`;
}

function sameFactor(a: RandomTerm, b: RandomTerm): boolean {
  if (a.group === b.group) return true;
  if (a.group.name !== b.group.name || a.group.levels.length !== b.group.levels.length) return false;
  const left = a.group.codes;
  const right = b.group.codes;
  if (left === right) return true;
  for (let row = 0; row < left.length; row++) if (left[row] !== right[row]) return false;
  return true;
}
