import type { CscMatrix } from "@lmmkit/sparse";
import { sliceColumns } from "@lmmkit/sparse";
import { hatvalues } from "../diagnostics/hatvalues";
import { type RandomPca, rePCA } from "../diagnostics/re-pca";
import { singularValues } from "../diagnostics/singular-values";
import { coefTests } from "../inference/coef-tests";
import { dfResidual, fixefCorrelation, logLik, parameterCount, vcov } from "./accessors";
import { type BlockMatrix, crossProductBlocks, factorBlocks } from "./blocks";
import type { DenseMatrix } from "./dense-matrix";
import { sphericalEffects } from "./factor-matrices";
import { fixedMatrix } from "./fixed-matrix";
import type { LinearMixedModel, OptimizerReport } from "./linear-mixed-model";
import { randomLayout, randomMatrix } from "./random-matrices";
import { varCorr } from "./var-corr";

/** Standard deviations and correlations of one random-effects term. */
export interface TermSpread {
  readonly name: string;
  readonly columns: readonly string[];
  readonly stdDev: readonly number[];
  /** Below the diagonal, by rows. */
  readonly corr: readonly number[];
}

/** A fit under the property names of MixedModels.jl (its ASCII ones), each computed when it is read. */
export interface ModelProperties {
  readonly formula: string;
  readonly nobs: number;
  readonly dof: number;
  readonly dof_residual: number;
  /** −2 log-likelihood or the REML criterion. */
  readonly objective: number;
  readonly loglikelihood: number;
  /** β̂. */
  readonly beta: Float64Array;
  readonly stderror: Float64Array;
  /** Two-sided, from the normal distribution as there. */
  readonly pvalues: Float64Array;
  readonly vcov: number[][];
  /** Correlations of β̂. */
  readonly corr: number[][];
  readonly theta: Float64Array;
  readonly lowerbd: Float64Array;
  /** λ: the template T of each term, k×k. */
  readonly lambda: readonly DenseMatrix[];
  /** σ̂, and σ̂². */
  readonly sigma: number;
  readonly varest: number;
  /** σs: standard deviations, by term and column. */
  readonly sigmas: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** σρs: the same with correlations. */
  readonly sigmarhos: readonly TermSpread[];
  /** Conditional modes, per term effects × levels. */
  readonly b: readonly DenseMatrix[];
  /** The same on the spherical scale. */
  readonly u: readonly DenseMatrix[];
  readonly X: DenseMatrix;
  readonly y: Float64Array;
  /** Z by terms. */
  readonly Z: readonly CscMatrix[];
  readonly A: BlockMatrix;
  readonly L: BlockMatrix;
  readonly PCA: readonly RandomPca[];
  /** Condition number of each λ, its largest singular value over its smallest; Infinity where that is zero. */
  readonly cond: readonly number[];
  readonly leverage: Float64Array;
  readonly optsum: OptimizerReport;
}

/**
 * The properties of MixedModels.jl: an object whose getters compute what is read, and keep nothing.
 *
 * Those that need rows (`X`, `y`, `Z`, `A`, `L`, `leverage`) are refused by name on a model saved without data.
 */
export function properties(model: LinearMixedModel): ModelProperties {
  return {
    get formula() {
      return model.formula;
    },
    get nobs() {
      return model.nobs;
    },
    get dof() {
      return parameterCount(model);
    },
    get dof_residual() {
      return dfResidual(model);
    },
    get objective() {
      return model.criterion;
    },
    get loglikelihood() {
      return logLik(model).value;
    },
    get beta() {
      return model.beta.slice();
    },
    get stderror() {
      const p = model.beta.length;
      return model.beta.map((_, j) => Math.sqrt(model.vcov[j * p + j]));
    },
    get pvalues() {
      return Float64Array.from(coefTests(model, { ddf: "asymptotic" }).rows, (row) => row.pValue);
    },
    get vcov() {
      return vcov(model);
    },
    get corr() {
      return fixefCorrelation(model);
    },
    get theta() {
      return model.theta.slice();
    },
    get lowerbd() {
      return model.design.lower.slice();
    },
    get lambda() {
      return model.terms.map(({ template, columns }) => ({
        nrows: columns.length,
        ncols: columns.length,
        values: template.slice(),
        columnNames: columns,
      }));
    },
    get sigma() {
      return model.sigma;
    },
    get varest() {
      return model.sigma * model.sigma;
    },
    get sigmas() {
      return Object.fromEntries(
        varCorr(model).terms.map(({ name, terms, stdDev }) => [
          name,
          Object.fromEntries(terms.map((column, c) => [column, stdDev[c]])),
        ]),
      );
    },
    get sigmarhos() {
      return varCorr(model).terms.map(({ name, terms, stdDev, corr }) => ({
        name,
        columns: terms,
        stdDev,
        corr: corr.flatMap((row, i) => row.slice(0, i)),
      }));
    },
    get b() {
      return model.terms.map(({ modes, columns, levels }) => {
        const k = columns.length;
        const values = modes.map((_, at) => modes[(at % k) * levels.length + Math.floor(at / k)]);
        return { nrows: k, ncols: levels.length, values };
      });
    },
    get u() {
      const all = sphericalEffects(model);
      const { termStart } = randomLayout(model);
      return model.terms.map(({ columns, levels }, t) => ({
        nrows: columns.length,
        ncols: levels.length,
        values: all.slice(termStart[t], termStart[t + 1]),
      }));
    },
    get X() {
      return fixedMatrix(model);
    },
    get y() {
      return model.response.slice();
    },
    get Z() {
      const { termStart } = randomLayout(model);
      const z = randomMatrix(model);
      return model.terms.map((_, t) => sliceColumns(z, termStart[t], termStart[t + 1]));
    },
    get A() {
      return crossProductBlocks(model);
    },
    get L() {
      return factorBlocks(model);
    },
    get PCA() {
      return rePCA(model);
    },
    get cond() {
      return model.terms.map(({ template, columns }) => {
        const { values } = singularValues(template, columns.length);
        const smallest = values[values.length - 1];
        return smallest === 0 ? Number.POSITIVE_INFINITY : values[0] / smallest;
      });
    },
    get leverage() {
      return hatvalues(model);
    },
    get optsum() {
      return model.optimizer;
    },
  };
}
