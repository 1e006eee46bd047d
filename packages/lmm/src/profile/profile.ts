import { fillTemplateInto, hasEntries, type Template } from "../design/template";
import { hardBounds, type ThetaBounds } from "../design/theta-bounds";
import { scaledCoordinates } from "../fit/coordinates";
import { minimizeTheta } from "../fit/minimize";
import { pivotOrders } from "../fit/pivot-order";
import { normalQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import { estimatesOf } from "../intervals/parameter-estimates";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { columnCoordinates, columnsFirst } from "./column-coordinates";
import { WithoutFixedEffect } from "./held-fixed-effect";
import {
  type HeldParameter,
  heldCorrelation,
  heldDeviation,
  heldOutside,
  heldSigma,
  heldZero,
} from "./held-parameter";
import { heldStructured } from "./held-structured";
import { Likelihood } from "./likelihood";
import { minimizeHeld } from "./minimize-held";
import { type ProfileKind, type ProfileTarget, profileTargets } from "./profile-parameters";
import { findZeta, type PathPoint, type PathProblem, tracePath } from "./trace-path";

/** What `profile` may be told. */
export interface ProfileOptions {
  /**
   * Names (`sigma`, `sd_Days|Subject`, `Days`), or kinds; default every parameter.
   */
  readonly parameters?: readonly string[];
  /** Confidence of the intervals, default 0.95; each gets exact limits. */
  readonly level?: number;
  /** How far |ζ| is traced; default that of a 99 % interval, or of `level` where that is more. */
  readonly cutoff?: number;
  /** Called after each parameter. */
  readonly onProgress?: (done: number, of: number, name: string) => void;
  /** Stops the profile with an `aborted` error. */
  readonly signal?: AbortSignal;
}

/** The profile of one parameter; plain data, ready for ζ and density plots. */
export interface ProfiledParameter {
  readonly kind: ProfileKind;
  /** `sd_Days|Subject`, `cor_Days.(Intercept)|Subject`, `sigma`, or the fixed effect's name. */
  readonly name: string;
  /** Name of the term as in `varCorr`; null for σ and fixed effects. */
  readonly term: string | null;
  /** The column, or the two that are correlated. */
  readonly columns: readonly string[];
  /** The maximum likelihood estimate; NaN for a correlation with a standard deviation of zero. */
  readonly estimate: number;
  /** Values of the parameter, increasing, the estimate among them. */
  readonly values: readonly number[];
  /** ζ at each: the signed root of what −2 log-likelihood rises above its minimum. */
  readonly zeta: readonly number[];
  /** dζ/dψ at each. */
  readonly slopes: readonly number[];
  /** Limits of the interval at `level`: exact roots of ζ, or the ends of what the parameter can be. */
  readonly lower: number;
  readonly upper: number;
  /** Ends where ζ does not come as far as the level asks: the limit is that of the parameter's range. */
  readonly atBoundary: { readonly lower: boolean; readonly upper: boolean };
}

/** Profiles of −2 log-likelihood. */
export interface Profile {
  readonly kind: "profile";
  readonly formula: string;
  readonly level: number;
  /** The minimum of −2 log-likelihood. */
  readonly deviance: number;
  readonly parameters: readonly ProfiledParameter[];
  /** What a reader must know: a lower minimum met on the way, minimizations that did not converge. */
  readonly diagnostics: readonly string[];
  /** Evaluations of the likelihood with derivatives. */
  readonly evaluations: number;
}

/** |ζ| of a 99 % interval. */
const CUTOFF = 2.5758293035489004;
/** A deviance this much below the estimate's is a lower minimum, not rounding. */
const LOWER = 1e-6;
/** Diagonals below this, on scaled columns, are zero. */
const ZERO = 1e-6;

/**
 * Profiles −2 log-likelihood: each parameter is held at values around its estimate while all others are optimized,
 * ζ(ψ) = sign(ψ − ψ̂)√(D(ψ) − D(ψ̂)).
 *
 * Standard deviations and correlations of the random effects, σ and the fixed effects are profiled as themselves. A
 * model fitted by REML is profiled by maximum likelihood, as lme4 does. Holding is exact, by elimination: φ₁₁ = ψ/σ
 * in coordinates in which the column comes first, φ₂₁ = rρ for a correlation, a model with one column less for a
 * fixed effect. Every minimization is a trust-region Newton run from the neighbouring point, and the slope dζ/dψ
 * comes with it; limits are roots of ζ found directly, not read from a spline.
 *
 * Standard deviations may go to 0 and correlations to ±1; where ζ does not reach the level before that, the limit is
 * the end of the range. A correlation whose standard deviation is estimated as zero has the interval [−1, 1].
 *
 * @throws InferenceError `unknown-option` for unknown parameters or levels
 * Cost: about 15 minimizations per parameter, three to five evaluations each; independent of the number of rows.
 *
 * Source: Bates (2010), *lme4: Mixed-effects modeling with R*, §1.5; Bates & Watts (1988), *Nonlinear regression
 * analysis and its applications*, §6.1.2; Pinheiro & Bates (2000), §2.4.
 */
export function profile(model: LinearMixedModel, options: ProfileOptions = {}): Profile {
  const level = checkLevel(options.level);
  const z = normalQuantile((1 - level) / 2);
  const cutoff = Math.max(options.cutoff ?? CUTOFF, z);
  const targets = chosenTargets(model, options.parameters);
  const diagnostics: string[] = [];
  const profiler = new Profiler(model, options.signal);
  const parameters = targets.map((target, i) => {
    const traced = profiler.trace(target, z, cutoff, diagnostics);
    options.onProgress?.(i + 1, targets.length, target.name);
    return traced;
  });
  return {
    kind: "profile",
    formula: model.formula,
    level,
    deviance: profiler.deviance,
    parameters,
    diagnostics,
    evaluations: profiler.evaluations(),
  };
}

/** A level of confidence within (0, 1). */
export function checkLevel(level = 0.95): number {
  if (level > 0 && level < 1) return level;
  throw new InferenceError(
    "unknown-option",
    `unusable level: ${level}`,
    level,
    "give a number between 0 and 1, such as 0.95",
  );
}

/** The parameters of a model that names or kinds ask for; all by default. */
export function chosenTargets(
  model: LinearMixedModel,
  asked: readonly string[] | undefined,
): ProfileTarget[] {
  const all = profileTargets(model);
  if (asked === undefined) return all;
  const kinds: readonly string[] = ["stdDev", "correlation", "sigma", "fixed"];
  for (const name of asked) {
    if (kinds.includes(name) || all.some((target) => target.name === name)) continue;
    throw new InferenceError(
      "unknown-option",
      `unknown parameter: ${JSON.stringify(name)}`,
      name,
      `choose from ${all.map((target) => target.name).join(", ")}, or the kinds ${kinds.join(", ")}`,
    );
  }
  return all.filter(({ name, kind }) => asked.includes(name) || asked.includes(kind));
}

type Curve = Pick<PathPoint, "value" | "zeta" | "slope">;

interface Minimum {
  readonly deviance: number;
  readonly converged: boolean;
}

/** Whether a template has every entry of its lower triangle. */
function isFull({ k, rows }: Template): boolean {
  return rows.length === (k * (k + 1)) / 2;
}

/** The least correlation that all pairs of k effects can have. */
function leastCorrelation({ structure, k }: Template): number {
  return structure === "cs" || structure === "homcs" ? -1 / (k - 1) : -1;
}

/** Position among a template's parameters of the one at (row, col). */
function entryAt({ rows, cols }: Template, row: number, col: number): number {
  return rows.findIndex((r, i) => r === row && cols[i] === col);
}

/** The estimate by maximum likelihood, and the workspaces around it. */
class Profiler {
  readonly deviance: number;
  private readonly model: LinearMixedModel;
  private readonly signal: AbortSignal | undefined;
  private readonly workspace: PlsWorkspace;
  private readonly likelihood: Likelihood;
  private readonly theta: Float64Array;
  private readonly bounds: ThetaBounds;
  private readonly sigma: number;
  private readonly beta: Float64Array;
  private readonly errors: Float64Array;
  private readonly zeros = new Map<string, Minimum>();
  private without: { readonly workspace: WithoutFixedEffect; readonly likelihood: Likelihood } | null = null;

  constructor(model: LinearMixedModel, signal: AbortSignal | undefined) {
    this.model = model;
    this.signal = signal;
    this.workspace = new PlsWorkspace(model.design, model.products);
    const fit = minimizeTheta(this.workspace, { method: "ML", start: model.theta, signal });
    this.theta = fit.theta;
    this.bounds = hardBounds(model.design);
    this.deviance = fit.criterion;
    this.sigma = Math.sqrt(this.workspace.pwrss / model.products.nobs);
    this.beta = this.workspace.solution().beta;
    const p = this.beta.length;
    const vcov = this.workspace.unscaledVcov();
    this.errors = this.beta.map((_, j) => this.sigma * Math.sqrt(vcov[j * p + j]));
    this.likelihood = new Likelihood(this.workspace);
  }

  evaluations(): number {
    return this.likelihood.evaluations + (this.without?.likelihood.evaluations ?? 0);
  }

  trace(target: ProfileTarget, z: number, cutoff: number, diagnostics: string[]): ProfiledParameter {
    const { model } = this;
    const report = { failed: 0, lowest: 0 };
    const problem = this.problemOf(target, report);
    const [below, above] = ([-1, 1] as const).map((direction) =>
      problem === null ? [] : this.side(problem, direction, z, cutoff),
    );
    if (report.failed > 0) {
      diagnostics.push(`not converged: ${report.failed} minimizations of the profile of ${target.name}`);
    }
    if (report.lowest < -LOWER) {
      diagnostics.push(
        `lower minimum: with ${target.name} held the deviance falls by ${(-report.lowest).toPrecision(2)} below that of the estimate`,
      );
    }
    const own = target.term < 0 ? null : model.design.terms[target.term];
    const names = target.kind === "fixed" ? model.fixedNames : (own?.columns ?? []);
    return {
      kind: target.kind,
      name: target.name,
      term: own?.name ?? null,
      columns: target.columns.map((column) => names[column]),
      ...assemble(problem, below, above, z, target.kind === "correlation"),
    };
  }

  /** One side of a profile, its limit among the points. */
  private side(problem: PathProblem, direction: 1 | -1, z: number, cutoff: number): PathPoint[] {
    const path = tracePath(problem, direction, cutoff);
    const outer = path.findIndex((point) => Math.abs(point.zeta) >= z);
    if (outer < 0) return path;
    const origin: PathPoint = {
      value: problem.estimate,
      zeta: 0,
      slope: Number.NaN,
      x: problem.start,
    };
    const limit = findZeta(problem, outer === 0 ? origin : path[outer - 1], path[outer], direction * z);
    if (limit !== path[outer] && limit !== path[outer - 1]) path.splice(outer, 0, limit);
    return path;
  }

  /** Null for a correlation that means nothing at the estimate. */
  private problemOf(target: ProfileTarget, report: { failed: number; lowest: number }): PathProblem | null {
    if (target.kind === "fixed") return this.fixedProblem(target.columns[0], report);
    const { workspace, likelihood, sigma, theta, model } = this;
    const logSigma = Math.log(sigma);
    const { design, products } = model;
    let held: HeldParameter;
    let shape: Pick<PathProblem, "estimate" | "range" | "closed" | "unit">;
    let maps: readonly Float64Array[];
    let exception: (value: number) => Minimum | null = () => null;
    let ceiling: Minimum | null = null;
    if (target.kind === "sigma") {
      const { maps: own, phi } = this.pivoted();
      maps = own;
      held = heldSigma(phi, this.bounds);
      const unit = sigma / Math.sqrt(2 * products.nobs);
      shape = { estimate: sigma, range: [0, Number.POSITIVE_INFINITY], closed: false, unit };
    } else {
      const { template, thetaStart } = design.terms[target.term];
      const { k } = template;
      const full = isFull(template);
      const order = full ? columnsFirst(k, target.columns) : null;
      const coordinates = columnCoordinates(design, products, target.term, order);
      maps = coordinates.maps;
      const phi = coordinates.fromTheta(theta);
      const find = (row: number, col: number) => thetaStart + entryAt(template, row, col);
      if (!hasEntries(template)) {
        const { columns } = target;
        held = heldStructured(phi, logSigma, { template, thetaStart, columns }, this.bounds);
        const [estimate] = estimatesOf(this.estimate(), [target]);
        if (!(estimate > 0) && target.kind === "stdDev") return null;
        if (!Number.isFinite(estimate)) return null;
        shape =
          target.kind === "stdDev"
            ? { estimate, range: [0, Number.POSITIVE_INFINITY], closed: false, unit: 0.3 * estimate }
            : { estimate, range: [leastCorrelation(template), 1], closed: false, unit: 0.2 };
      } else if (target.kind === "stdDev") {
        const place = full ? 0 : target.columns[0];
        const at = find(place, place);
        const scale = coordinates.scales[target.term][place];
        held = heldDeviation(phi, logSigma, at, scale, this.bounds);
        const estimate = (Math.abs(phi[at]) * sigma) / scale;
        const nothing = Math.abs(phi[at]) < ZERO;
        const unit = nothing ? (0.2 * sigma) / scale : 0.3 * estimate;
        shape = {
          estimate: nothing ? 0 : estimate,
          range: [0, Number.POSITIVE_INFINITY],
          closed: true,
          unit,
        };
        exception = (value) => (value === 0 ? this.withoutColumn(target.term, target.columns[0]) : null);
      } else {
        const places = { first: find(0, 0), cross: find(1, 0), second: find(1, 1) };
        const r = Math.sqrt(phi[places.cross] ** 2 + phi[places.second] ** 2);
        if (Math.abs(phi[places.first]) < ZERO || r < ZERO) return null;
        held = heldCorrelation(phi, logSigma, places, this.bounds);
        const estimate = Math.max(-1, Math.min(1, phi[places.cross] / r));
        shape = { estimate, range: [-1, 1], closed: true, unit: 0.3 };
        // Whatever ρ is, one of the variances may be zero.
        const [a, b] = target.columns.map((column) => this.withoutColumn(target.term, column));
        ceiling = a.deviance < b.deviance ? a : b;
      }
    }
    return {
      ...shape,
      start: held.start,
      minimum: (value, x) => {
        const special = exception(value);
        if (special !== null) {
          return this.reported(special.deviance, special.converged, report, { derivative: Number.NaN, x });
        }
        workspace.maps = maps;
        const found = minimizeHeld(likelihood, held, value, x, this.signal);
        if (ceiling !== null && ceiling.deviance <= found.deviance) {
          return this.reported(ceiling.deviance, ceiling.converged, report, { derivative: 0, x });
        }
        return this.reported(found.deviance, found.converged, report, {
          derivative: held.slope(value, found.x, found.gradient),
          x: found.x,
        });
      },
    };
  }

  private fixedProblem(j: number, report: { failed: number; lowest: number }): PathProblem {
    const { model, sigma } = this;
    if (this.without === null) {
      const workspace = new WithoutFixedEffect(model.design, model.products);
      this.without = { workspace, likelihood: new Likelihood(workspace.workspace) };
    }
    const { workspace: without, likelihood } = this.without;
    without.choose(j);
    const { maps, phi } = this.pivoted();
    const held = heldOutside(phi, Math.log(sigma), this.bounds);
    const n = phi.length;
    return {
      estimate: this.beta[j],
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      closed: false,
      unit: this.errors[j],
      start: held.start,
      minimum: (value, x) => {
        without.workspace.maps = maps;
        without.hold(value);
        const found = minimizeHeld(likelihood, held, value, x, this.signal);
        without.workspace.evaluate(found.point.subarray(0, n));
        const derivative = without.slope() * Math.exp(-2 * found.point[n]);
        return this.reported(found.deviance, found.converged, report, { derivative, x: found.x });
      },
    };
  }

  /** The estimate by maximum likelihood, as far as `estimatesOf` reads it. */
  private estimate(): Pick<LinearMixedModel, "terms" | "sigma" | "beta"> {
    const { model, theta, sigma, beta } = this;
    const terms = model.terms.map((term, t) => {
      const { template, thetaStart } = model.design.terms[t];
      const filled = new Float64Array(template.k * template.k);
      fillTemplateInto(template, theta, thetaStart, filled, template.k, 0);
      return { ...term, template: filled };
    });
    return { terms, sigma, beta };
  }

  /** The minimum with one column's standard deviation at zero. */
  private withoutColumn(term: number, column: number): Minimum {
    const key = `${term} ${column}`;
    const known = this.zeros.get(key);
    if (known !== undefined) return known;
    const { workspace, likelihood, theta, model } = this;
    const { template, thetaStart } = model.design.terms[term];
    const { k, rows } = template;
    const full = isFull(template);
    const others = Array.from({ length: k }, (_, c) => c).filter((c) => c !== column);
    const order = full ? columnsFirst(k, others) : null;
    const coordinates = columnCoordinates(model.design, model.products, term, order);
    const last = full ? k - 1 : column;
    const entries = Array.from(rows, (row, i) => (row === last ? thetaStart + i : -1));
    const held = heldZero(coordinates.fromTheta(theta), Math.log(this.sigma), entries, this.bounds);
    workspace.maps = coordinates.maps;
    const { deviance, converged } = minimizeHeld(likelihood, held, 0, held.start, this.signal);
    const found = { deviance, converged };
    this.zeros.set(key, found);
    return found;
  }

  private reported<T>(
    deviance: number,
    converged: boolean,
    report: { failed: number; lowest: number },
    rest: T,
  ): T & { rise: number } {
    const rise = deviance - this.deviance;
    if (!converged) report.failed++;
    report.lowest = Math.min(report.lowest, rise);
    return { rise, ...rest };
  }

  /** The optimizer's coordinates at the estimate. */
  private pivoted(): { maps: readonly Float64Array[]; phi: Float64Array } {
    const { design, products } = this.model;
    const plain = scaledCoordinates(design, products);
    const orders = pivotOrders(design, plain.fromTheta(this.theta));
    const own = scaledCoordinates(design, products, orders);
    return { maps: own.maps, phi: own.fromTheta(this.theta) };
  }
}

/** The two sides and the estimate as one curve, with limits. */
function assemble(
  problem: PathProblem | null,
  below: PathPoint[],
  above: PathPoint[],
  z: number,
  correlation: boolean,
): Pick<ProfiledParameter, "estimate" | "values" | "zeta" | "slopes" | "lower" | "upper" | "atBoundary"> {
  if (problem === null) {
    return {
      estimate: Number.NaN,
      values: [],
      zeta: [],
      slopes: [],
      lower: correlation ? -1 : Number.NaN,
      upper: correlation ? 1 : Number.NaN,
      atBoundary: { lower: true, upper: true },
    };
  }
  const { estimate, range } = problem;
  const origin = { value: estimate, zeta: 0, slope: slopeAtEstimate(estimate, below[0], above[0]) };
  const points: Curve[] = [...below.slice().reverse(), origin, ...above].map((point, i, all) =>
    Number.isFinite(point.slope) ? point : { ...point, slope: endSlope(point, all[i === 0 ? 1 : i - 1]) },
  );
  const limit = (side: readonly PathPoint[], sign: number): number | null =>
    side.find(({ zeta }) => Math.abs(zeta - sign * z) < 1e-6)?.value ?? null;
  const lower = limit(below, -1);
  const upper = limit(above, 1);
  return {
    estimate,
    values: points.map(({ value }) => value),
    zeta: points.map(({ zeta }) => zeta),
    slopes: points.map(({ slope }) => slope),
    lower: lower ?? range[0],
    upper: upper ?? range[1],
    atBoundary: { lower: lower === null, upper: upper === null },
  };
}

/**
 * ζ'(ψ̂), where ζ' = D'/2ζ is 0/0: from the values and slopes of the neighbours, a polynomial without constant
 * term through all of them.
 */
function slopeAtEstimate(
  estimate: number,
  left: PathPoint | undefined,
  right: PathPoint | undefined,
): number {
  const one = (point: PathPoint) => {
    const d = point.value - estimate;
    const secant = point.zeta / d;
    return { d, secant, bend: (point.slope - secant) / d };
  };
  if (left === undefined && right === undefined) return Number.NaN;
  if (left === undefined || right === undefined) {
    const { d, secant, bend } = one((left ?? right) as PathPoint);
    return Number.isFinite(bend) ? secant - bend * d : secant;
  }
  // ζ/d = a₁ + a₂d + a₃d² + a₄d³ with values and derivatives at both neighbours: Hermite's cubic at 0.
  const a = one(left);
  const b = one(right);
  if (!Number.isFinite(a.bend) || !Number.isFinite(b.bend)) return (a.secant + b.secant) / 2;
  const h = b.d - a.d;
  const t = -a.d / h;
  return (
    a.secant * (1 + 2 * t) * (1 - t) ** 2 +
    a.bend * h * t * (1 - t) ** 2 +
    b.secant * t * t * (3 - 2 * t) +
    b.bend * h * t * t * (t - 1)
  );
}

/** The slope at an end where none is known: that of the parabola through the end with the neighbour's slope. */
function endSlope(end: Curve, neighbour: Curve | undefined): number {
  if (neighbour === undefined) return Number.NaN;
  const secant = (end.zeta - neighbour.zeta) / (end.value - neighbour.value);
  return Number.isFinite(neighbour.slope) ? Math.max(0, 2 * secant - neighbour.slope) : secant;
}
