import { LmmError } from "../errors";
import type { Certificate, OptimizerReport } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { certify } from "./certificate";
import { type Coordinates, scaledCoordinates } from "./coordinates";
import { criterionAt } from "./criterion";
import type { FitOptions } from "./options";
import { rectifySignsInPlace, snapZeroColumnsInPlace } from "./rectify";
import { runBobyqa } from "./run-bobyqa";
import { runNewton } from "./run-newton";

/** Where the optimizer ended, and the evidence that it is a minimum. */
export interface ThetaFit {
  /** Diagonals of templates ≥ 0. */
  readonly theta: Float64Array;
  readonly criterion: number;
  readonly certificate: Certificate;
  readonly optimizer: OptimizerReport;
}

/** BOBYQA may stop this far from a bound that holds it. */
const AT_BOUND = 1e-4;

/** What a single run of an optimizer gives. */
export interface OptimizerRun {
  /** Signs as the run left them. */
  readonly theta: Float64Array;
  readonly report: OptimizerReport;
}

/**
 * Minimizes the criterion over θ.
 *
 * `auto` and `newton`: trust-region Newton with the exact gradient and the average-information matrix, on
 * scaled columns, from MINQUE(0) starting values; should the certificate fail, BOBYQA takes over. `bobyqa`:
 * Powell's method in θ itself within lme4's bounds, from identity templates; since the criterion is even in
 * every column of every template those bounds can trap it, so where it ends at a bound and the certificate
 * fails it goes on with the bounds lifted. Signs are rectified at the end. The workspace is left evaluated at the result.
 *
 * @throws LmmError for a start of the wrong length, an aborted signal, an unknown optimizer
 */
export function minimizeTheta(workspace: PlsWorkspace, options: FitOptions = {}): ThetaFit {
  const { design } = workspace;
  const start = startOf(workspace, options.start);
  const coordinates = scaledCoordinates(design, workspace.products);
  const name = chosenOptimizer(options);
  const unbounded = new Float64Array(start.length).fill(Number.NEGATIVE_INFINITY);
  if (name === "newton") {
    const given = options.start === undefined ? null : start;
    const first = finish(workspace, options, coordinates, runNewton(workspace, options, coordinates, given));
    if (first.certificate.holds || first.optimizer.status === "max-evaluations") return first;
    const rescue = runBobyqa(workspace, options, first.theta, unbounded);
    const second = finish(workspace, options, coordinates, joined(first, rescue));
    return second.criterion <= first.criterion ? second : finish(workspace, options, coordinates, first);
  }
  const first = finish(workspace, options, coordinates, runBobyqa(workspace, options, start, design.lower));
  const bounded = design.lower.some((bound, i) => first.theta[i] <= bound + AT_BOUND);
  if (first.certificate.holds || !bounded) return first;
  const lifted = runBobyqa(workspace, options, first.theta, unbounded);
  return finish(workspace, options, coordinates, joined(first, lifted));
}

function chosenOptimizer(options: FitOptions): "newton" | "bobyqa" {
  const { name = "auto", npt, rhobeg, rhoend } = options.optimizer ?? {};
  if (name === "bobyqa" || name === "newton") return name;
  if (name !== "auto") {
    throw new LmmError(
      "unknown-option",
      `unknown optimizer: "${name}"`,
      name,
      "choose auto, newton or bobyqa",
    );
  }
  return npt === undefined && rhobeg === undefined && rhoend === undefined ? "newton" : "bobyqa";
}

/** Rectifies signs, snaps columns that are all but zero, certifies, and leaves the workspace there. */
function finish(
  workspace: PlsWorkspace,
  options: FitOptions,
  coordinates: Coordinates,
  run: {
    readonly theta: Float64Array;
    readonly optimizer?: OptimizerReport;
    readonly report?: OptimizerReport;
  },
): ThetaFit {
  const { design } = workspace;
  const method = options.method ?? "REML";
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  const theta = run.theta.slice();
  rectifySignsInPlace(theta, design);
  snapZeroColumnsInPlace(theta, design, coordinates, objective);
  const certificate = certify(workspace, method, coordinates, theta);
  const criterion = objective(theta);
  const optimizer = run.report ?? run.optimizer;
  if (optimizer === undefined) throw new Error("a run without a report");
  return { theta, criterion, certificate, optimizer };
}

/** The second of two runs, reported with the evaluations of both. */
function joined(first: ThetaFit, second: OptimizerRun): OptimizerRun {
  const { optimizer } = first;
  const offset = optimizer.evaluations;
  return {
    theta: second.theta,
    report: {
      ...second.report,
      message: `${second.report.message.replace(/\.$/, "")}, in a second run without bounds.`,
      name:
        optimizer.name === second.report.name ? optimizer.name : `${optimizer.name}, ${second.report.name}`,
      evaluations: offset + second.report.evaluations,
      trace: [
        ...optimizer.trace,
        ...second.report.trace.map((step) => ({ ...step, evaluations: offset + step.evaluations })),
      ],
    },
  };
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
