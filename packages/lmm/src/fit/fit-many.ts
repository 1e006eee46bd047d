import type { ModelFrame } from "@lmmkit/formula";
import { checkResponse } from "../design/check-frame";
import { buildDesign } from "../design/design";
import { LmmError, type LmmErrorCode } from "../errors";
import { refuseInfinite, refusePerfect } from "../model/build-model";
import { PlsWorkspace } from "../pls/workspace";
import { refillableProducts } from "../products/from-frame";
import { refuseExplained } from "./fit-frame";
import { minimizeTheta } from "./minimize";
import type { FitOptions } from "./options";
import { isSingularTheta } from "./rectify";

/** Errors that are not about one response. */
const REFUSE_ALL: readonly LmmErrorCode[] = [
  "aborted",
  "unknown-option",
  "invalid-option",
  "invalid-structure",
];

/** lme4's tolerance of `isSingular`. */
const SINGULAR = 1e-4;

/** One model fitted to many responses; what belongs to a response stands at its position. */
export interface ManyFits {
  readonly thetaNames: readonly string[];
  readonly fixedNames: readonly string[];
  /** `ok`, or why there is no fit (then its numbers are NaN). */
  readonly status: readonly ("ok" | LmmErrorCode)[];
  /** nθ numbers each. */
  readonly theta: readonly Float64Array[];
  /** p numbers each, on the columns that are kept. */
  readonly beta: readonly Float64Array[];
  /** Standard errors of `beta`, p numbers each. */
  readonly stdError: readonly Float64Array[];
  readonly sigma: Float64Array;
  readonly criterion: Float64Array;
  /** Whether the certificate holds. */
  readonly converged: readonly boolean[];
  readonly singular: readonly boolean[];
  readonly evaluations: Int32Array;
}

/**
 * Fits one model to many responses (genes, voxels, simulated data). Design, products of the design's columns and the
 * symbolic factorization are made once; a response costs its own products and a search. Results do not depend on
 * what other responses there are.
 *
 * @param frame rows and designs; its own response is not fitted. Not changed
 * @param responses one number per row each; not changed
 * @throws LmmError for a frame that cannot be fitted, `aborted`; what is wrong with one response is its status
 */
export function fitMany(
  frame: ModelFrame,
  responses: readonly ArrayLike<number>[],
  options: FitOptions = {},
): ManyFits {
  const method = options.method ?? "REML";
  const design = buildDesign(frame, undefined, options.structures);
  const { products, withResponse } = refillableProducts(frame, design);
  const workspace = new PlsWorkspace(design, products);
  const { p } = workspace;
  const df = products.nobs - (method === "REML" ? p : 0);
  const name = frame.response === null ? "" : frame.response.name;
  const none = { theta: design.theta0.map(() => Number.NaN), beta: new Float64Array(p).fill(Number.NaN) };
  const fits = responses.map((response) => {
    try {
      const values = Float64Array.from(response);
      checkLength(values.length, frame.nobs);
      checkResponse(values, name);
      const own = withResponse(values);
      refuseExplained({ ...frame, response: { name, values } }, own);
      workspace.useResponse(own);
      const fit = minimizeTheta(workspace, options);
      refusePerfect(workspace, fit);
      refuseInfinite(fit.criterion);
      const sigma = Math.sqrt(workspace.pwrss / df);
      const variances = workspace.unscaledVcov();
      return {
        status: "ok" as const,
        theta: fit.theta,
        beta: workspace.solution().beta,
        stdError: none.beta.map((_, j) => sigma * Math.sqrt(variances[j * p + j])),
        sigma,
        criterion: fit.criterion,
        converged: fit.certificate.holds,
        singular: isSingularTheta(fit.theta, design, products, SINGULAR),
        evaluations: fit.optimizer.evaluations,
      };
    } catch (error) {
      if (!(error instanceof LmmError) || REFUSE_ALL.includes(error.code)) throw error;
      const failed = { converged: false, singular: false, evaluations: 0 };
      return {
        status: error.code,
        ...none,
        stdError: none.beta,
        sigma: Number.NaN,
        criterion: Number.NaN,
        ...failed,
      };
    }
  });
  return {
    thetaNames: design.thetaNames,
    fixedNames: design.fixedNames,
    status: fits.map((fit) => fit.status),
    theta: fits.map((fit) => fit.theta),
    beta: fits.map((fit) => fit.beta),
    stdError: fits.map((fit) => fit.stdError),
    sigma: Float64Array.from(fits, (fit) => fit.sigma),
    criterion: Float64Array.from(fits, (fit) => fit.criterion),
    converged: fits.map((fit) => fit.converged),
    singular: fits.map((fit) => fit.singular),
    evaluations: Int32Array.from(fits, (fit) => fit.evaluations),
  };
}

function checkLength(length: number, nobs: number): void {
  if (length === nobs) return;
  throw new LmmError(
    "response-length",
    `wrong length of response: ${length}`,
    length,
    `the model has ${nobs} rows`,
  );
}
