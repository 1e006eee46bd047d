import { normalQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type ProfileTarget, profileTargets } from "./profile-parameters";
import type { ProfiledParameter } from "./profiled-parameter";
import { type LowerMinimum, Profiler, type TracedParameter } from "./profiler";

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
  const { setup, targets } = prepareProfile(model, options);
  const { signal, onProgress } = options;
  const traced = (start: Float64Array): TracedParameters => {
    const profiler = new Profiler(model, start, signal);
    const found = new TracedParameters(profiler.deviance);
    for (const target of targets) {
      found.add(profiler.traceOne(target, setup.z, setup.cutoff));
      if (start === model.theta && found.better !== null) break;
      onProgress?.(found.parameters.length, targets.length, target.name);
    }
    return found;
  };
  const first = traced(model.theta);
  return profileOf(setup, first, first.better === null ? null : traced(first.better));
}

/** What is traced; plain data. */
export interface ProfileSetup {
  readonly model: LinearMixedModel;
  /** Names or kinds. */
  readonly parameters: readonly string[] | undefined;
  /** θ to look for the estimate from. */
  readonly start: Float64Array;
  readonly level: number;
  /** |ζ| of the limits. */
  readonly z: number;
  readonly cutoff: number;
}

/** Checks what `profile` was told. */
export function prepareProfile(
  model: LinearMixedModel,
  { parameters, level: asked, cutoff = CUTOFF }: Pick<ProfileOptions, "parameters" | "level" | "cutoff">,
): { setup: ProfileSetup; targets: ProfileTarget[] } {
  const level = checkLevel(asked);
  const z = normalQuantile((1 - level) / 2);
  const targets = chosenTargets(model, parameters);
  const setup = { model, parameters, start: model.theta, level, z, cutoff: Math.max(cutoff, z) };
  return { setup, targets };
}

/** Parameters traced one after the other, and the lowest minimum met below that of the estimate. */
export class TracedParameters {
  readonly parameters: ProfiledParameter[] = [];
  readonly diagnostics: string[] = [];
  lower: LowerMinimum | null = null;
  private own = 0;
  private readonly shared = new Map<string, number>();

  constructor(readonly deviance: number) {}

  add({ parameter, diagnostics, lower, evaluations, shared }: TracedParameter): void {
    this.parameters.push(parameter);
    this.diagnostics.push(...diagnostics);
    if (lower !== null && lower.rise < (this.lower?.rise ?? 0)) this.lower = lower;
    this.own += evaluations;
    for (const [name, count] of shared) this.shared.set(name, count);
  }

  /** θ to begin again from, should there be one. */
  get better(): Float64Array | null {
    return this.lower?.theta ?? null;
  }

  get evaluations(): number {
    return this.own + Array.from(this.shared.values()).reduce((sum, count) => sum + count, 0);
  }
}

/**
 * The profile from what was traced at first and, where a lower minimum was met, from there; a minimum lower still is
 * only reported.
 */
export function profileOf(
  { model, level }: ProfileSetup,
  first: TracedParameters,
  again: TracedParameters | null,
): Profile {
  const { parameters, diagnostics, lower, deviance, evaluations } = again ?? first;
  const fall = -(again === null ? 0 : (first.lower?.rise ?? 0)) - (lower?.rise ?? 0);
  const where = lower === null ? "profiled from there; " : "";
  return {
    kind: "profile",
    formula: model.formula,
    level,
    deviance,
    parameters,
    diagnostics:
      fall > 0
        ? [
            ...diagnostics,
            `lower minimum: the deviance falls by ${fall.toPrecision(2)} below where the estimates led; ${where}fit again from another start`,
          ]
        : diagnostics,
    evaluations,
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
