import { applyTemplatesInto } from "../pls/blocks";
import { timesTemplatesInto } from "../pls/refill";
import { timesZtzInto } from "../pls/times-ztz";
import type { CovarianceElement, CovarianceElements } from "./covariance-elements";
import type { LevelSlot } from "./level-slots";
import type { ProjectedSystem } from "./projected-system";

/**
 * The block K₁₁ of K = Z'V⁻¹Z for one grouping factor, from the columns of the others.
 *
 * With V₁ = I + Z₁Γ₁Z₁', D = Z₁'V₁⁻¹Z₁ (block diagonal: levels of one factor never meet), E = Z₁'V₁⁻¹Z₂ (as
 * sparse as Z₁'Z₂) and F = K₁₂Γ₂, the formula of Woodbury gives K₁₁ = D − FE'. Of it only traces of products
 * are wanted, and tr(FE'FE') = tr(E'F E'F) needs no more than the q₂ × q₂ matrix G = E'F. Where the factor has
 * K columns in each level, there is one such matrix for each pair of them.
 */
export class EliminatedFactor {
  private readonly system: ProjectedSystem;
  private readonly elements: readonly CovarianceElement[];
  private readonly gamma: readonly Float64Array[];
  private readonly slots: readonly LevelSlot[];
  private readonly parts: readonly Int32Array[];
  private readonly factor: number;
  /** M_l = (I + C_lΓ₁)⁻¹ with C = Z₁'Z₁, and D_l = M_lC_l: K×K per level, column-major. */
  private readonly m: Float64Array;
  private readonly d: Float64Array;
  /** (FE')_ll, K×K per level. */
  private readonly diagonal: Float64Array;
  /** G^{ba} = E_b'F_a at b·K + a: rows of the other factors × columns of their slots. */
  private readonly g: readonly Float64Array[];
  private readonly nrows: number;
  /** First column of each slot. */
  private readonly columnOf: readonly number[];
  private readonly one: Float64Array;
  private readonly two: Float64Array;

  /**
   * @param factor the one to be eliminated
   * @param slots those of all other factors
   */
  constructor(
    system: ProjectedSystem,
    covariance: CovarianceElements,
    factor: number,
    slots: readonly LevelSlot[],
    parts: readonly Int32Array[],
  ) {
    const { design } = system.workspace;
    const { ncols: k, levels } = design.factors[factor];
    this.system = system;
    this.factor = factor;
    this.elements = covariance.elements;
    this.slots = slots;
    this.parts = parts;
    this.gamma = design.factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    covariance.elements.forEach((element, e) => {
      const { ncols } = design.factors[element.factor];
      this.gamma[element.factor][element.col * ncols + element.row] = covariance.gamma[e];
      this.gamma[element.factor][element.row * ncols + element.col] = covariance.gamma[e];
    });
    this.nrows = design.q - levels.length * k;
    let ncolumns = 0;
    this.columnOf = slots.map((slot) => {
      ncolumns += design.factors[slot.factor].ncols;
      return ncolumns - design.factors[slot.factor].ncols;
    });
    this.m = new Float64Array(levels.length * k * k);
    this.d = new Float64Array(levels.length * k * k);
    this.diagonal = new Float64Array(levels.length * k * k);
    this.g = Array.from({ length: k * k }, () => new Float64Array(this.nrows * ncolumns));
    this.one = new Float64Array(design.q);
    this.two = new Float64Array(design.q);
    this.fillLevels();
  }

  /** Takes in the columns of K of one slot, K_f of them from `offset` on. */
  addSlot(s: number, panel: Float64Array, offset: number): void {
    const { design } = this.system.workspace;
    const { q, factors } = design;
    const { ncols: k, start, levels: own } = factors[this.factor];
    const { factor: f, levels } = this.slots[s];
    const width = factors[f].ncols;
    const length = own.length * k;
    const { one, two, m } = this;
    const f1 = new Float64Array(length);
    for (let c = 0; c < width; c++) {
      // F = K₁₂Γ₂ for this column.
      f1.fill(0);
      for (let b = 0; b < width; b++) {
        const weight = this.gamma[f][c * width + b];
        if (weight === 0) continue;
        for (let i = 0; i < length; i++) f1[i] += weight * panel[offset + b * q + start + i];
      }
      // E for this column, and what it gives of (FE')_ll.
      one.fill(0);
      for (const l of levels) one[factors[f].start + l * width + c] = 1;
      this.timesZtz();
      for (let first = 0; first < length; first += k) {
        for (let b = 0; b < k; b++) {
          let e = 0;
          for (let a = 0; a < k; a++) e += m[first * k + a * k + b] * two[start + first + a];
          for (let a = 0; a < k; a++) this.diagonal[first * k + b * k + a] += f1[first + a] * e;
        }
      }
      // G^{ba} = Z₂'Z₁M'(F_a placed in column b).
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) {
          one.fill(0);
          for (let first = 0; first < length; first += k) {
            for (let i = 0; i < k; i++) one[start + first + i] = m[first * k + i * k + b] * f1[first + a];
          }
          this.timesZtz();
          const out = this.g[b * k + a];
          const base = (this.columnOf[s] + c) * this.nrows;
          out.set(two.subarray(0, start), base);
          out.set(two.subarray(start + length), base + start);
        }
      }
    }
  }

  /**
   * Adds the traces of this factor's elements.
   *
   * @param own their positions; `pairs` gets the upper triangle
   */
  addTracesInto(own: readonly number[], single: Float64Array, pairs: Float64Array): void {
    const elements = own.map((at) => ({ ...this.elements[at], at }));
    const { ncols: k, levels } = this.system.workspace.design.factors[this.factor];
    const { d, diagonal } = this;
    const n = single.length;
    elements.forEach(({ row, col, at }) => {
      for (let first = 0; first < levels.length * k * k; first += k * k) {
        const value = d[first + col * k + row] - diagonal[first + col * k + row];
        single[at] += row === col ? value : 2 * value;
      }
    });
    const cache = new Map<string, number>();
    /** Σ over levels l, m of R_lm[a, c] R_lm[b, d'] with R = D − FE'. */
    const moment = (a: number, c: number, b: number, e: number): number => {
      const key = `${a},${c},${b},${e}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      let sum = this.crossTrace(b, a, c, e);
      for (let first = 0; first < levels.length * k * k; first += k * k) {
        const left = d[first + c * k + a];
        const right = d[first + b * k + e];
        sum += left * right - left * diagonal[first + b * k + e] - right * diagonal[first + c * k + a];
      }
      cache.set(key, sum);
      return sum;
    };
    elements.forEach(({ row: a, col: b, at }, i) => {
      for (let j = i; j < elements.length; j++) {
        const { row: c, col: e, at: other } = elements[j];
        const half = (a === b ? 0.5 : 1) * (c === e ? 0.5 : 1);
        pairs[at * n + other] += 2 * half * (moment(a, c, b, e) + moment(a, e, b, c));
      }
    });
  }

  /** tr(E_b'F_a E_c'F_d) = Σ_xy G^{ba}_xy G^{cd}_yx over rows x and y of one connected part. */
  private crossTrace(b: number, a: number, c: number, d: number): number {
    const { design } = this.system.workspace;
    const { factors } = design;
    const { ncols: k, start, levels: own } = factors[this.factor];
    const length = own.length * k;
    const left = this.g[b * k + a];
    const right = this.g[c * k + d];
    const { nrows } = this;
    // Rows of the other factors by connected parts, each with its column in the slots.
    const members = new Map<number, { row: number; column: number }[]>();
    this.slots.forEach(({ factor: f, levels }, s) => {
      const { ncols, start: first } = factors[f];
      for (const l of levels) {
        const part = this.parts[f][l];
        const list = members.get(part) ?? [];
        if (list.length === 0) members.set(part, list);
        for (let i = 0; i < ncols; i++) {
          const at = first + l * ncols + i;
          list.push({ row: at < start ? at : at - length, column: this.columnOf[s] + i });
        }
      }
    });
    let sum = 0;
    for (const list of members.values()) {
      for (const x of list) {
        const base = x.column * nrows;
        for (const y of list) sum += left[y.column * nrows + x.row] * right[base + y.row];
      }
    }
    return sum;
  }

  /** two ← Z'Z one, in the columns as the user wrote them. */
  private timesZtz(): void {
    const { design, products, maps } = this.system.workspace;
    const { one, two } = this;
    applyTemplatesInto(design, maps, one, 1, two);
    timesZtzInto(design, products, two, 1, one);
    timesTemplatesInto(design, maps, one, 1, two);
  }

  private fillLevels(): void {
    const { design } = this.system.workspace;
    const { ncols: k, start, levels } = design.factors[this.factor];
    const gamma = this.gamma[this.factor];
    const counts = new Float64Array(levels.length * k * k);
    for (let c = 0; c < k; c++) {
      this.one.fill(0);
      for (let l = 0; l < levels.length; l++) this.one[start + l * k + c] = 1;
      this.timesZtz();
      for (let l = 0; l < levels.length; l++) {
        for (let a = 0; a < k; a++) counts[(l * k + c) * k + a] = this.two[start + l * k + a];
      }
    }
    const matrix = new Float64Array(k * k);
    for (let first = 0; first < counts.length; first += k * k) {
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) {
          let sum = a === c ? 1 : 0;
          for (let i = 0; i < k; i++) sum += counts[first + i * k + a] * gamma[c * k + i];
          matrix[c * k + a] = sum;
        }
      }
      const inverse = this.m.subarray(first, first + k * k);
      invertInto(matrix, k, inverse);
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) {
          let sum = 0;
          for (let i = 0; i < k; i++) sum += inverse[i * k + a] * counts[first + c * k + i];
          this.d[first + c * k + a] = sum;
        }
      }
    }
  }
}

/** out ← A⁻¹ by Gauss–Jordan elimination with row exchanges; A is destroyed. */
function invertInto(a: Float64Array, k: number, out: Float64Array): void {
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) out[j * k + i] = i === j ? 1 : 0;
  for (let p = 0; p < k; p++) {
    let best = p;
    for (let i = p + 1; i < k; i++) if (Math.abs(a[p * k + i]) > Math.abs(a[p * k + best])) best = i;
    const pivot = a[p * k + best];
    for (let j = 0; j < k; j++) {
      for (const x of [a, out]) {
        const value = x[j * k + best];
        x[j * k + best] = x[j * k + p];
        x[j * k + p] = value / pivot;
      }
    }
    for (let i = 0; i < k; i++) {
      if (i === p) continue;
      const factor = a[p * k + i];
      for (let j = 0; j < k; j++) {
        a[j * k + i] -= factor * a[j * k + p];
        out[j * k + i] -= factor * out[j * k + p];
      }
    }
  }
}
