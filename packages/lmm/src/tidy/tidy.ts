import { coefTests, type DdfMethod } from "../inference/coef-tests";
import { normalQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import { varianceParameters } from "../inference/variance-parameters";
import { type ConfidenceInterval, type ConfintOptions, confint } from "../intervals/confint";
import { coefTable } from "../model/accessors";
import { coef } from "../model/coef";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { ranef } from "../model/ranef";
import { profileTargets } from "../profile/profile-parameters";
import { type Cell, type ColumnTable, columnsOf } from "./column-table";

/** What a row of `tidy` is about; broom.mixed's names. */
export type TidyEffect = "fixed" | "ran_pars" | "ran_vals" | "ran_coefs";

/** What `tidy` may be told. */
export interface TidyOptions {
  /**
   * `fixed`: fixed effects; `ran_pars`: standard deviations and correlations; `ran_vals`: conditional modes of the
   * random effects; `ran_coefs`: coefficients of each level. Default fixed and ran_pars.
   */
  readonly effects?: TidyEffect | readonly TidyEffect[];
  /** Degrees of freedom and p-values of the fixed effects; default `"none"`, without either. */
  readonly ddf?: DdfMethod | "none";
  /**
   * Columns conf.low and conf.high; `true` for Wald intervals of 95 %, or what `confint` is to be told. Random
   * effects get ±z standard deviations of their conditional distribution.
   */
  readonly confint?: boolean | ConfintOptions;
}

/** What `tidy` gives: at least these columns. */
export type TidyTable = ColumnTable & {
  readonly effect: readonly string[];
  readonly term: readonly string[];
  readonly estimate: Float64Array;
};

type Row = Readonly<Record<string, Cell>>;

const COLUMNS = [
  "effect",
  "group",
  "level",
  "term",
  "estimate",
  "std.error",
  "statistic",
  "df",
  "p.value",
  "conf.low",
  "conf.high",
];
const TEXTS: ReadonlySet<string> = /* @__PURE__ */ new Set(["effect", "group", "level", "term"]);
const EFFECTS: readonly TidyEffect[] = ["fixed", "ran_pars", "ran_vals", "ran_coefs"];

/**
 * The estimates of a fit, one row each, with the column names of R's broom.mixed: effect, group, level, term,
 * estimate, std.error, statistic, df, p.value, conf.low, conf.high (those that apply).
 *
 * Terms of `ran_pars` are `sd__Days`, `cor__(Intercept).Days` and, in the group `Residual`, `sd__Observation`; their
 * standard errors come from the exact Hessian, and are missing on the boundary.
 *
 * @throws InferenceError `unknown-option` for an effect that is none
 */
export function tidy(model: LinearMixedModel, options: TidyOptions = {}): TidyTable {
  const effects = [options.effects ?? (["fixed", "ran_pars"] as const)].flat();
  for (const effect of effects) {
    if (EFFECTS.includes(effect)) continue;
    throw new InferenceError(
      "unknown-option",
      `unknown effects: ${JSON.stringify(effect)}`,
      effect,
      `choose among ${EFFECTS.join(", ")}`,
    );
  }
  const { ddf = "none" } = options;
  const asked = options.confint === true ? {} : options.confint;
  const wanted: ConfintOptions | null =
    asked === undefined || asked === false
      ? null
      : { method: "wald", ddf: ddf === "none" ? "asymptotic" : ddf, ...asked, parameters: undefined };
  const ofParameters = effects.some((effect) => effect === "fixed" || effect === "ran_pars");
  const intervals = wanted === null || !ofParameters ? null : confint(model, wanted).rows;
  const rowsOf: Readonly<Record<TidyEffect, () => Row[]>> = {
    fixed: () => fixedRows(model, ddf, intervals),
    ran_pars: () => parameterRows(model, intervals),
    ran_vals: () => modeRows(model, wanted === null ? null : (wanted.level ?? 0.95)),
    ran_coefs: () => coefficientRows(model),
  };
  const rows = effects.flatMap((effect) => rowsOf[effect]());
  const columns = columnsOf(rows, COLUMNS, TEXTS) as Partial<TidyTable>;
  // Without any row there are these columns still.
  const { effect = [], term = [], estimate = new Float64Array(0) } = columns;
  return { ...columns, effect, term, estimate } as TidyTable;
}

function fixedRows(
  model: LinearMixedModel,
  ddf: DdfMethod | "none",
  intervals: readonly ConfidenceInterval[] | null,
): Row[] {
  const tests = ddf === "none" ? null : coefTests(model, { ddf }).rows;
  const first = intervals === null ? 0 : intervals.length - model.beta.length;
  return (tests ?? coefTable(model)).map((row, j) => ({
    effect: "fixed",
    term: row.term,
    estimate: row.estimate,
    "std.error": row.stdError,
    statistic: row.tValue,
    ...(tests === null ? {} : { df: tests[j].df, "p.value": tests[j].pValue }),
    ...limitsOf(intervals?.[first + j]),
  }));
}

function parameterRows(model: LinearMixedModel, intervals: readonly ConfidenceInterval[] | null): Row[] {
  const targets = profileTargets(model);
  // By term, kind and columns; correlations have the same two columns in either order.
  const keyOf = (term: string, columns: readonly string[]) => JSON.stringify([term, [...columns].sort()]);
  const byKey = new Map<string, ConfidenceInterval>();
  targets.forEach(({ kind, term, columns }, i) => {
    if (intervals === null || kind === "fixed") return;
    const name = kind === "sigma" ? "Residual" : model.terms[term].name;
    const own = kind === "sigma" ? [] : columns.map((c) => model.terms[term].columns[c]);
    byKey.set(keyOf(name, own), intervals[i]);
  });
  const groups = new Map(model.terms.map(({ name, group }) => [name, group]));
  return varianceParameters(model).parameters.map((parameter) => {
    const { kind, term, columns, estimate, stdError } = parameter;
    const what = kind === "correlation" ? "cor" : "sd";
    return {
      effect: "ran_pars",
      group: groups.get(term) ?? "Residual",
      term: `${what}__${columns.length === 0 ? "Observation" : columns.join(".")}`,
      estimate,
      "std.error": stdError ?? undefined,
      ...limitsOf(byKey.get(keyOf(term, columns))),
    };
  });
}

function modeRows(model: LinearMixedModel, level: number | null): Row[] {
  const reach = level === null ? Number.NaN : normalQuantile((1 - level) / 2);
  return ranef(model, { condVar: true }).flatMap(({ group, levels, columns, values, condVar }) => {
    const k = columns.length;
    return columns.flatMap((term, c) =>
      levels.map((name, l) => {
        const estimate = values[c * levels.length + l];
        const stdError = condVar === null ? Number.NaN : Math.sqrt(condVar[(l * k + c) * k + c]);
        return {
          effect: "ran_vals",
          group,
          level: name,
          term,
          estimate,
          "std.error": stdError,
          ...(level === null
            ? {}
            : { "conf.low": estimate - reach * stdError, "conf.high": estimate + reach * stdError }),
        };
      }),
    );
  });
}

function coefficientRows(model: LinearMixedModel): Row[] {
  return coef(model).flatMap(({ group, levels, columns, values }) =>
    columns.flatMap((term, c) =>
      levels.map((level, l) => ({
        effect: "ran_coefs",
        group,
        level,
        term,
        estimate: values[c * levels.length + l],
      })),
    ),
  );
}

function limitsOf(interval: ConfidenceInterval | undefined): Row {
  return interval === undefined ? {} : { "conf.low": interval.lower, "conf.high": interval.upper };
}
