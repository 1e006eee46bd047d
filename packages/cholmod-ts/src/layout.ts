import { choleskyTrapezoidsInPlace } from "@lmmkit/dense";
import type { Permutation } from "@lmmkit/sparse";
import { inverseSimplicialInto, SimplicialInverseWorkspace } from "./inverse-simplicial";
import { inverseSupernodalInto, SupernodalInverseWorkspace } from "./inverse-supernodal";
import {
  factorizeSimplicialInPlace,
  SimplicialWorkspace,
  solveLowerSimplicialInPlace,
  solveUpperSimplicialInPlace,
} from "./simplicial";
import type { SolvePlan } from "./solve-system";
import { gatherFromSupernodes, SupernodalSolver } from "./supernodal-solve";
import { SupernodalWorkspace } from "./supernodal-workspace";
import type { ColumnPattern, FactorType, SupernodePartition, Symbolic } from "./symbolic";

/** What the numeric phase does with an array of values, however L is laid out in it. */
export interface FactorLayout {
  /** An array of zeros for values, where this layout works on it best. */
  allocate(length: number): Float64Array;
  /** Overwrites the lower triangle of P A P' by L; −1, or the place of the pivot that was not positive. */
  factorizeInPlace(values: Float64Array): number;
  /** All steps of a plan for `ncols` columns from `offset` on; D is the identity for L L'. */
  solveInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number, plan: SolvePlan): void;
  /** The entries of (L L')⁻¹ that L has entries for, in the same places. The first call allocates. */
  inverseInto(values: Float64Array, out: Float64Array): void;
  /** A copy of the values on the sorted pattern of L. */
  onPattern(colPtr: Int32Array, rowIdx: Int32Array, values: Float64Array): Float64Array;
}

/** The layout that the analysis chose, with its work space. L D L' is always simplicial. */
export function createLayout(symbolic: Symbolic, type: FactorType): FactorLayout {
  const { permutation, simplicial, supernodes } = symbolic;
  return supernodes === null || type === "LDLt"
    ? new SimplicialLayout(permutation, simplicial!, type)
    : new SupernodalLayout(permutation, supernodes, symbolic.flops);
}

/** Solves step by step, where the right-hand sides are. */
abstract class StepwiseLayout {
  private readonly vector: Float64Array;

  constructor(protected readonly permutation: Permutation) {
    this.vector = new Float64Array(permutation.length);
  }

  solveInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number, plan: SolvePlan): void {
    if (plan.permute) this.permuteInPlace(x, ncols, offset);
    if (plan.lower) this.solveLowerInPlace(x, values, ncols, offset);
    if (plan.diagonal) this.solveDiagonalInPlace(x, values, ncols, offset);
    if (plan.upper) this.solveUpperInPlace(x, values, ncols, offset);
    if (plan.unpermute) this.unpermuteInPlace(x, ncols, offset);
  }

  protected abstract solveLowerInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
  ): void;

  protected abstract solveUpperInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
  ): void;

  protected abstract solveDiagonalInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
  ): void;

  private permuteInPlace(x: Float64Array, ncols: number, offset: number): void {
    const { permutation, vector } = this;
    const n = vector.length;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let k = 0; k < n; k++) vector[k] = x[base + permutation[k]];
      for (let k = 0; k < n; k++) x[base + k] = vector[k];
    }
  }

  private unpermuteInPlace(x: Float64Array, ncols: number, offset: number): void {
    const { permutation, vector } = this;
    const n = vector.length;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let k = 0; k < n; k++) vector[permutation[k]] = x[base + k];
      for (let k = 0; k < n; k++) x[base + k] = vector[k];
    }
  }
}

class SimplicialLayout extends StepwiseLayout implements FactorLayout {
  private readonly work: SimplicialWorkspace;
  private inverseWork: SimplicialInverseWorkspace | null = null;
  private readonly unit: boolean;

  constructor(
    permutation: Permutation,
    private readonly pattern: ColumnPattern,
    type: FactorType,
  ) {
    super(permutation);
    this.unit = type === "LDLt";
    this.work = new SimplicialWorkspace(permutation.length);
  }

  allocate(length: number): Float64Array {
    return new Float64Array(length);
  }

  factorizeInPlace(values: Float64Array): number {
    const { colPtr, rowIdx } = this.pattern;
    return factorizeSimplicialInPlace(values, this.permutation.length, colPtr, rowIdx, this.unit, this.work);
  }

  protected solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    const { colPtr, rowIdx } = this.pattern;
    const n = this.permutation.length;
    solveLowerSimplicialInPlace(x, n, colPtr, rowIdx, values, this.unit, ncols, offset);
  }

  protected solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    const { colPtr, rowIdx } = this.pattern;
    const n = this.permutation.length;
    solveUpperSimplicialInPlace(x, n, colPtr, rowIdx, values, this.unit, ncols, offset);
  }

  protected solveDiagonalInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    if (!this.unit) return;
    const n = this.permutation.length;
    const { colPtr } = this.pattern;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let j = 0; j < n; j++) x[base + j] /= values[colPtr[j]];
    }
  }

  inverseInto(values: Float64Array, out: Float64Array): void {
    const { colPtr, rowIdx } = this.pattern;
    const n = this.permutation.length;
    this.inverseWork ??= new SimplicialInverseWorkspace(n);
    inverseSimplicialInto(values, n, colPtr, rowIdx, this.unit, this.inverseWork, out);
  }

  onPattern(_colPtr: Int32Array, _rowIdx: Int32Array, values: Float64Array): Float64Array {
    return values.slice();
  }
}

class SupernodalLayout extends StepwiseLayout implements FactorLayout {
  private readonly work: SupernodalWorkspace;
  private readonly solver: SupernodalSolver;
  private inverseWork: SupernodalInverseWorkspace | null = null;

  constructor(
    permutation: Permutation,
    private readonly partition: SupernodePartition,
    flops: number,
  ) {
    super(permutation);
    this.work = new SupernodalWorkspace(permutation.length, partition, flops);
    this.solver = new SupernodalSolver(permutation.length, this.work);
  }

  allocate(length: number): Float64Array {
    return this.work.allocate(length);
  }

  factorizeInPlace(values: Float64Array): number {
    return choleskyTrapezoidsInPlace(values, this.work.blocks, this.work, this.work.packing);
  }

  override solveInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
    plan: SolvePlan,
  ): void {
    if (this.solver.whole && (plan.lower || plan.upper)) {
      this.solver.solveInPlace(x, values, ncols, offset, plan, this.permutation);
    } else super.solveInPlace(x, values, ncols, offset, plan);
  }

  protected solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    this.solver.solveTriangleInPlace(x, values, ncols, offset, "none");
  }

  protected solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    this.solver.solveTriangleInPlace(x, values, ncols, offset, "transpose");
  }

  protected solveDiagonalInPlace(): void {}

  inverseInto(values: Float64Array, out: Float64Array): void {
    this.inverseWork ??= new SupernodalInverseWorkspace(this.partition, this.work);
    inverseSupernodalInto(values, this.partition, this.inverseWork, out);
  }

  onPattern(colPtr: Int32Array, rowIdx: Int32Array, values: Float64Array): Float64Array {
    return gatherFromSupernodes(this.partition, colPtr, rowIdx, values);
  }
}
