import { patternOfFactor, simplicialSymbolic } from "./build-symbolic";
import { checkType } from "./check-input";
import { CholmodError } from "./errors";
import { createLayout, type FactorLayout } from "./layout";
import { toLDLtInPlace, toLLtInPlace } from "./ldlt";
import type { FactorType, Symbolic } from "./symbolic";

/** What a factor consists of, for the routines that change more than its values. */
export class FactorState {
  symbolic: Symbolic;
  type: FactorType;
  /** L, and D for L D L', as the layout has them. */
  values: Float64Array;
  layout: FactorLayout;
  /** Entries of the inverse in the same layout; made when first asked for. */
  inverse: Float64Array | null = null;
  inverseIsCurrent = false;

  constructor(symbolic: Symbolic, type: FactorType) {
    checkType(type);
    if (!symbolic?.target) {
      throw new CholmodError("not-a-matrix", "invalid symbolic factorization", symbolic, "analyze makes one");
    }
    this.type = type;
    this.symbolic = type === "LDLt" ? simplicialSymbolic(symbolic) : symbolic;
    this.layout = createLayout(this.symbolic, type);
    this.values = this.layout.allocate(this.symbolic.valueCount);
  }

  /** Other entries of L, with their values. */
  replace(symbolic: Symbolic, values: Float64Array): void {
    this.symbolic = symbolic;
    this.values = values;
    this.layout = createLayout(symbolic, this.type);
    this.inverse = null;
    this.inverseIsCurrent = false;
  }

  /** Lays L out by columns, if it is not yet. */
  makeSimplicial(): void {
    const { symbolic } = this;
    if (symbolic.kind === "simplicial") return;
    const { colPtr, rowIdx } = patternOfFactor(symbolic);
    this.replace(simplicialSymbolic(symbolic), this.layout.onPattern(colPtr, rowIdx, this.values));
  }

  /** Turns L L' into L D L' or back, in place. Throws when D has an entry that is not positive. */
  changeType(type: FactorType): void {
    checkType(type);
    if (type === this.type) return;
    this.makeSimplicial();
    const { n, simplicial } = this.symbolic;
    const { colPtr } = simplicial!;
    if (type === "LLt") {
      const bad = colPtr.subarray(0, n).findIndex((p) => !(this.values[p] > 0));
      if (bad !== -1) {
        throw new CholmodError(
          "not-positive-definite",
          "pivot not positive at column",
          this.symbolic.permutation[bad],
          "an indefinite matrix has no factor L L'",
        );
      }
      toLLtInPlace(this.values, n, colPtr);
    } else {
      toLDLtInPlace(this.values, n, colPtr);
    }
    this.type = type;
    this.layout = createLayout(this.symbolic, type);
    this.inverseIsCurrent = false;
  }
}
