import { OptimError } from "@lmmkit/optim";
import { type ThetaBounds, thetaBounds } from "../design/theta-bounds";
import { tryStructuresAt } from "../design/try-structures";
import { LmmError } from "../errors";
import type { Certificate, OptimizerReport } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { certificateOfRegular, certify } from "./certificate";
import { scaledCoordinates } from "./coordinates";
import { criterionAt } from "./criterion";
import { narrowed } from "./narrow";
import type { FitOptions, OptimizerName } from "./options";
import { rectifySignsInPlace, snapZeroColumnsInPlace } from "./rectify";
import { runBobyqa } from "./run-bobyqa";
import { runFreely } from "./run-freely";
import { runLbfgs } from "./run-lbfgs";
import { runNelderMead } from "./run-nelder-mead";
import { runNewton } from "./run-newton";
import { runNewuoa } from "./run-newuoa";
import type { OptimizerRun, Search } from "./search";
import { secondStart } from "./second-start";
import { settleExplained } from "./settle-explained";

/** Where the optimizer ended, and the evidence that it is a minimum. */
export interface ThetaFit {
  /** Diagonals of templates ≥ 0. */
  readonly theta: Float64Array;
  readonly criterion: number;
  readonly certificate: Certificate;
  readonly optimizer: OptimizerReport;
}

/** Every optimizer that can be chosen by name. */
export const optimizerNames: readonly OptimizerName[] = [
  "newton",
  "bobyqa",
  "newuoa",
  "nelder-mead",
  "lbfgs",
];

/** BOBYQA may stop this far from a bound that holds it. */
const AT_BOUND = 1e-4;

/**
 * Minimizes the criterion over θ.
 *
 * `auto` and `newton`: trust-region Newton with the exact gradient and the average-information matrix, on
 * scaled columns, from MINQUE(0) starting values, and from a second start where another minimum is likely
 * (`secondStart`); where it takes too long, L-BFGS goes on, and should the certificate fail, BOBYQA takes over. `bobyqa`: Powell's method in θ itself
 * within lme4's bounds, from identity templates; since the criterion is even in every column of every
 * template those bounds can trap it, and covariates in large units slow it down, so where the certificate
 * fails it goes on without bounds and in scaled columns. `newuoa`: the same method without bounds and in scaled
 * columns from the start. `nelder-mead`: the simplex method, likewise.
 * `lbfgs`: a limited-memory quasi-Newton method with the exact gradient, without bounds, with second starts as for
 * `newton`. Signs are
 * rectified at the end. Where X has more columns than Z, the search runs on as many as Z has (`narrowed`).
 *
 * @param workspace left evaluated at the result
 * @throws LmmError for a start of the wrong length, an aborted signal, an unknown optimizer
 */
export function minimizeTheta(workspace: PlsWorkspace, options: FitOptions = {}): ThetaFit {
  const method = options.method ?? "REML";
  const narrow = narrowed(workspace, method);
  if (narrow !== null) {
    const fit = minimizeTheta(narrow, options);
    return { ...fit, criterion: criterionAt(workspace, method, fit.theta) };
  }
  const coordinates = scaledCoordinates(workspace.design, workspace.products);
  const search: Search = { workspace, method, options, coordinates };
  const start = startOf(workspace, options.start);
  const fit = withUsersSettings(() => minimizeBy(chosenOptimizer(options), search, start));
  return settled(search, { ...fit, criterion: criterionAt(workspace, method, fit.theta) });
}

/**
 * Settings that an optimizer refuses are the user's.
 *
 * @throws LmmError `invalid-option`
 */
function withUsersSettings(minimize: () => ThetaFit): ThetaFit {
  try {
    return minimize();
  } catch (error) {
    if (!(error instanceof OptimError)) throw error;
    const { message, hint, value } = error;
    const problem = message.endsWith(`; ${hint}`) ? message.slice(0, -hint.length - 2) : message;
    throw new LmmError("invalid-option", problem, value, hint);
  }
}

/** The change of the criterion that passes for rounding error: a search without guidance may have gone far. */
const ROUNDING = 1e-6;

/** Variances that the data do not determine are put at zero, and named; the workspace stands at the result. */
function settled({ workspace, method, coordinates }: Search, fit: ThetaFit): ThetaFit {
  if (!Number.isFinite(fit.criterion)) return { ...fit, certificate: { ...fit.certificate, holds: false } };
  tryStructuresAt(workspace.design, fit.theta);
  if (method === "ML") return fit;
  const found = settleExplained(workspace, fit.theta);
  if (found === null) return fit;
  const { unidentified, covers } = found;
  const criterion = criterionAt(workspace, method, found.theta);
  const same = Math.abs(criterion - fit.criterion) <= ROUNDING * Math.max(1, Math.abs(criterion));
  const theta = same ? found.theta : fit.theta;
  const certificate = same ? certify(workspace, method, coordinates, theta) : fit.certificate;
  return {
    ...fit,
    theta,
    criterion: criterionAt(workspace, method, theta),
    certificate: {
      ...certificate,
      singular: certificate.singular.filter((direction) => !covers(direction)),
      unidentified,
    },
  };
}

function minimizeBy(name: OptimizerName, search: Search, start: Float64Array): ThetaFit {
  switch (name) {
    case "newton":
      return byNewton(search, start);
    case "bobyqa":
      return withinBoundsFirst(search, start, runBobyqa);
    case "newuoa":
      return finish(search, runFreely(search, start, search.options.start !== undefined, runNewuoa));
    case "nelder-mead":
      return withinBoundsFirst(search, start, runNelderMead);
    case "lbfgs": {
      const first = finish(search, runLbfgs(search, search.options.start === undefined ? null : start));
      return lowerMinimum(search, first, runLbfgs);
    }
  }
}

function byNewton(search: Search, start: Float64Array): ThetaFit {
  const given = search.options.start === undefined ? null : start;
  const first = lowerMinimum(search, finish(search, runNewton(search, given)), runNewton);
  const spent = first.optimizer.status === "max-evaluations";
  if (first.certificate.holds || (spent && search.options.optimizer?.maxEvaluations !== undefined))
    return first;
  if (spent) {
    // The average information may be many times the Hessian (a mean that X leaves out): steps are then too short, and
    // a quasi-Newton method, which learns the curvature, gets there.
    const run = joined(first, runLbfgs(search, first.theta));
    const second = lowerMinimum(search, finish(search, run), runLbfgs);
    if (second.certificate.holds && second.criterion <= first.criterion) return second;
  }
  if (given !== null) {
    // A start in other units, or far off: once more from values of the engine's own.
    const { evaluations } = first.optimizer;
    const again = counting(
      lowerMinimum(search, finish(search, runNewton(search, null)), runNewton),
      evaluations,
    );
    if (again.certificate.holds && again.criterion <= first.criterion) return again;
  }
  const finite = Number.isFinite(first.criterion);
  const rescue = finish(search, joined(first, runFreely(search, first.theta, finite, runBobyqa)));
  return rescue.criterion <= first.criterion ? rescue : first;
}

/**
 * θ within lme4's bounds first, evaluation by evaluation as lme4 goes. Where that run cannot be certified,
 * on without bounds and in scaled columns; not if the user set how far or how long to go.
 */
function withinBoundsFirst(
  search: Search,
  start: Float64Array,
  run: (search: Search, start: Float64Array, bounds: ThetaBounds) => OptimizerRun,
): ThetaFit {
  const bounds = thetaBounds(search.workspace.design);
  const first = finish(search, run(search, start, bounds));
  const asked = search.options.optimizer ?? {};
  const spent = asked.maxEvaluations !== undefined && first.optimizer.status === "max-evaluations";
  if (first.certificate.holds || spent) return first;
  const { lower, upper } = bounds;
  const atBound = lower.some(
    (bound, i) => first.theta[i] <= bound + AT_BOUND || first.theta[i] >= upper[i] - AT_BOUND,
  );
  if (asked.rhoend !== undefined && !atBound) return first;
  const finite = Number.isFinite(first.criterion);
  const second = finish(search, joined(first, runFreely(search, first.theta, finite, run)));
  return second.criterion <= first.criterion || !finite ? second : first;
}

/** The minimum found, or a lower one where a second start leads. */
function lowerMinimum(
  search: Search,
  found: ThetaFit,
  run: (search: Search, start: Float64Array) => OptimizerRun,
): ThetaFit {
  if (found.optimizer.status === "max-evaluations") return found;
  const { starts, evaluations } = secondStart(search, found.theta, found.criterion);
  let lowest = found;
  let spent = found.optimizer.evaluations + evaluations;
  for (const start of starts) {
    const again = finish(search, run(search, start));
    spent += again.optimizer.evaluations;
    if (again.criterion < lowest.criterion) lowest = again;
  }
  return counting(lowest, spent - lowest.optimizer.evaluations);
}

/** The same fit, with evaluations that were spent besides. */
function counting(fit: ThetaFit, more: number): ThetaFit {
  return { ...fit, optimizer: { ...fit.optimizer, evaluations: fit.optimizer.evaluations + more } };
}

function chosenOptimizer(options: FitOptions): OptimizerName {
  const { name = "auto", npt, rhobeg, rhoend } = options.optimizer ?? {};
  if (name === "auto") {
    return npt === undefined && rhobeg === undefined && rhoend === undefined ? "newton" : "bobyqa";
  }
  if (optimizerNames.includes(name)) return name;
  throw new LmmError(
    "unknown-option",
    `unknown optimizer: "${name}"`,
    name,
    `choose auto, ${optimizerNames.join(", ")}`,
  );
}

/** Rectifies signs, snaps columns that are all but zero, and certifies. */
function finish({ workspace, method, coordinates }: Search, run: OptimizerRun): ThetaFit {
  const { design } = workspace;
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  const theta = run.theta.slice();
  rectifySignsInPlace(theta, design);
  const snapped = snapZeroColumnsInPlace(theta, design, coordinates, objective);
  const criterion = snapped ? objective(theta) : run.criterion;
  const certificate =
    (snapped ? null : certificateOfRegular(design, criterion, run.derivatives)) ??
    certify(workspace, method, coordinates, theta);
  return { theta, criterion, certificate, optimizer: run.optimizer };
}

/** The second of two runs, reported with the evaluations of both. */
function joined(first: ThetaFit, second: OptimizerRun): OptimizerRun {
  const before = first.optimizer;
  const after = second.optimizer;
  return {
    ...second,
    optimizer: {
      ...after,
      name: before.name === after.name ? before.name : `${before.name}, ${after.name}`,
      npt: before.npt ?? after.npt,
      rhobeg: before.rhobeg ?? after.rhobeg,
      rhoend: before.rhoend ?? after.rhoend,
      message: `${after.message.replace(/\.$/, "")}, in a second run without bounds.`,
      evaluations: before.evaluations + after.evaluations,
      trace: [
        ...before.trace,
        ...after.trace.map((step) => ({ ...step, evaluations: before.evaluations + step.evaluations })),
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
      `this model has ${theta0.length} parameter${theta0.length === 1 ? "" : "s"}: ${thetaNames.join(", ")}`,
    );
  }
  const theta = Float64Array.from(start);
  const bad = theta.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new LmmError("theta-not-finite", `not finite start: ${theta[bad]}`, theta[bad], "give numbers");
  }
  return theta;
}
