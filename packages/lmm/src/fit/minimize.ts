import { bobyqa } from "@lmmkit/optim";
import { LmmError } from "../errors";
import type { OptimizerReport, RhoStep } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { type Certificate, certify } from "./certificate";
import { criterionAt } from "./criterion";
import type { FitOptions } from "./options";
import { rectifySignsInPlace, snapZeroColumnsInPlace } from "./rectify";

/** Where the optimizer ended, and the evidence that it is a minimum. */
export interface ThetaFit {
  /** Diagonals of templates ≥ 0. */
  readonly theta: Float64Array;
  readonly criterion: number;
  readonly certificate: Certificate;
  readonly optimizer: OptimizerReport;
}

/**
 * Minimizes the criterion over θ.
 *
 * The bounds on the diagonal of T are lifted during the search, for the criterion is even in every
 * column of every template and a bound there makes spurious minima; signs are rectified at the end.
 * The workspace is left evaluated at the result.
 *
 * @throws LmmError for a start of the wrong length, an aborted signal, an unknown optimizer
 */
export function minimizeTheta(workspace: PlsWorkspace, options: FitOptions = {}): ThetaFit {
  const { design } = workspace;
  const method = options.method ?? "REML";
  const start = startOf(workspace, options.start);
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  const run = runBobyqa(objective, start, options);
  const theta = run.theta;
  rectifySignsInPlace(theta, design);
  const value = snapZeroColumnsInPlace(theta, design, objective(theta), objective);
  const certificate = certify(workspace, method, theta, value);
  objective(theta);
  return { theta, criterion: value, certificate, optimizer: run.report };
}

function startOf(workspace: PlsWorkspace, start: ArrayLike<number> | undefined): Float64Array {
  const { theta0, thetaNames } = workspace.design;
  if (start === undefined) return theta0.slice();
  if (start.length !== theta0.length) {
    throw new LmmError(
      "theta-length",
      `wrong length of start: ${start.length}`,
      start.length,
      `this model has ${theta0.length} parameters: ${thetaNames.join(", ")}`,
    );
  }
  const theta = Float64Array.from(start);
  const bad = theta.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new LmmError("theta-not-finite", `not finite start: ${theta[bad]}`, theta[bad], "give numbers");
  }
  return theta;
}

interface Run {
  readonly theta: Float64Array;
  readonly report: OptimizerReport;
}

function runBobyqa(
  objective: (theta: Float64Array) => number,
  start: Float64Array,
  options: FitOptions,
): Run {
  const n = start.length;
  const asked = options.optimizer ?? {};
  const name = asked.name ?? "auto";
  if (name !== "auto" && name !== "bobyqa") {
    throw new LmmError("unknown-option", `unknown optimizer: "${name}"`, name, "choose auto or bobyqa");
  }
  let largest = 0;
  for (const value of start) largest = Math.max(largest, Math.abs(value));
  const npt = asked.npt ?? 2 * n + 1;
  const rhobeg = asked.rhobeg ?? Math.min(0.95, 0.2 * (largest || 1));
  const rhoend = asked.rhoend ?? 1e-6 * rhobeg;
  const trace: RhoStep[] = [];
  const result = bobyqa(objective, start, {
    npt,
    rhobeg,
    rhoend,
    maxEvaluations: asked.maxEvaluations,
    signal: options.signal,
    onEvaluation: (theta, value, evaluations) => {
      options.onEvaluation?.(theta, value, evaluations);
    },
    onRho: (rho, evaluations, value, theta) => {
      trace.push({ rho, evaluations, criterion: value, theta: theta.slice() });
      options.onRho?.(rho, evaluations, value, theta);
    },
  });
  if (options.signal?.aborted) {
    throw new LmmError("aborted", "aborted fit", options.signal.reason, "the signal was aborted");
  }
  return {
    theta: Float64Array.from(result.x),
    report: {
      name: "bobyqa",
      npt,
      rhobeg,
      rhoend,
      evaluations: result.evaluations,
      status: result.status,
      message: result.message,
      trace,
    },
  };
}
