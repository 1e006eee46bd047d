import { type Bootstrap, type BootstrapOptions, bootstrap } from "../bootstrap/bootstrap";
import { type BootstrapIntervalType, bootstrapInterval } from "../bootstrap/bootstrap-intervals";
import { acceleration, jackknifeGroups } from "../bootstrap/jackknife";
import { checkDdf, coefTests, type DdfMethod } from "../inference/coef-tests";
import { tQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import { varianceParameters } from "../inference/variance-parameters";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { checkLevel, chosenTargets, type Profile, profile } from "../profile/profile";
import { profileInterval } from "../profile/profile-curve";
import type { ProfileKind, ProfileTarget } from "../profile/profile-parameters";
import { estimatesOf } from "./parameter-estimates";
import { waldVarianceInterval } from "./wald-variance-interval";

/** What `confint` may be told. */
export interface ConfintOptions {
  /** Default `profile`. */
  readonly method?: "profile" | "wald" | "boot";
  /** Default 0.95. */
  readonly level?: number;
  /** Names (`sigma`, `sd_Days|Subject`, `Days`) or kinds (`stdDev`, `correlation`, `sigma`, `fixed`); default all. */
  readonly parameters?: readonly string[];
  /** Of Wald intervals for fixed effects: degrees of freedom of t, default `satterthwaite`. */
  readonly ddf?: DdfMethod;
  /**
   * Of Wald intervals for variance parameters: `transformed` (default), symmetric for the logarithm of a standard
   * deviation and Fisher's z of a correlation, with standard errors from the exact Hessian; `none`, NaN as in lme4.
   */
  readonly variance?: "transformed" | "none";
  /** Of bootstrap intervals; default `percentile`. */
  readonly type?: BootstrapIntervalType;
  /** How to draw the bootstrap, or replicates drawn before (`bootstrap`, `bootstrapIn`). */
  readonly boot?: BootstrapOptions | Bootstrap;
  /** A profile made before; limits at its own level are exact, at others read from its curves. */
  readonly profile?: Profile;
  readonly signal?: AbortSignal;
}

/** An interval for one parameter. */
export interface ConfidenceInterval {
  readonly name: string;
  readonly kind: ProfileKind;
  /** The model's own estimate: of REML where it was fitted so. */
  readonly estimate: number;
  /** NaN where the method has none. */
  readonly lower: number;
  readonly upper: number;
}

/** Intervals, and what a reader of them must know. */
export interface ConfidenceIntervals {
  readonly kind: "confint";
  readonly method: "profile" | "wald" | "boot";
  /** Degrees of freedom of `wald`, type of `boot`, null for `profile`. */
  readonly variant: string | null;
  readonly level: number;
  readonly rows: readonly ConfidenceInterval[];
  readonly diagnostics: readonly string[];
}

/**
 * Confidence intervals of standard deviations, correlations, σ and fixed effects, in lme4's order.
 *
 * `profile` inverts the likelihood-ratio test, `boot` refits to simulated responses, `wald` goes by standard errors:
 * fixed effects with t quantiles on Satterthwaite's or Kenward and Roger's degrees of freedom (or normal ones),
 * variance parameters on the log and Fisher-z scales.
 *
 * @throws InferenceError `unknown-option` for unknown names and options
 * Cost: that of `profile`, `bootstrap` or `coefTests`.
 */
export function confint(model: LinearMixedModel, options: ConfintOptions = {}): ConfidenceIntervals {
  const { method = "profile" } = options;
  const level = checkLevel(options.level);
  const targets = chosenTargets(model, options.parameters);
  switch (method) {
    case "profile":
      return byProfile(model, targets, level, options);
    case "wald":
      return byWald(model, targets, level, options);
    case "boot":
      return byBootstrap(model, targets, level, options);
    default:
      throw new InferenceError(
        "unknown-option",
        `unknown method: ${JSON.stringify(method)}`,
        method,
        'choose "profile", "wald" or "boot"',
      );
  }
}

/** A row with the model's own estimate. */
function rowsOf(
  model: LinearMixedModel,
  targets: readonly ProfileTarget[],
  limits: (target: ProfileTarget, i: number) => { readonly lower: number; readonly upper: number },
): ConfidenceInterval[] {
  const estimates = estimatesOf(model, targets);
  return targets.map((target, i) => {
    const { lower, upper } = limits(target, i);
    return { name: target.name, kind: target.kind, estimate: estimates[i], lower, upper };
  });
}

function byProfile(
  model: LinearMixedModel,
  targets: readonly ProfileTarget[],
  level: number,
  { profile: given, signal }: ConfintOptions,
): ConfidenceIntervals {
  const names = targets.map(({ name }) => name);
  const found = given ?? profile(model, { parameters: names, level, signal });
  const rows = rowsOf(model, targets, ({ name }) => {
    const parameter = found.parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) return { lower: Number.NaN, upper: Number.NaN };
    return found.level === level ? parameter : profileInterval(parameter, level);
  });
  return { kind: "confint", method: "profile", variant: null, level, rows, diagnostics: found.diagnostics };
}

function byWald(
  model: LinearMixedModel,
  targets: readonly ProfileTarget[],
  level: number,
  options: ConfintOptions,
): ConfidenceIntervals {
  const ddf = checkDdf(options.ddf);
  const { variance = "transformed" } = options;
  if (variance !== "transformed" && variance !== "none") {
    throw new InferenceError(
      "unknown-option",
      `unknown variance: ${JSON.stringify(variance)}`,
      variance,
      'choose "transformed" or "none"',
    );
  }
  const tests = targets.some(({ kind }) => kind === "fixed") ? coefTests(model, { ddf }).rows : [];
  const others = targets.some(({ kind }) => kind !== "fixed") && variance === "transformed";
  const spread = others ? varianceParameters(model) : null;
  const alpha = (1 - level) / 2;
  const rows = rowsOf(model, targets, (target) => {
    if (target.kind !== "fixed") return waldVarianceInterval(model, spread, target, alpha);
    const { estimate, stdError, df } = tests[target.columns[0]];
    const reach = tQuantile(alpha, df) * stdError;
    return { lower: estimate - reach, upper: estimate + reach };
  });
  // Kenward and Roger's estimates are those of the REML fit.
  const shown = rows.map((row, i) =>
    row.kind === "fixed" ? { ...row, estimate: tests[targets[i].columns[0]].estimate } : row,
  );
  const diagnostics = spread?.diagnostics ?? [];
  return { kind: "confint", method: "wald", variant: ddf, level, rows: shown, diagnostics };
}

function byBootstrap(
  model: LinearMixedModel,
  targets: readonly ProfileTarget[],
  level: number,
  { type = "percentile", boot = {}, signal }: ConfintOptions,
): ConfidenceIntervals {
  const drawn = "kind" in boot ? boot : bootstrap(model, { signal, ...boot });
  const jackknife = type === "bca" ? jackknifeGroups(model, (fit) => estimatesOf(fit, targets)) : null;
  const rows = rowsOf(model, targets, ({ name }, i) => {
    const j = drawn.names.indexOf(name);
    if (j < 0) return { lower: Number.NaN, upper: Number.NaN };
    const a = jackknife === null ? 0 : acceleration(jackknife.values[i]);
    return bootstrapInterval(drawn.observed[j], drawn.replicates[j], level, type, a);
  });
  return {
    kind: "confint",
    method: "boot",
    variant: type,
    level,
    rows,
    diagnostics: bootstrapDiagnostics(drawn),
  };
}

/** What a reader of bootstrap intervals must know of the replicates. */
function bootstrapDiagnostics({ nsim, failures, singular, notConverged }: Bootstrap): string[] {
  const out: string[] = [];
  if (failures.length > 0) {
    out.push(`failed refits: ${failures.length} of ${nsim}, left out; the first: ${failures[0].message}`);
  }
  if (notConverged.length > 0) out.push(`not converged: ${notConverged.length} of ${nsim} refits`);
  if (singular.length > 0) out.push(`singular fits: ${singular.length} of ${nsim} refits`);
  return out;
}
