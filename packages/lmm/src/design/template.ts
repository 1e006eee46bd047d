import { builtInStructures } from "./built-in-structures";
import { checkedStructure, guarded } from "./checked-structure";
import { type CovarianceStructure, SCALES_NONE } from "./covariance-structure";

/**
 * The k×k relative covariance factor T of one term as a function of the term's part of θ.
 *
 * `us`: the lower triangle by columns, as lme4 orders it; `diag`: the diagonal; what other structures hold is
 * theirs (`builtInStructures`). Plain data, but for `custom`.
 */
export interface Template {
  /** Name of the covariance structure. */
  readonly structure: string;
  readonly k: number;
  /** Number of parameters. */
  readonly count: number;
  /** Row of each parameter's entry where every parameter is one entry of T; empty for other structures. */
  readonly rows: Int32Array;
  /** Column of each parameter's entry, likewise. */
  readonly cols: Int32Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Where searches start. */
  readonly start: Float64Array;
  /** Per parameter the row of T that it scales, −1 for all of T, −2 for none. */
  readonly scales: Int32Array;
  /** Per parameter whether searches may cross its bounds; see `CovarianceStructure.mirrored`. */
  readonly mirrored: readonly boolean[];
  /** The structure itself where the user defined it. */
  readonly custom: CovarianceStructure | null;
}

/**
 * The template of a covariance structure for k effects. With a single effect the known structures are all one.
 *
 * @param structures the user's, by name; they go before the known ones
 * @throws LmmError `unsupported-structure` for a name that nobody knows, `invalid-structure` for a user's structure
 *   that does not work
 */
export function templateOf(
  structure: string,
  k: number,
  structures: Readonly<Record<string, CovarianceStructure>> = {},
): Template {
  const custom = Object.hasOwn(structures, structure) ? structures[structure] : null;
  const known = custom ?? builtInStructures.get(structure) ?? null;
  if (custom === null && (k === 1 || structure === "us" || structure === "diag")) {
    if (known !== null || structure === "us" || structure === "diag") return entriesTemplate(structure, k);
  }
  const own = checkedStructure(structure, known, k, custom !== null);
  const start = Float64Array.from(own.start(k));
  const count = start.length;
  return {
    structure,
    k,
    count,
    rows: new Int32Array(0),
    cols: new Int32Array(0),
    lower: Float64Array.from(own.lower(k)),
    upper: Float64Array.from(own.upper(k)),
    start,
    scales: Int32Array.from(own.scales?.(k) ?? new Int32Array(count).fill(SCALES_NONE)),
    mirrored: own.mirrored?.(k) ?? new Array<boolean>(count).fill(false),
    custom,
  };
}

/** Templates whose parameters are entries of a lower triangular T. */
function entriesTemplate(structure: string, k: number): Template {
  const rows: number[] = [];
  const cols: number[] = [];
  for (let col = 0; col < k; col++) {
    for (let row = col; row < k; row++) {
      if (structure === "diag" && row !== col) continue;
      rows.push(row);
      cols.push(col);
    }
  }
  const count = rows.length;
  return {
    structure,
    k,
    count,
    rows: Int32Array.from(rows),
    cols: Int32Array.from(cols),
    lower: Float64Array.from(rows, (row, i) => (row === cols[i] ? 0 : Number.NEGATIVE_INFINITY)),
    upper: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    start: Float64Array.from(rows, (row, i) => (row === cols[i] ? 1 : 0)),
    scales: Int32Array.from(rows),
    mirrored: new Array<boolean>(count).fill(true),
    custom: null,
  };
}

/** Whether every parameter is one entry of a lower triangular T. */
export function hasEntries(template: Template): boolean {
  return template.rows.length > 0;
}

/** The structure behind a template that is not of entries. */
export function structureOf(template: Template): CovarianceStructure {
  const structure = template.custom ?? builtInStructures.get(template.structure);
  if (structure === undefined) throw new Error(`no structure ${template.structure}`);
  return structure;
}

/** Room for one term's parameters and a k×k matrix, so that filling a template allocates nothing. */
export interface TemplateScratch {
  readonly theta: Float64Array;
  readonly matrix: Float64Array;
}

/** Scratch for `fillTemplateInto`. */
export function templateScratch({ count, k }: Template): TemplateScratch {
  return { theta: new Float64Array(count), matrix: new Float64Array(k * k) };
}

/**
 * Writes T(θ) into a term's diagonal block of its factor's K×K matrix, column-major. For templates of entries the
 * others are left alone.
 *
 * @param theta parameters of the whole model
 * @param thetaStart position of the term's first parameter in `theta`
 * @param outT K·K numbers
 * @param ncols K
 * @param columnStart first row and column of the term's block
 * @param scratch of `templateScratch`, overwritten; allocated when left out
 */
export function fillTemplateInto(
  template: Template,
  theta: ArrayLike<number>,
  thetaStart: number,
  outT: Float64Array,
  ncols: number,
  columnStart: number,
  scratch?: TemplateScratch,
): void {
  const { rows, cols, k, count } = template;
  if (hasEntries(template)) {
    for (let i = 0; i < rows.length; i++) {
      outT[(columnStart + cols[i]) * ncols + columnStart + rows[i]] = theta[thetaStart + i];
    }
    return;
  }
  const { theta: own, matrix } = scratch ?? templateScratch(template);
  for (let i = 0; i < count; i++) own[i] = theta[thetaStart + i];
  const structure = structureOf(template);
  if (template.custom === null) structure.fillInto(own, k, matrix);
  else guarded(template, () => structure.fillInto(own, k, matrix), matrix);
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) outT[(columnStart + j) * ncols + columnStart + i] = matrix[j * k + i];
  }
}

/**
 * ∂T/∂θ_i of one term, k×k, column-major.
 *
 * @param own the term's parameters
 * @param outT overwritten
 */
export function templateDerivativeInto(
  template: Template,
  own: Float64Array,
  i: number,
  outT: Float64Array,
): void {
  const { rows, cols, k } = template;
  if (hasEntries(template)) {
    outT.fill(0);
    outT[cols[i] * k + rows[i]] = 1;
    return;
  }
  const structure = structureOf(template);
  if (template.custom === null) structure.derivativeInto(own, k, i, outT);
  else guarded(template, () => structure.derivativeInto(own, k, i, outT), outT);
}

/** Step of the differences that stand in for a second derivative, relative to max(1, |θ|). */
const STEP = 1e-5;

/**
 * ∂²T/∂θ_i∂θ_j of one term, k×k, column-major; by central differences where the structure does not give it.
 *
 * @param own the term's parameters; changed and restored
 * @param outT overwritten
 */
export function templateSecondDerivativeInto(
  template: Template,
  own: Float64Array,
  i: number,
  j: number,
  outT: Float64Array,
): void {
  if (hasEntries(template)) {
    outT.fill(0);
    return;
  }
  const structure = structureOf(template);
  if (structure.secondDerivativeInto !== undefined) {
    if (template.custom === null) structure.secondDerivativeInto(own, template.k, i, j, outT);
    else guarded(template, () => structure.secondDerivativeInto?.(own, template.k, i, j, outT), outT);
    return;
  }
  const at = own[j];
  const step = STEP * Math.max(1, Math.abs(at));
  own[j] = at + step;
  const above = own[j];
  templateDerivativeInto(template, own, i, outT);
  const upper = outT.slice();
  own[j] = at - step;
  const width = above - own[j];
  templateDerivativeInto(template, own, i, outT);
  for (let m = 0; m < outT.length; m++) outT[m] = (upper[m] - outT[m]) / width;
  own[j] = at;
}
