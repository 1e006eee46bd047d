import type { CholeskyFactor } from "@lmmkit/cholmod-ts";
import {
  choleskyInPlace,
  choleskyWorkspace,
  LogProduct,
  PackingWorkspace,
  type ProductOptions,
  solveLowerInPlace,
  solveLowerTransposeInPlace,
  syrkInto,
} from "@lmmkit/dense";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import { fillTemplateInto, type TemplateScratch, templateScratch } from "../design/template";
import { LmmError } from "../errors";
import type { CrossProducts } from "../products/cross-products";
import { type FixedBasis, fixedBasis, withResponse } from "./fixed-basis";
import { refillInto, timesTemplatesInto } from "./refill";
import { systemFactor } from "./system-factor";
import { systemPattern } from "./system-pattern";
import { vcovByBlocks } from "./vcov-by-blocks";

/** Squares of larger relative standard deviations would overflow with the products they multiply. */
const LARGEST_THETA = 1e75;

/** The solution of the penalized least-squares problem at one θ. */
export interface PlsSolution {
  /** β̂ on the original columns of X, length p. */
  readonly beta: Float64Array;
  /** û, the spherical random effects, length q. */
  readonly u: Float64Array;
}

/** From here on products and solves in blocks pay. */
const MANY_COLUMNS = 64;

/** The I of Λ'Z'ZΛ + I. */
const PLUS_IDENTITY = { beta: 1 } as const;

/**
 * One evaluation of the penalized least-squares problem, again and again for new θ, without allocation.
 *
 * Made once per model: pattern of Λ'Z'ZΛ + I, fill-reducing permutation (found on levels), symbolic
 * factorization, an orthonormal basis Q of the columns of X, and room for everything. Then `evaluate(θ)`
 * is: fill the templates, refill the system, factorize (L), solve for RZX and c_u, factorize the small
 * dense remainder (RX, c_β), and add up log determinants and r². Notation of Bates (2011), part 4.
 */
export class PlsWorkspace {
  readonly design: Design;
  /** The cross-products in use; see `useResponse`. */
  products: CrossProducts;
  /** log|L|², as of the last evaluation. */
  logDetL2 = Number.NaN;
  /** log|RX|² for the original columns of X. */
  logDetRX2 = Number.NaN;
  /** Penalized residual sum of squares r². */
  pwrss = Number.NaN;
  /** Per factor S, K×K, column-major: by default the shift maps of the products. */
  maps: readonly Float64Array[];
  /** Per factor M = S·blockdiag(T_t), K×K, column-major. */
  readonly templates: readonly Float64Array[];
  /** Lower triangle of Λ'Z'ZΛ (without I). */
  readonly system: CscMatrix;
  readonly factor: CholeskyFactor;
  /** [L⁻¹PΛ'Z'Q, c_u]: q×(p + 1), column-major, rows in the order of the factor. */
  readonly rzx: Float64Array;
  /** Its first p columns. */
  private readonly rzxFixed: Float64Array;
  /** For out = −A'A by blocks. */
  private readonly minus: ProductOptions;
  /** RX' on the basis Q: the lower triangular factor of I − RZX'RZX, p×p, column-major. */
  readonly rxt: Float64Array;
  readonly cBeta: Float64Array;
  basis: FixedBasis;
  /** [Z'Q, Z'y]: q×(p + 1), column-major. */
  readonly zqy: Float64Array;
  readonly p: number;
  /** Per factor blockdiag(T_t), K×K, column-major. */
  readonly relative: readonly Float64Array[];
  /** θ of the last evaluation. */
  readonly theta: Float64Array;
  private readonly filling: readonly TemplateScratch[];
  private readonly pivots = new LogProduct();
  /** Made when first asked for. */
  private inverse: Float64Array | null = null;
  private readonly packing: ReturnType<typeof choleskyWorkspace>;
  /** Scratch: next entry to be written or read in each column of the system. */
  readonly next: Int32Array;
  /** Scratch for a product of blocks, the largest K² numbers. */
  readonly scratch: Float64Array;
  /** Scratch for one block. */
  readonly block: Float64Array;

  constructor(design: Design, products: CrossProducts) {
    const { q, factors } = design;
    const p = design.fixedNames.length;
    this.design = design;
    this.products = products;
    this.p = p;
    this.maps = products.shifts.random;
    // First of all, for it knows how much memory will be needed. Without a first factorization, which the first
    // evaluation would throw away.
    this.system = systemPattern(design, products);
    this.factor = systemFactor(design, this.system);
    this.theta = new Float64Array(design.theta0.length);
    this.filling = design.terms.map(({ template }) => templateScratch(template));
    this.relative = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.templates = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.next = new Int32Array(q);
    const widest = Math.max(...factors.map(({ ncols }) => ncols));
    this.scratch = new Float64Array(widest * widest);
    this.block = new Float64Array(widest * widest);
    this.basis = fixedBasis(products, p);
    this.zqy = new Float64Array(q * (p + 1));
    this.zqy.set(this.basis.ztq);
    this.zqy.set(products.zty, q * p);
    this.rzx = new Float64Array(q * (p + 1));
    this.rzxFixed = this.rzx.subarray(0, q * p);
    this.rxt = new Float64Array(p * p);
    this.cBeta = new Float64Array(p);
    this.packing = choleskyWorkspace(p, p);
    const room = p >= MANY_COLUMNS ? new PackingWorkspace(p, p, q) : new PackingWorkspace(0, 0, 0);
    this.minus = { alpha: -1, beta: 0, work: room };
  }

  /**
   * Puts another response in the place of the one in use: nothing symbolic and no product of design
   * columns is done again.
   *
   * @param products of `RefillableProducts.withResponse`, for the design of this workspace
   * @throws LmmError `unmergeable-products` for products of another design
   */
  useResponse(products: CrossProducts): void {
    const { design, p } = this;
    if (products.ztz !== this.products.ztz || products.xtx !== this.products.xtx) {
      throw new LmmError(
        "unmergeable-products",
        "foreign cross-products: they do not share their design with this workspace",
        null,
        "make them by withResponse of the products that the workspace was made from",
      );
    }
    this.products = products;
    this.basis = withResponse(this.basis, products, p);
    this.zqy.set(products.zty, design.q * p);
  }

  /**
   * Evaluates at θ and leaves L, RZX, RX, c_u, c_β, r² and the log determinants in the workspace.
   *
   * @param theta length of `design.theta0`; not changed
   * @returns false when the system is not positive definite in working precision (a huge or NaN θ)
   * Cost: one numeric factorization and p + 1 triangular solves; independent of the number of rows.
   */
  evaluate(theta: ArrayLike<number>): boolean {
    const { design, products, p } = this;
    const { q } = design;
    if (!this.fillTemplates(theta)) return false;
    refillInto(
      design,
      products,
      this.templates,
      this.system.colPtr,
      this.next,
      this.scratch,
      this.system.values,
    );
    this.factor.update(this.system, PLUS_IDENTITY);
    if (this.factor.status !== "ok") return false;
    const rzx = this.rzx;
    timesTemplatesInto(design, this.templates, this.zqy, p + 1, rzx);
    this.factor.solveInPlace(rzx, "P", p + 1);
    this.factor.solveInPlace(rzx, "L", p + 1);
    if (p >= MANY_COLUMNS) {
      syrkInto("transpose", p, q, this.rzxFixed, this.rxt, this.minus);
      for (let j = 0; j < p; j++) this.rxt[j * (p + 1)] += 1;
    }
    for (let j = 0; j < p; j++) {
      for (let i = j; p < MANY_COLUMNS && i < p; i++) {
        this.rxt[j * p + i] = (i === j ? 1 : 0) - dotColumns(rzx, i * q, j * q, q);
      }
      this.cBeta[j] = this.basis.qty[j] - dotColumns(rzx, j * q, p * q, q);
    }
    if (choleskyInPlace(this.rxt, p, p, 0, this.packing) >= 0) return false;
    solveLowerInPlace(this.cBeta, this.rxt, p);
    this.pivots.reset();
    let pwrss = products.yty - dotColumns(rzx, p * q, p * q, q);
    for (let j = 0; j < p; j++) {
      this.pivots.times(this.rxt[j * p + j]);
      pwrss -= this.cBeta[j] * this.cBeta[j];
    }
    this.logDetL2 = this.factor.logDet();
    this.logDetRX2 = this.basis.logDet + 2 * this.pivots.log();
    this.pwrss = pwrss;
    return true;
  }

  /** β̂ and û at the θ of the last evaluation; new vectors. */
  solution(): PlsSolution {
    const { design, products, p } = this;
    const { q } = design;
    const gamma = this.cBeta.slice();
    solveLowerTransposeInPlace(gamma, this.rxt, p);
    const u = this.rzx.slice(p * q, (p + 1) * q);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < q; i++) u[i] -= gamma[j] * this.rzx[j * q + i];
    }
    this.factor.solveInPlace(u, "Lt", 1);
    this.factor.solveInPlace(u, "Pt", 1);
    solveLowerTransposeInPlace(gamma, this.basis.rt, p);
    const shifted = new Float64Array(p);
    for (let j = 0; j < p; j++) shifted[j] = products.shifts.response[j] + gamma[j];
    const beta = new Float64Array(p);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < p; i++) beta[i] += products.shifts.fixed[j * p + i] * shifted[j];
    }
    return { beta, u };
  }

  /** (X'V⁻¹X)⁻¹ = (RX'RX)⁻¹ on the original columns of X at the last θ, p×p, column-major; new. */
  unscaledVcov(): Float64Array {
    const { products, p } = this;
    if (p >= MANY_COLUMNS)
      return vcovByBlocks(this.basis.rt, this.rxt, this.rzxFixed, products.shifts.fixed, p);
    // Columns of B R⁻¹ RX⁻¹, whose outer products add up to the inverse.
    const root = new Float64Array(p * p);
    const column = new Float64Array(p);
    for (let j = 0; j < p; j++) {
      column.fill(0);
      column[j] = 1;
      solveLowerTransposeInPlace(column, this.rxt, p);
      solveLowerTransposeInPlace(column, this.basis.rt, p);
      for (let m = 0; m < p; m++) {
        for (let i = 0; i < p; i++) root[j * p + i] += products.shifts.fixed[m * p + i] * column[m];
      }
    }
    const vcov = new Float64Array(p * p);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i <= j; i++) {
        let sum = 0;
        for (let m = 0; m < p; m++) sum += root[m * p + i] * root[m * p + j];
        vcov[j * p + i] = sum;
        vcov[i * p + j] = sum;
      }
    }
    return vcov;
  }

  /**
   * W = (Λ'Z'ZΛ + I)⁻¹ at the entries of the system's lower triangle, for the last θ.
   *
   * @returns a buffer that the next call overwrites
   */
  inverseOnSystem(): Float64Array {
    this.inverse ??= new Float64Array(this.system.values.length);
    this.factor.inverseEntriesInto(this.inverse);
    return this.inverse;
  }

  /** The diagonal blocks of W at the last θ: per factor, one K×K block per level, column-major; new. */
  inverseBlocks(): Float64Array[] {
    const { design, system } = this;
    const inverse = this.inverseOnSystem();
    return design.factors.map(({ levels, ncols: k, start }) => {
      const blocks = new Float64Array(levels.length * k * k);
      for (let l = 0; l < levels.length; l++) {
        for (let c = 0; c < k; c++) {
          // The diagonal block comes first in each column of the system.
          const at = system.colPtr[start + l * k + c];
          for (let a = c; a < k; a++) {
            blocks[(l * k + c) * k + a] = inverse[at + a - c];
            blocks[(l * k + a) * k + c] = inverse[at + a - c];
          }
        }
      }
      return blocks;
    });
  }

  /** Fills `templates` from θ: M = S·blockdiag(T_t) per factor. False when θ is beyond all reason. */
  private fillTemplates(theta: ArrayLike<number>): boolean {
    const { design, maps, relative, templates } = this;
    if (theta.length !== design.theta0.length) {
      throw new LmmError(
        "theta-length",
        `wrong length of theta: ${theta.length}`,
        theta.length,
        `this model has ${design.theta0.length}: ${design.thetaNames.join(", ")}`,
      );
    }
    for (let i = 0; i < theta.length; i++) {
      if (!(Math.abs(theta[i]) < LARGEST_THETA)) return false;
      this.theta[i] = theta[i];
    }
    for (let t = 0; t < design.terms.length; t++) {
      const { factor, columnStart, template, thetaStart } = design.terms[t];
      const k = design.factors[factor].ncols;
      fillTemplateInto(template, theta, thetaStart, relative[factor], k, columnStart, this.filling[t]);
      if (template.custom !== null && !this.filling[t].matrix.every(isModerate)) return false;
    }
    for (let f = 0; f < relative.length; f++) {
      const k = design.factors[f].ncols;
      const shift = maps[f];
      const from = relative[f];
      const to = templates[f];
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) {
          let sum = 0;
          for (let m = 0; m < k; m++) sum += shift[m * k + a] * from[c * k + m];
          to[c * k + a] = sum;
        }
      }
    }
    return true;
  }
}

function isModerate(value: number): boolean {
  return Math.abs(value) < LARGEST_THETA;
}

/** Σ x[i + k] x[j + k] over k < n, in four interleaved sums. */
function dotColumns(x: Float64Array, i: number, j: number, n: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = n - (n % 4);
  for (let k = 0; k < whole; k += 4) {
    s0 += x[i + k] * x[j + k];
    s1 += x[i + k + 1] * x[j + k + 1];
    s2 += x[i + k + 2] * x[j + k + 2];
    s3 += x[i + k + 3] * x[j + k + 3];
  }
  for (let k = whole; k < n; k++) s0 += x[i + k] * x[j + k];
  return s0 + s1 + (s2 + s3);
}
