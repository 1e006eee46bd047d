import { hasEntries, type Template } from "../design/template";
import { hardBounds, type ThetaBounds } from "../design/theta-bounds";
import { scaledCoordinates } from "../fit/coordinates";
import { minimizeTheta } from "../fit/minimize";
import { pivotOrders } from "../fit/pivot-order";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { assembleCurve } from "./assemble-curve";
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
import { type HeldMinimum, minimizeHeld } from "./minimize-held";
import { pointEstimates, pointTheta } from "./point-estimates";
import { type ProfileTarget, profileTargets } from "./profile-parameters";
import type { ProfiledParameter } from "./profiled-parameter";
import { findZeta, originOf, type PathPoint, type PathProblem, tracePath } from "./trace-path";

/** A deviance this much below the estimate's is a lower minimum, not rounding. */
const LOWER = 1e-6;
/** Diagonals below this, on scaled columns, are zero. */
const ZERO = 1e-6;

/** A minimum below that of the estimate; θ is null where it cannot be a start. */
export interface LowerMinimum {
  readonly rise: number;
  readonly theta: Float64Array | null;
}

/** One parameter's profile, and what was met on the way; plain data. */
export interface TracedParameter {
  readonly parameter: ProfiledParameter;
  readonly diagnostics: readonly string[];
  readonly lower: LowerMinimum | null;
  /** The minimum of −2 log-likelihood. */
  readonly deviance: number;
  readonly evaluations: number;
  /** Evaluations of minimizations that other parameters may share, by a name for each. */
  readonly shared: ReadonlyMap<string, number>;
}

interface Minimum {
  readonly deviance: number;
  readonly converged: boolean;
  readonly others: Float64Array;
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

/** All parameters, a held correlation as it is held: where a variance is next to nothing it cannot be computed. */
function holding({ kind }: ProfileTarget, others: Float64Array, own: number, value: number): Float64Array {
  return others.map((other, j) => (j === own && kind === "correlation" ? value : other));
}

/** The estimate by maximum likelihood, and the workspaces around it. */
export class Profiler {
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
  /** The lowest of minima below that of the estimate, met on the way; θ is null where it cannot be a start. */
  private lower: LowerMinimum | null = null;
  private readonly targets: readonly ProfileTarget[];
  /** All parameters at the estimate. */
  private readonly others: Float64Array;
  private readonly zeros = new Map<string, Minimum & { readonly evaluations: number }>();
  /** Evaluations for the zeros that the parameter at hand made use of, and those of them made just now. */
  private readonly shared = new Map<string, number>();
  private unshared = 0;
  private without: { readonly workspace: WithoutFixedEffect; readonly likelihood: Likelihood } | null = null;

  /** @param start θ to look for the estimate from */
  constructor(model: LinearMixedModel, start: Float64Array, signal: AbortSignal | undefined) {
    this.model = model;
    this.signal = signal;
    this.workspace = new PlsWorkspace(model.design, model.products);
    const fit = minimizeTheta(this.workspace, { method: "ML", start, signal });
    this.theta = fit.theta;
    this.bounds = hardBounds(model.design);
    this.deviance = fit.criterion;
    this.sigma = Math.sqrt(this.workspace.pwrss / model.products.nobs);
    this.beta = this.workspace.solution().beta;
    const p = this.beta.length;
    const vcov = this.workspace.unscaledVcov();
    this.errors = this.beta.map((_, j) => this.sigma * Math.sqrt(vcov[j * p + j]));
    this.targets = profileTargets(model);
    this.others = pointEstimates(model, this.targets, this.workspace, this.sigma, this.beta);
    this.likelihood = new Likelihood(this.workspace);
  }

  private evaluations(): number {
    return this.likelihood.evaluations + (this.without?.likelihood.evaluations ?? 0);
  }

  /**
   * One parameter by itself: what comes of it does not depend on which others were traced before.
   *
   * @param z |ζ| of the limits
   * @param cutoff how far |ζ| is traced
   */
  traceOne(target: ProfileTarget, z: number, cutoff: number): TracedParameter {
    const diagnostics: string[] = [];
    const before = this.evaluations();
    this.lower = null;
    this.shared.clear();
    this.unshared = 0;
    const parameter = this.trace(target, z, cutoff, diagnostics);
    const evaluations = this.evaluations() - before - this.unshared;
    const { deviance, lower } = this;
    return { parameter, diagnostics, lower, deviance, evaluations, shared: new Map(this.shared) };
  }

  private trace(target: ProfileTarget, z: number, cutoff: number, diagnostics: string[]): ProfiledParameter {
    const { model } = this;
    const report = { failed: 0 };
    const problem = this.problemOf(target, report);
    const [below, above] = ([-1, 1] as const).map((direction) =>
      problem === null ? [] : this.side(problem, direction, z, cutoff),
    );
    if (problem === null && target.kind === "stdDev") {
      diagnostics.push(
        `not profiled: ${target.name} is estimated as zero in a structure that has no zero to hold`,
      );
    }
    if (report.failed > 0) {
      diagnostics.push(
        `not converged: ${report.failed} minimization${report.failed > 1 ? "s" : ""} of the profile of ${target.name}`,
      );
    }
    const own = target.term < 0 ? null : model.design.terms[target.term];
    const names = target.kind === "fixed" ? model.fixedNames : (own?.columns ?? []);
    return {
      kind: target.kind,
      name: target.name,
      term: own?.name ?? null,
      columns: target.columns.map((column) => names[column]),
      ...assembleCurve(
        problem,
        below,
        above,
        z,
        target.kind === "correlation",
        this.targets.map(({ name }) => name),
      ),
    };
  }

  /** One side of a profile, its limit among the points. */
  private side(problem: PathProblem, direction: 1 | -1, z: number, cutoff: number): PathPoint[] {
    const path = tracePath(problem, direction, cutoff);
    const outer = path.findIndex((point) => Math.abs(point.zeta) >= z);
    if (outer < 0) return path;
    const inner = outer === 0 ? originOf(problem) : path[outer - 1];
    const limit = findZeta(problem, inner, path[outer], direction * z);
    if (limit !== path[outer] && limit !== path[outer - 1]) path.splice(outer, 0, limit);
    return path;
  }

  /** Null for a correlation that means nothing at the estimate. */
  private problemOf(target: ProfileTarget, report: { failed: number }): PathProblem | null {
    if (target.kind === "fixed") return this.fixedProblem(target.columns[0], report);
    const { workspace, likelihood, sigma, theta, model } = this;
    const logSigma = Math.log(sigma);
    const { design, products } = model;
    let held: HeldParameter;
    let shape: Pick<PathProblem, "estimate" | "range" | "closed" | "unit">;
    let maps: readonly Float64Array[];
    let exception: (value: number) => Minimum | null = () => null;
    let ceiling: Minimum | null = null;
    const own = this.targets.findIndex(({ name }) => name === target.name);
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
        const estimate = this.others[own];
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
      others: this.others,
      minimum: (value, x) => {
        const special = exception(value);
        if (special !== null) {
          return this.reported(special, report, { derivative: Number.NaN, x, others: special.others });
        }
        workspace.maps = maps;
        const found = minimizeHeld(likelihood, held, value, x, this.signal);
        if (ceiling !== null && ceiling.deviance <= found.deviance) {
          return this.reported(ceiling, report, {
            derivative: 0,
            x,
            others: holding(target, ceiling.others, own, value),
          });
        }
        return this.reported(found, report, {
          derivative: held.slope(value, found.x, found.gradient),
          x: found.x,
          others: holding(target, this.othersAt(found), own, value),
        });
      },
    };
  }

  private fixedProblem(j: number, report: { failed: number }): PathProblem {
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
      others: this.others,
      minimum: (value, x) => {
        without.workspace.maps = maps;
        without.hold(value);
        const found = minimizeHeld(likelihood, held, value, x, this.signal);
        without.workspace.evaluate(found.point.subarray(0, n));
        this.note(found.deviance, without.workspace);
        const derivative = without.slope() * Math.exp(-2 * found.point[n]);
        const others = pointEstimates(
          model,
          this.targets,
          without.workspace,
          Math.exp(found.point[n]),
          without.beta(),
        );
        return this.reported(found, report, { derivative, x: found.x, others });
      },
    };
  }

  /** Remembers θ of a minimum below the estimate's: the workspace stands there. */
  private note(deviance: number, workspace: PlsWorkspace): void {
    const rise = deviance - this.deviance;
    if (rise < -LOWER && rise < (this.lower?.rise ?? 0)) {
      this.lower = { rise, theta: pointTheta(this.model, workspace) };
    }
  }

  /** All parameters at a minimum; evaluates there. */
  private othersAt({ point, deviance }: HeldMinimum): Float64Array {
    const { workspace, model, targets } = this;
    const n = point.length - 1;
    workspace.evaluate(point.subarray(0, n));
    this.note(deviance, workspace);
    return pointEstimates(model, targets, workspace, Math.exp(point[n]), workspace.solution().beta);
  }

  /** The minimum with one column's standard deviation at zero. */
  private withoutColumn(term: number, column: number): Minimum {
    const key = `${term} ${column}`;
    const known = this.zeros.get(key);
    if (known !== undefined) {
      this.shared.set(key, known.evaluations);
      return known;
    }
    const before = this.evaluations();
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
    const minimum = minimizeHeld(likelihood, held, 0, held.start, this.signal);
    const { deviance, converged } = minimum;
    const evaluations = this.evaluations() - before;
    const found = { deviance, converged, others: this.othersAt(minimum), evaluations };
    this.zeros.set(key, found);
    this.shared.set(key, evaluations);
    this.unshared += evaluations;
    return found;
  }

  private reported<T>(
    { deviance, converged }: Omit<Minimum, "others">,
    report: { failed: number },
    rest: T,
  ): T & { rise: number } {
    const rise = deviance - this.deviance;
    if (!converged) report.failed++;
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
