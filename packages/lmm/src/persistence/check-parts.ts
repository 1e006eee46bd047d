import type { ModelColumn } from "@lmmkit/formula";
import type { FactorPair } from "../products/cross-products";
import { broken } from "./saved-model-error";
import type { SavedDesign, SavedParts, SavedRows } from "./saved-parts";

/**
 * Refuses parts that do not fit each other: every length, position and pattern that code relies on without looking.
 *
 * @param counts number of parameters of each term
 * @throws SavedModelError `broken-model`
 * Cost: the size of the parts.
 */
export function checkParts(parts: SavedParts, counts: readonly number[]): void {
  checkDesign(parts, counts);
  checkFit(parts);
  checkProducts(parts);
  checkFrame(parts);
  if (parts.rows !== null) checkRows(parts, parts.rows);
  if (parts.reductions !== null) checkReductions(parts);
}

function checkDesign({ design, frame }: SavedParts, counts: readonly number[]): void {
  const { factors, terms, fixedColumns, fixedNames } = design;
  const total = frame.fixed.names.length;
  sized("design.fixedColumns", fixedColumns, fixedNames.length);
  increasing("design.fixedColumns", fixedColumns, 0, fixedColumns.length, total);
  let start = 0;
  factors.forEach((factor, f) => {
    const path = `design.factors[${f}]`;
    if (factor.levels.length === 0) throw broken(`${path}.levels`, "is empty");
    const own = terms.filter((term) => term.factor === f);
    const width = own.reduce((sum, term) => sum + term.columns.length, 0);
    equal(`${path}.ncols`, factor.ncols, width);
    if (width === 0) throw broken(path, "has no terms");
    equal(`${path}.start`, factor.start, start);
    start += width * factor.levels.length;
    let column = 0;
    for (const term of own) {
      equal(`design.terms, ${term.name}: columnStart`, term.columnStart, column);
      column += term.columns.length;
    }
  });
  equal("design.q", design.q, start);
  equal("design.terms, their number", terms.length, frame.random.length);
  const seen = new Set(terms.map(({ frameIndex }) => frameIndex));
  equal("design.terms, different ones of the frame", seen.size, terms.length);
  let parameters = 0;
  terms.forEach((term, t) => {
    const path = `design.terms[${t}]`;
    if (term.factor >= factors.length) throw broken(`${path}.factor`, "is no factor of the design");
    equal(`${path}.thetaStart`, term.thetaStart, parameters);
    parameters += counts[t];
  });
  sized("design.thetaNames", design.thetaNames, parameters);
  sized("design.lower", design.lower, parameters);
  sized("design.theta0", design.theta0, parameters);
}

function checkFit({ fit, design, products, terms }: SavedParts): void {
  const p = design.fixedNames.length;
  sized("fit.theta", fit.theta, design.theta0.length);
  sized("fit.beta", fit.beta, p);
  sized("fit.vcov", fit.vcov, p * p);
  equal("fit.nobs", fit.nobs, products.nobs);
  // No fit ends anywhere else; a test or an interval from such numbers would look like an answer.
  finite("fit.theta", fit.theta);
  finite("fit.beta", fit.beta);
  finite("fit.sigma", [fit.sigma]);
  finite("fit.pwrss", [fit.pwrss]);
  sized("terms", terms, design.terms.length);
  terms.forEach(({ template, modes }, t) => {
    const { columns, factor } = design.terms[t];
    sized(`terms[${t}].template`, template, columns.length ** 2);
    sized(`terms[${t}].modes`, modes, columns.length * design.factors[factor].levels.length);
  });
}

/** Refuses NaN and infinite numbers. */
function finite(path: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw broken(path, `has ${values[i]} where a number belongs`);
  }
}

function checkProducts({ products, design }: SavedParts): void {
  const { factors, q } = design;
  const p = design.fixedNames.length;
  const { shifts, ztz } = products;
  sized("products.ztx", products.ztx, q * p);
  sized("products.xtx", products.xtx, p * p);
  sized("products.zty", products.zty, q);
  sized("products.xty", products.xty, p);
  sized("products.shifts.fixed", shifts.fixed, p * p);
  if (shifts.triangle !== null) sized("products.shifts.triangle", shifts.triangle, p * p);
  sized("products.shifts.response", shifts.response, p);
  sized("products.shifts.fixedColumns", shifts.fixedColumns, p);
  sized("products.shifts.random", shifts.random, factors.length);
  sized("products.shifts.randomColumns", shifts.randomColumns, factors.length);
  factors.forEach(({ ncols }, f) => {
    sized(`products.shifts.random[${f}]`, shifts.random[f], ncols * ncols);
    sized(`products.shifts.randomColumns[${f}]`, shifts.randomColumns[f], ncols);
  });
  let before = -1;
  ztz.forEach((pair, i) => {
    const path = `products.ztz[${i}]`;
    if (pair.rowFactor >= factors.length || pair.colFactor > pair.rowFactor) {
      throw broken(path, "is no pair of factors");
    }
    const place = pair.colFactor * factors.length + pair.rowFactor;
    if (place <= before) throw broken(path, "is out of order");
    before = place;
    checkPair(path, pair, design);
  });
  const diagonals = ztz.filter(({ rowFactor, colFactor }) => rowFactor === colFactor).length;
  equal("products.ztz, diagonal pairs", diagonals, factors.length);
}

function checkPair(path: string, pair: FactorPair, { factors }: SavedDesign): void {
  const { colPtr, rowIdx, values, rowFactor, colFactor } = pair;
  const rows = factors[rowFactor];
  const columns = factors[colFactor];
  sized(`${path}.colPtr`, colPtr, columns.levels.length + 1);
  equal(`${path}.colPtr[0]`, colPtr[0], 0);
  sized(`${path}.rowIdx`, rowIdx, colPtr[colPtr.length - 1]);
  for (let l = 0; l < columns.levels.length; l++) {
    if (colPtr[l + 1] < colPtr[l] || colPtr[l + 1] > rowIdx.length)
      throw broken(`${path}.colPtr`, "decreases");
    increasing(`${path}.rowIdx`, rowIdx, colPtr[l], colPtr[l + 1], rows.levels.length);
    if (rowFactor === colFactor && (colPtr[l + 1] !== l + 1 || rowIdx[l] !== l)) {
      throw broken(path, "is not diagonal");
    }
  }
  sized(`${path}.values`, values, rowIdx.length * rows.ncols * columns.ncols);
}

function checkFrame({ frame, design }: SavedParts): void {
  equal("design.nobs", design.nobs, frame.nobs);
  [frame.fixed, ...frame.random.map((term) => term.design)].forEach((matrix, i) => {
    const path = i === 0 ? "frame.fixed" : `frame.random[${i - 1}].design`;
    equal(`${path}.nrows`, matrix.nrows, frame.nobs);
    sized(`${path}.assign`, matrix.assign, matrix.names.length);
    if (matrix.assign.some((term) => term < 0 || term > matrix.termLabels.length)) {
      throw broken(`${path}.assign`, "names a term that is not there");
    }
  });
  design.terms.forEach(({ columns, frameIndex }, t) => {
    sized(`design.terms[${t}].columns`, columns, frame.random[frameIndex].design.names.length);
  });
}

function checkRows({ frame, design }: SavedParts, rows: SavedRows): void {
  const { nobs } = frame;
  equal("rows.response, whether it is there", rows.response !== null, frame.responseName !== null);
  equal("rows.weights, whether they are there", rows.weights !== null, frame.hasWeights);
  equal("rows.offset, whether it is there", rows.offset !== null, frame.hasOffset);
  equal("rows.rows, whether they are there", rows.rows !== null, frame.hasSelection);
  if (rows.response !== null) sized("rows.response", rows.response, nobs);
  if (rows.offset !== null) sized("rows.offset", rows.offset, nobs);
  if (rows.weights !== null) sized("rows.weights", rows.weights, nobs);
  if (rows.rows === null) equal("frame.nrowsTable", frame.nrowsTable, nobs);
  else {
    sized("rows.rows", rows.rows, nobs);
    increasing("rows.rows", rows.rows, 0, nobs, frame.nrowsTable);
  }
  sized("rows.fixed", rows.fixed, frame.fixed.names.length);
  rows.fixed.forEach((column, j) => {
    checkColumn(`rows.fixed[${j}]`, column, nobs);
  });
  sized("rows.random", rows.random, frame.random.length);
  rows.random.forEach((columns, t) => {
    sized(`rows.random[${t}]`, columns, frame.random[t].design.names.length);
    columns.forEach((column, j) => {
      checkColumn(`rows.random[${t}][${j}]`, column, nobs);
    });
  });
  sized("rows.codes", rows.codes, design.factors.length);
  rows.codes.forEach((codes, f) => {
    const nlevels = design.factors[f].levels.length;
    sized(`rows.codes[${f}]`, codes, nobs);
    if (codes.some((code) => code < 0 || code >= nlevels)) {
      throw broken(`rows.codes[${f}]`, "has a code without a level");
    }
  });
}

function checkColumn(path: string, column: ModelColumn, nobs: number): void {
  if (column.kind === "dense") sized(`${path}.values`, column.values, nobs);
  if (column.kind !== "sparse") return;
  sized(`${path}.values`, column.values, column.rows.length);
  increasing(`${path}.rows`, column.rows, 0, column.rows.length, nobs);
}

function checkReductions({ reductions, design, frame }: SavedParts): void {
  if (reductions === null) return;
  const p = design.fixedNames.length;
  const total = frame.fixed.names.length;
  sized("reductions.scaledResiduals", reductions.scaledResiduals, 5);
  if (reductions.fixedTriangle !== null) sized("reductions.fixedTriangle", reductions.fixedTriangle, p * p);
  sized("reductions.aliases", reductions.aliases, total - p);
  reductions.aliases.forEach(({ column, coefficients }, i) => {
    if (column >= total || design.fixedColumns.includes(column)) {
      throw broken(`reductions.aliases[${i}].column`, "is no dropped column");
    }
    sized(`reductions.aliases[${i}].coefficients`, coefficients, p);
  });
}

function sized(path: string, values: ArrayLike<unknown>, wanted: number): void {
  if (values.length !== wanted) throw broken(path, `has ${values.length} entries where ${wanted} belong`);
}

function equal<T extends number | boolean>(path: string, found: T, wanted: T): void {
  if (found !== wanted) throw broken(path, `is ${found} where ${wanted} belongs`);
}

/** values[from … to) strictly increasing within 0 … bound − 1. */
function increasing(path: string, values: Int32Array, from: number, to: number, bound: number): void {
  for (let i = from; i < to; i++) {
    if (values[i] < 0 || values[i] >= bound || (i > from && values[i] <= values[i - 1])) {
      throw broken(path, `is not increasing within 0 to ${bound - 1}`);
    }
  }
}
