import { inverseSimplicialInto, SimplicialInverseWorkspace } from "./inverse-simplicial";
import { inverseSupernodalInto, SupernodalInverseWorkspace } from "./inverse-supernodal";
import { factorizeLdltInPlace, solveUnitLowerInPlace, solveUnitUpperInPlace } from "./ldlt";
import {
  factorizeSimplicialInPlace,
  SimplicialWorkspace,
  solveLowerSimplicialInPlace,
  solveUpperSimplicialInPlace,
} from "./simplicial";
import { factorizeSupernodalInPlace } from "./supernodal";
import {
  gatherFromSupernodes,
  solveLowerSupernodalInPlace,
  solveUpperSupernodalInPlace,
} from "./supernodal-solve";
import { SupernodalWorkspace } from "./supernodal-workspace";
import type { FactorType, SupernodePartition, Symbolic } from "./symbolic";

/** What the numeric phase does with an array of values, however L is laid out in it. */
export interface FactorLayout {
  /** An array of zeros for values, where this layout works on it best. */
  allocate(length: number): Float64Array;
  /** Overwrites the lower triangle of P A P' by L; −1, or the place of the pivot that was not positive. */
  factorizeInPlace(values: Float64Array): number;
  /** x ← L⁻¹ x for `ncols` columns from `offset` on. */
  solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void;
  /** x ← L'⁻¹ x for `ncols` columns from `offset` on. */
  solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void;
  /** x ← D⁻¹ x for `ncols` columns from `offset` on; D is the identity for L L'. */
  solveDiagonalInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void;
  /** The entries of (L L')⁻¹ that L has entries for, in the same places. The first call allocates. */
  inverseInto(values: Float64Array, out: Float64Array): void;
  /** A copy of the values on the sorted pattern of L. */
  onPattern(colPtr: Int32Array, rowIdx: Int32Array, values: Float64Array): Float64Array;
}

/** The layout that the analysis chose, with its work space. L D L' is always simplicial. */
export function createLayout(symbolic: Symbolic, type: FactorType): FactorLayout {
  const { n, simplicial, supernodes } = symbolic;
  if (type === "LDLt") return new LdltLayout(n, simplicial!.colPtr, simplicial!.rowIdx);
  return supernodes === null
    ? new SimplicialLayout(n, simplicial!.colPtr, simplicial!.rowIdx)
    : new SupernodalLayout(n, supernodes, symbolic.flops);
}

class SimplicialLayout implements FactorLayout {
  private readonly work: SimplicialWorkspace;
  private inverseWork: SimplicialInverseWorkspace | null = null;

  constructor(
    private readonly n: number,
    private readonly colPtr: Int32Array,
    private readonly rowIdx: Int32Array,
  ) {
    this.work = new SimplicialWorkspace(n);
  }

  allocate(length: number): Float64Array {
    return new Float64Array(length);
  }

  factorizeInPlace(values: Float64Array): number {
    return factorizeSimplicialInPlace(values, this.n, this.colPtr, this.rowIdx, this.work);
  }

  solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveLowerSimplicialInPlace(x, this.n, this.colPtr, this.rowIdx, values, ncols, offset);
  }

  solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveUpperSimplicialInPlace(x, this.n, this.colPtr, this.rowIdx, values, ncols, offset);
  }

  solveDiagonalInPlace(): void {}

  inverseInto(values: Float64Array, out: Float64Array): void {
    this.inverseWork ??= new SimplicialInverseWorkspace(this.n);
    inverseSimplicialInto(values, this.n, this.colPtr, this.rowIdx, false, this.inverseWork, out);
  }

  onPattern(_colPtr: Int32Array, _rowIdx: Int32Array, values: Float64Array): Float64Array {
    return values.slice();
  }
}

class LdltLayout implements FactorLayout {
  private readonly work: SimplicialWorkspace;
  private inverseWork: SimplicialInverseWorkspace | null = null;

  constructor(
    private readonly n: number,
    private readonly colPtr: Int32Array,
    private readonly rowIdx: Int32Array,
  ) {
    this.work = new SimplicialWorkspace(n);
  }

  allocate(length: number): Float64Array {
    return new Float64Array(length);
  }

  factorizeInPlace(values: Float64Array): number {
    return factorizeLdltInPlace(values, this.n, this.colPtr, this.rowIdx, this.work);
  }

  solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveUnitLowerInPlace(x, this.n, this.colPtr, this.rowIdx, values, ncols, offset);
  }

  solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveUnitUpperInPlace(x, this.n, this.colPtr, this.rowIdx, values, ncols, offset);
  }

  solveDiagonalInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    const { n, colPtr } = this;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let j = 0; j < n; j++) x[base + j] /= values[colPtr[j]];
    }
  }

  inverseInto(values: Float64Array, out: Float64Array): void {
    this.inverseWork ??= new SimplicialInverseWorkspace(this.n);
    inverseSimplicialInto(values, this.n, this.colPtr, this.rowIdx, true, this.inverseWork, out);
  }

  onPattern(_colPtr: Int32Array, _rowIdx: Int32Array, values: Float64Array): Float64Array {
    return values.slice();
  }
}

class SupernodalLayout implements FactorLayout {
  private readonly work: SupernodalWorkspace;
  private inverseWork: SupernodalInverseWorkspace | null = null;

  constructor(
    private readonly n: number,
    private readonly partition: SupernodePartition,
    flops: number,
  ) {
    this.work = new SupernodalWorkspace(n, partition, flops);
  }

  allocate(length: number): Float64Array {
    return this.work.allocate(length);
  }

  factorizeInPlace(values: Float64Array): number {
    return factorizeSupernodalInPlace(values, this.partition, this.work);
  }

  solveLowerInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveLowerSupernodalInPlace(x, this.n, this.partition, values, ncols, offset);
  }

  solveUpperInPlace(x: Float64Array, values: Float64Array, ncols: number, offset: number): void {
    solveUpperSupernodalInPlace(x, this.n, this.partition, values, ncols, offset);
  }

  solveDiagonalInPlace(): void {}

  inverseInto(values: Float64Array, out: Float64Array): void {
    this.inverseWork ??= new SupernodalInverseWorkspace(this.partition, this.work);
    inverseSupernodalInto(values, this.partition, this.inverseWork, out);
  }

  onPattern(colPtr: Int32Array, rowIdx: Int32Array, values: Float64Array): Float64Array {
    return gatherFromSupernodes(this.partition, colPtr, rowIdx, values);
  }
}
