import { pivotedQr, triangleOfQr } from "@lmmkit/dense";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { fixedTriangle } from "../model/row-reductions";
import { contains, type FixedTerm, fixedTerms, knownFixedTerms, recodedWithout } from "./fixed-terms";
import { type IndicatorCoding, indicatorCoding } from "./indicator-coding";
import { symmetricEigen } from "./symmetric-eigen";

/** The types of sums of squares that SAS named. */
export type AnovaType = "I" | "II" | "III";

/** What one term of the fixed effects is tested for: Lβ = 0. */
export interface TermHypothesis {
  readonly term: string;
  /** Rows of L, each of length p; none when nothing of the term can be estimated. */
  readonly rows: readonly Float64Array[];
}

/** Share of the largest eigenvalue that counts as zero. */
const NULL = 1e-11;

/**
 * The hypotheses of an analysis of variance, one per term, in the order of the formula.
 *
 * Type I: each term after those before it. Type II: each term after all that do not contain it. Type III: the
 * estimable functions that involve only the term and terms containing it, orthogonal to those of the terms
 * containing it, so that cell means count equally however many rows they have. A term contains another when it
 * has all its variables, at least one factor more, and the same numeric variables.
 *
 * Source: SAS/STAT User's Guide, "The Four Types of Estimable Functions"; Goodnight (1978), SAS technical report
 * As in R's `anova`, prior weights have no part in the hypotheses. A single term beside an intercept is tested
 * alike by all types; its rows are those of type I, on whose basis Satterthwaite's F test depends a little and which
 * lmerTest takes too.
 */
export function typeHypotheses(model: LinearMixedModel, given: AnovaType): TermHypothesis[] {
  const terms = fixedTerms(model);
  const type = terms.length === 2 && terms[0].label === "" ? "I" : given;
  if (type === "III") return marginalHypotheses(terms, indicatorCoding(model, terms), model.beta.length);
  const { design } = model;
  const p = design.fixedColumns.length;
  const triangle = fixedTriangle(model);
  const ownerOf = Array.from(design.fixedColumns, (j) =>
    terms.findIndex(({ start, width }) => j >= start && j < start + width),
  );
  return terms.flatMap((term, t) => {
    if (term.label === "") return [];
    // 0: before the term, 1: the term, 2: after it.
    const place = ownerOf.map((owner) => {
      if (owner === t) return 1;
      return type === "I" ? (owner < t ? 0 : 2) : contains(terms[owner], term) ? 2 : 0;
    });
    if (type === "II" && !place.includes(2)) return [{ term: term.label, rows: ownRows(p, place) }];
    return [{ term: term.label, rows: adjustedRows(triangle, p, place) }];
  });
}

/**
 * The hypothesis that a term is not needed: Xβ lies in the column space of the model without it.
 *
 * Where the other terms are coded as they would be without the term, its coefficients are zero; without an intercept
 * other factors may take over what the term spanned, and the hypothesis has fewer rows.
 *
 * @param label of a term that is part of no other
 * @returns rows of L; none when nothing of the term can be estimated
 */
export function deletionHypothesis(model: LinearMixedModel, label: string): Float64Array[] {
  const { frame, design } = model;
  const p = model.beta.length;
  const number = frame.fixed.termLabels.indexOf(label) + 1;
  const own: number[] = Array.from(design.fixedColumns, (j) => (frame.fixed.assign[j] === number ? 1 : 0));
  const terms = knownFixedTerms(model);
  if (terms?.length === 2 && terms[0].label === "") return [...typeHypotheses(model, "I")[0].rows];
  if (terms === null || (model.dropped.length === 0 && recodedWithout(terms, label).length === 0)) {
    return ownRows(p, own);
  }
  const { matrix, columns } = indicatorCoding(model, terms);
  const others = new Float64Array(p * p);
  columns.forEach(({ start, end }, t) => {
    if (terms[t].label !== label) addGram(matrix, p, start, end, others);
  });
  const rows = nullSpace(others, p);
  // As many as there are coefficients of the term: those being zero says the same.
  const count = own.reduce((sum, value) => sum + value, 0);
  return rows.length === count && rows.every((row) => onlyOwn(row, own)) ? ownRows(p, own) : rows;
}

function onlyOwn(row: Float64Array, own: readonly number[]): boolean {
  return row.every((value, j) => own[j] === 1 || Math.abs(value) < 1e-9);
}

/** One row for each coefficient in place 1, when there are none behind. */
function ownRows(p: number, place: readonly number[]): Float64Array[] {
  return place.flatMap((own, j) => {
    if (own !== 1) return [];
    const row = new Float64Array(p);
    row[j] = 1;
    return [row];
  });
}

/** Rows of R of the columns in place 1, each divided by its pivot, when X is taken in the order of places. */
function adjustedRows(triangle: Float64Array, p: number, place: readonly number[]): Float64Array[] {
  const order = [0, 1, 2].flatMap((wanted) => place.flatMap((own, j) => (own === wanted ? [j] : [])));
  const reordered = new Float64Array(p * p);
  order.forEach((from, to) => {
    reordered.set(triangle.subarray(from * p, (from + 1) * p), to * p);
  });
  const r = triangleOfQr(pivotedQr(reordered, p, p, 0));
  return order.flatMap((from, to) => {
    if (place[from] !== 1) return [];
    const row = new Float64Array(p);
    for (let c = to; c < p; c++) row[order[c]] = r[c * p + to] / r[to * p + to];
    return [row];
  });
}

function marginalHypotheses(
  terms: readonly FixedTerm[],
  { matrix, columns }: IndicatorCoding,
  p: number,
): TermHypothesis[] {
  const gram = (wanted: (t: number) => boolean) => {
    const out = new Float64Array(p * p);
    columns.forEach(({ start, end }, t) => {
      if (wanted(t)) addGram(matrix, p, start, end, out);
    });
    return out;
  };
  const metric = gram(() => true);
  return terms.flatMap((term, t) => {
    if (term.label === "") return [];
    const outer = terms.map((other) => contains(other, term));
    // Functions of the term and what contains it, then of the latter alone.
    const own = nullSpace(
      gram((s) => s !== t && !outer[s]),
      p,
    );
    const inTermsOfLevels = (rows: Float64Array[]) => againstFirstLevels(rows, matrix, columns[t], term);
    if (!outer.includes(true)) return [{ term: term.label, rows: inTermsOfLevels(own) }];
    const above = nullSpace(
      gram((s) => !outer[s]),
      p,
    );
    const cross = new Float64Array(own.length * own.length);
    const products = own.map((x) => above.map((y) => form(x, metric, y, p)));
    for (let a = 0; a < own.length; a++) {
      for (let b = 0; b < own.length; b++) {
        for (let c = 0; c < above.length; c++) cross[b * own.length + a] += products[a][c] * products[b][c];
      }
    }
    const rows = nullSpace(cross, own.length).map((weights) => {
      const row = new Float64Array(p);
      own.forEach((x, a) => {
        for (let j = 0; j < p; j++) row[j] += weights[a] * x[j];
      });
      return row;
    });
    return [{ term: term.label, rows: inTermsOfLevels(rows) }];
  });
}

/**
 * Other rows with the same span, each of which has coefficient 1 for one column of the term's indicators and 0
 * for the others that stand for no first level: differences from first levels, whatever the contrasts are.
 *
 * The span is all that matters but for the denominator degrees of freedom of Satterthwaite's F test.
 */
function againstFirstLevels(
  rows: Float64Array[],
  matrix: Float64Array,
  { start, end }: { readonly start: number; readonly end: number },
  { variables }: FixedTerm,
): Float64Array[] {
  const out = rows.map((row) => row.slice());
  const columns = Array.from({ length: end - start }, (_, c) => c);
  const hasFirst = (c: number) => {
    let rest = c;
    return variables.some(({ factor, width }) => {
      const count = factor === null ? width : factor.levels.length;
      const level = rest % count;
      rest = Math.floor(rest / count);
      return factor !== null && level === 0;
    });
  };
  const inOrder = [...columns.filter((c) => !hasFirst(c)), ...columns.filter(hasFirst)];
  let done = 0;
  for (const c of inOrder) {
    if (done === out.length) break;
    const p = out[0].length;
    const at = (start + c) * p;
    const values = out.map((row) => row.reduce((sum, value, j) => sum + value * matrix[at + j], 0));
    let best = done;
    for (let i = done + 1; i < out.length; i++) if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
    if (Math.abs(values[best]) < 1e-8) continue;
    [out[done], out[best]] = [out[best], out[done]];
    [values[done], values[best]] = [values[best], values[done]];
    const pivot = out[done].map((value) => value / values[done]);
    out.forEach((row, i) => {
      if (i !== done) for (let j = 0; j < p; j++) row[j] -= values[i] * pivot[j];
    });
    out[done] = pivot;
    done++;
  }
  return out;
}

/** out += Σ m_c m_c' over columns c of M, p × ncols. */
function addGram(matrix: Float64Array, p: number, start: number, end: number, out: Float64Array): void {
  for (let c = start; c < end; c++) {
    for (let j = 0; j < p; j++) {
      const value = matrix[c * p + j];
      if (value !== 0) for (let i = 0; i < p; i++) out[j * p + i] += matrix[c * p + i] * value;
    }
  }
}

/** Orthonormal vectors that a positive semidefinite matrix takes to zero. */
function nullSpace(matrix: Float64Array, n: number): Float64Array[] {
  const { values, vectors } = symmetricEigen(matrix, n);
  const largest = n === 0 ? 0 : Math.max(values[0], 0);
  return Array.from(values).flatMap((value, m) =>
    value > NULL * largest ? [] : [vectors.slice(m * n, (m + 1) * n)],
  );
}

function form(x: Float64Array, matrix: Float64Array, y: Float64Array, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) {
    let inner = 0;
    for (let i = 0; i < p; i++) inner += x[i] * matrix[j * p + i];
    sum += inner * y[j];
  }
  return sum;
}
