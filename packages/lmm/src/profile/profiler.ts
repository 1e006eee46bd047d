import { fillTemplateInto, hasEntries, type Template } from "../design/template";
import { hardBounds, type ThetaBounds } from "../design/theta-bounds";
import { scaledCoordinates } from "../fit/coordinates";
import { minimizeTheta } from "../fit/minimize";
import { pivotOrders } from "../fit/pivot-order";
import { estimatesOf } from "../intervals/parameter-estimates";
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
import { minimizeHeld } from "./minimize-held";
import type { ProfileTarget } from "./profile-parameters";
import type { ProfiledParameter } from "./profiled-parameter";
import { findZeta, type PathPoint, type PathProblem, tracePath } from "./trace-path";

/** A deviance this much below the estimate's is a lower minimum, not rounding. */
const LOWER = 1e-6;
/** Diagonals below this, on scaled columns, are zero. */
const ZERO = 1e-6;

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
      ...assembleCurve(problem, below, above, z, target.kind === "correlation"),
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
