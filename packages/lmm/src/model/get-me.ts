import { type CscMatrix, selectColumns, transpose } from "@lmmkit/sparse";
import { LmmError } from "../errors";
import { criterionAt } from "../fit/criterion";
import { PlsWorkspace } from "../pls/workspace";
import type { DenseMatrix } from "./dense-matrix";
import {
  conditionalModes,
  crossFactor,
  fixedFactor,
  type SparseFactor,
  sparseFactor,
  sphericalEffects,
} from "./factor-matrices";
import { fixedMatrix } from "./fixed-matrix";
import type { LinearMixedModel } from "./linear-mixed-model";
import {
  parameterIndex,
  randomLayout,
  randomMatrix,
  relativeFactor,
  sphericalMatrix,
  termMatrix,
} from "./random-matrices";

/** A grouping factor. */
export interface GroupingCodes {
  readonly name: string;
  readonly levels: readonly string[];
  /** Position of each row's level, from 0. */
  readonly codes: Int32Array;
}

/** The pieces of the deviance and the sizes of the model, named as lme4 names them. */
export interface DevianceComponents {
  readonly cmp: {
    /** log|L|². */
    readonly ldL2: number;
    /** log|RX|². */
    readonly ldRX2: number;
    /** Weighted residual sum of squares at the conditional modes. */
    readonly wrss: number;
    /** ‖u‖². */
    readonly ussq: number;
    /** wrss + ussq. */
    readonly pwrss: number;
    /** The REML criterion; null for ML. */
    readonly REML: number | null;
    /** The deviance; null for REML. */
    readonly dev: number | null;
    readonly sigmaML: number;
    readonly sigmaREML: number;
  };
  readonly dims: {
    readonly n: number;
    readonly p: number;
    /** n − p. */
    readonly nmp: number;
    readonly q: number;
    readonly nth: number;
    readonly reTrms: number;
    /** p for REML, 0 for ML. */
    readonly REML: number;
  };
}

/** Everything that `getME` can give, by lme4's names. Positions count from 0. */
export interface ModelQuantities {
  /** Fixed-effects model matrix, rows × p (kept columns). */
  readonly X: DenseMatrix;
  /** Random-effects model matrix, rows × q. */
  readonly Z: CscMatrix;
  readonly Zt: CscMatrix;
  /** Zt by single effects, `Subject.Days`: levels × rows each. */
  readonly Ztlist: readonly { readonly name: string; readonly matrix: CscMatrix }[];
  /** The terms' own model matrices, before they are spread over levels. */
  readonly mmList: readonly { readonly name: string; readonly matrix: DenseMatrix }[];
  readonly y: Float64Array;
  /** Conditional mean of the response, offset included. */
  readonly mu: Float64Array;
  /** Conditional modes of the spherical random effects. */
  readonly u: Float64Array;
  /** Conditional modes of the random effects, b = Λu. */
  readonly b: Float64Array;
  /** First column of each term in Z, and q. */
  readonly Gp: Int32Array;
  /** First parameter of each term in θ, and their number. */
  readonly Tp: Int32Array;
  /** P(Λ'Z'WZΛ + I)P' = LL'. */
  readonly L: SparseFactor;
  readonly Lambda: CscMatrix;
  readonly Lambdat: CscMatrix;
  /** Position in θ of each stored entry of `Lambdat`. */
  readonly Lind: Int32Array;
  /** The template T of each term, k×k lower triangular. */
  readonly Tlist: readonly DenseMatrix[];
  /** Λ'Z', q × rows. */
  readonly A: CscMatrix;
  readonly RX: DenseMatrix;
  readonly RZX: DenseMatrix;
  readonly sigma: number;
  readonly flist: readonly GroupingCodes[];
  readonly fixef: Float64Array;
  readonly beta: Float64Array;
  readonly theta: Float64Array;
  /** Per term: standard deviations over σ on the diagonal, and the unit lower triangular rest of T below it. */
  readonly ST: readonly DenseMatrix[];
  /** p for REML, 0 for ML. */
  readonly REML: number;
  readonly is_REML: boolean;
  /** Random-effects terms. */
  readonly n_rtrms: number;
  /** Grouping factors. */
  readonly n_rfacs: number;
  readonly N: number;
  readonly n: number;
  readonly p: number;
  readonly q: number;
  /** Effects per term. */
  readonly p_i: readonly number[];
  /** Levels per grouping factor. */
  readonly l_i: readonly number[];
  /** Columns of Z per term. */
  readonly q_i: readonly number[];
  /** Random-effects terms. */
  readonly k: number;
  /** Parameters per term. */
  readonly m_i: readonly number[];
  /** Parameters. */
  readonly m: number;
  /** Names of the effects of each term. */
  readonly cnms: readonly { readonly group: string; readonly columns: readonly string[] }[];
  readonly devcomp: DevianceComponents;
  /** Zeros where there is none. */
  readonly offset: Float64Array;
  /** Lower bounds of θ. */
  readonly lower: Float64Array;
  /** θ ↦ deviance or REML criterion, on a workspace of its own. */
  readonly devfun: (theta: ArrayLike<number>) => number;
}

/** What `getME` can be asked for. */
export type QuantityName = keyof ModelQuantities;

/** How each quantity is computed. */
const quantities: { readonly [N in QuantityName]: (model: LinearMixedModel) => ModelQuantities[N] } = {
  X: fixedMatrix,
  Z: randomMatrix,
  Zt: (model) => transpose(randomMatrix(model)),
  Ztlist: effectBlocks,
  mmList: (model) =>
    model.design.terms.map(({ frameIndex }, t) => ({
      name: model.frame.random[frameIndex].label,
      matrix: termMatrix(model, t),
    })),
  y: ({ response }) => response.slice(),
  mu: ({ fitted }) => fitted.slice(),
  u: sphericalEffects,
  b: conditionalModes,
  Gp: (model) => randomLayout(model).termStart,
  Tp: ({ design }) => Int32Array.of(...design.terms.map((term) => term.thetaStart), design.theta0.length),
  L: sparseFactor,
  Lambda: relativeFactor,
  Lambdat: (model) => transpose(relativeFactor(model)),
  Lind: parameterPositions,
  Tlist: ({ terms }) => terms.map(({ template }) => square(template.slice())),
  A: (model) => transpose(sphericalMatrix(model)),
  RX: fixedFactor,
  RZX: crossFactor,
  sigma: ({ sigma }) => sigma,
  flist: ({ design, frame }) =>
    design.factors.map(({ name, levels }, f) => {
      const term = design.terms.find(({ factor }) => factor === f);
      return {
        name,
        levels,
        codes: frame.random[term === undefined ? 0 : term.frameIndex].group.codes.slice(),
      };
    }),
  fixef: ({ beta }) => beta.slice(),
  beta: ({ beta }) => beta.slice(),
  theta: ({ theta }) => theta.slice(),
  ST: ({ terms }) => terms.map(({ template, columns }) => square(standardized(template, columns.length))),
  REML: ({ method, beta }) => (method === "REML" ? beta.length : 0),
  is_REML: ({ method }) => method === "REML",
  n_rtrms: ({ terms }) => terms.length,
  n_rfacs: ({ design }) => design.factors.length,
  N: ({ nobs }) => nobs,
  n: ({ nobs }) => nobs,
  p: ({ beta }) => beta.length,
  q: ({ design }) => design.q,
  p_i: ({ terms }) => terms.map(({ columns }) => columns.length),
  l_i: ({ design }) => design.factors.map(({ levels }) => levels.length),
  q_i: ({ terms }) => terms.map(({ columns, levels }) => columns.length * levels.length),
  k: ({ terms }) => terms.length,
  m_i: parameterCounts,
  m: ({ theta }) => theta.length,
  cnms: ({ terms }) => terms.map(({ group, columns }) => ({ group, columns })),
  devcomp: devianceComponents,
  offset: ({ offset, response }) => offset?.slice() ?? new Float64Array(response.length),
  lower: ({ design }) => design.lower.slice(),
  devfun: ({ design, products, method }) => {
    const workspace = new PlsWorkspace(design, products);
    return (theta) => criterionAt(workspace, method, theta);
  },
};

/** Every name that `getME` knows. */
export function quantityNames(): readonly QuantityName[] {
  return Object.keys(quantities) as QuantityName[];
}

/**
 * A quantity of a fit under the name that R's `getME` has for it, as plain data.
 *
 * Columns of Z, entries of u and b and rows of Λ are in lme4's order: term by term, level by level. Positions
 * (`Lind`, `Gp`, `Tp`, codes, permutations) count from 0. The fill-reducing permutation is this engine's own, so L
 * and RZX equal lme4's up to that permutation. Given several names, an object with each of them.
 *
 * @throws LmmError `unknown-quantity` for a name that is none, listing them; `unsupported-structure` for `Lind` of a
 *   covariance structure whose template holds no parameters
 */
export function getME<N extends QuantityName>(model: LinearMixedModel, name: N): ModelQuantities[N];
export function getME<N extends QuantityName>(
  model: LinearMixedModel,
  names: readonly N[],
): Pick<ModelQuantities, N>;
export function getME(model: LinearMixedModel, name: QuantityName | readonly QuantityName[]): unknown {
  if (typeof name !== "string") {
    return Object.fromEntries(name.map((one) => [one, getME(model, one)]));
  }
  if (Object.hasOwn(quantities, name)) return quantities[name](model);
  throw new LmmError(
    "unknown-quantity",
    `unknown quantity: ${JSON.stringify(name)}`,
    name,
    `choose among ${quantityNames().join(", ")}`,
  );
}

/** The rows of Zt that belong to one effect. */
function effectBlocks(model: LinearMixedModel): ModelQuantities["Ztlist"] {
  const z = randomMatrix(model);
  const { termStart } = randomLayout(model);
  return model.terms.flatMap(({ group, columns, levels }, t) =>
    columns.map((column, c) => {
      const own = Int32Array.from(levels, (_, l) => termStart[t] + l * columns.length + c);
      return { name: `${group}.${column}`, matrix: transpose(selectColumns(z, own)) };
    }),
  );
}

function parameterPositions(model: LinearMixedModel): Int32Array {
  const index = parameterIndex(model);
  if (index !== null) return index;
  throw new LmmError(
    "unsupported-structure",
    "no positions in theta: the entries of a template are functions of several parameters",
    "Lind",
    "read the templates themselves: Tlist",
  );
}

function parameterCounts({ design }: LinearMixedModel): number[] {
  return design.terms.map(({ thetaStart }, t) => {
    const next = design.terms[t + 1];
    return (next === undefined ? design.theta0.length : next.thetaStart) - thetaStart;
  });
}

function devianceComponents(model: LinearMixedModel): DevianceComponents {
  const { nobs, beta, pwrss, method, criterion, design, theta } = model;
  const p = beta.length;
  let ussq = 0;
  for (const value of sphericalEffects(model)) ussq += value * value;
  return {
    cmp: {
      ldL2: model.logDetL2,
      ldRX2: model.logDetRX2,
      wrss: pwrss - ussq,
      ussq,
      pwrss,
      REML: method === "REML" ? criterion : null,
      dev: method === "ML" ? criterion : null,
      sigmaML: Math.sqrt(pwrss / nobs),
      sigmaREML: Math.sqrt(pwrss / (nobs - p)),
    },
    dims: {
      n: nobs,
      p,
      nmp: nobs - p,
      q: design.q,
      nth: theta.length,
      reTrms: design.terms.length,
      REML: method === "REML" ? p : 0,
    },
  };
}

/** T = (unit lower triangular)·S in lme4's packing: S on the diagonal. */
function standardized(template: Float64Array, k: number): Float64Array {
  return template.map((value, at) => {
    const col = Math.floor(at / k);
    return at % k === col ? value : at % k > col ? value / template[col * k + col] : 0;
  });
}

function square(values: Float64Array): DenseMatrix {
  const k = Math.round(Math.sqrt(values.length));
  return { nrows: k, ncols: k, values };
}
