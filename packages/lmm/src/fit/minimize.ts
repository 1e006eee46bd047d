import { LmmError } from "../errors";
import type { Certificate, OptimizerReport } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { certificateOfRegular, certify, type Derivatives } from "./certificate";
import { type Coordinates, scaledCoordinates } from "./coordinates";
import { criterionAt } from "./criterion";
import type { FitOptions } from "./options";
import { rectifySignsInPlace, snapZeroColumnsInPlace } from "./rectify";
import { runBobyqa } from "./run-bobyqa";
import { runNewton } from "./run-newton";
import { secondStart } from "./second-start";

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
  /** What the run knows at `theta`, in scaled coordinates; spares the certificate an evaluation. */
  readonly derivatives?: Derivatives;
}

/**
 * Minimizes the criterion over θ.
 *
 * `auto` and `newton`: trust-region Newton with the exact gradient and the average-information matrix, on
 * scaled columns, from MINQUE(0) starting values, and from a second start where another minimum is likely
 * (`secondStart`); should the certificate fail, BOBYQA takes over. `bobyqa`:
 * Powell's method in θ itself within lme4's bounds, from identity templates; since the criterion is even in
 * every column of every template those bounds can trap it, so where it ends at a bound and the certificate
 * fails it goes on with the bounds lifted. Signs are rectified at the end. The workspace is left evaluated at the result.
 *
 * @throws LmmError for a start of the wrong length, an aborted signal, an unknown optimizer
 */
export function minimizeTheta(workspace: PlsWorkspace, options: FitOptions = {}): ThetaFit {
  const fit = search(workspace, options);
  workspace.evaluate(fit.theta);
  return fit;
}

function search(workspace: PlsWorkspace, options: FitOptions): ThetaFit {
  const { design } = workspace;
  const start = startOf(workspace, options.start);
  const coordinates = scaledCoordinates(design, workspace.products);
  const name = chosenOptimizer(options);
  const unbounded = new Float64Array(start.length).fill(Number.NEGATIVE_INFINITY);
  if (name === "newton") {
    const given = options.start === undefined ? null : start;
    const found = finish(workspace, options, coordinates, runNewton(workspace, options, coordinates, given));
    const first = lowerMinimum(workspace, options, coordinates, found);
    if (first.certificate.holds || first.optimizer.status === "max-evaluations") return first;
    const rescue = runBobyqa(workspace, options, first.theta, unbounded);
    const second = finish(workspace, options, coordinates, joined(first, rescue));
    return second.criterion <= first.criterion ? second : first;
  }
  const first = finish(workspace, options, coordinates, runBobyqa(workspace, options, start, design.lower));
  const bounded = design.lower.some((bound, i) => first.theta[i] <= bound + AT_BOUND);
  if (first.certificate.holds || !bounded) return first;
  const lifted = runBobyqa(workspace, options, first.theta, unbounded);
  return finish(workspace, options, coordinates, joined(first, lifted));
}

/** The minimum found, or a lower one where a second start leads. */
function lowerMinimum(
  workspace: PlsWorkspace,
  options: FitOptions,
  coordinates: Coordinates,
  found: ThetaFit,
): ThetaFit {
  if (found.optimizer.status === "max-evaluations") return found;
  const { theta, evaluations } = secondStart(
    workspace,
    options.method ?? "REML",
    coordinates,
    found.theta,
    found.criterion,
  );
  const looked = counting(found, evaluations);
  if (theta === null) return looked;
  const again = finish(workspace, options, coordinates, runNewton(workspace, options, coordinates, theta));
  if (again.criterion < found.criterion) return counting(again, looked.optimizer.evaluations);
  return counting(looked, again.optimizer.evaluations);
}

/** The same fit, with evaluations that were spent besides. */
function counting(fit: ThetaFit, more: number): ThetaFit {
  return { ...fit, optimizer: { ...fit.optimizer, evaluations: fit.optimizer.evaluations + more } };
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

/** Rectifies signs, snaps columns that are all but zero, and certifies. */
function finish(
  workspace: PlsWorkspace,
  options: FitOptions,
  coordinates: Coordinates,
  run: OptimizerRun,
): ThetaFit {
  const { design } = workspace;
  const method = options.method ?? "REML";
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  const theta = run.theta.slice();
  rectifySignsInPlace(theta, design);
  const snapped = snapZeroColumnsInPlace(theta, design, coordinates, objective);
  const criterion = objective(theta);
  const certificate =
    (snapped ? null : certificateOfRegular(design, criterion, run.derivatives)) ??
    certify(workspace, method, coordinates, theta);
  return { theta, criterion, certificate, optimizer: run.report };
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
