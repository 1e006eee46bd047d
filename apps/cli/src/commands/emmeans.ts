import type {
  Adjustment,
  CellWeights,
  ContrastFamily,
  Contrasts,
  DdfMethod,
  GridValues,
  MarginalMeans,
} from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { collectNames, parseChoice, parseLevel } from "../options/parse";
import { plainJson } from "../report/plain-json";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface EmmeansCommandOptions extends QuestionOptions {
  readonly by: readonly string[];
  readonly within?: readonly string[];
  readonly at?: GridValues;
  readonly trend?: string;
  readonly average: CellWeights;
  readonly pairs?: boolean;
  readonly contrast?: ContrastFamily;
  readonly adjust?: Adjustment;
  readonly scale: "fitted" | "response";
  readonly level: number;
  readonly ddf: DdfMethod;
}

const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;
const ADJUSTMENTS = ["tukey", "dunnett", "scheffe", "bonferroni", "holm", "sidak", "fdr", "none"] as const;
const AVERAGES = ["equal", "proportional", "outer", "cells", "flat"] as const;
const FAMILIES = [
  "pairwise",
  "revpairwise",
  "trt.vs.ctrl",
  "trt.vs.ctrlk",
  "consec",
  "mean_chg",
  "eff",
  "del.eff",
  "poly",
  "helmert",
  "identity",
] as const;

/** `lmm emmeans … --by FACTOR`: estimated marginal means or slopes, and their contrasts. */
export function registerEmmeans(program: Command, context: CommandContext): void {
  registerFitQuestion<EmmeansCommandOptions>(program, context, {
    name: "emmeans",
    description: "estimated marginal means of factors or slopes of a covariate, and their contrasts",
    examples: [
      'lmm emmeans "angle ~ recipe * temperature + (1 | recipe:replicate)" dataset:cake --by recipe --pairs',
      "lmm emmeans model.json --by recipe --within temperature --contrast trt.vs.ctrl",
      'lmm emmeans "weight ~ Time * Diet + (1 | Chick)" chicks.csv --trend Time --by Diet',
    ],
    declare: declareOptions,
    check: refuseIdle,
    answer: (model, options, { contrast, emmeans, emtrends, formatEmmeans, formatPairwise }) => {
      const { by: factors, within = [], trend, adjust } = options;
      const family = familyOf(options);
      const grid = {
        ddf: options.ddf,
        level: options.level,
        weights: options.average,
        by: within,
        ...(options.at === undefined ? {} : { at: options.at }),
      };
      const means = inOptions(() =>
        trend === undefined
          ? emmeans(model, factors, { ...grid, scale: options.scale })
          : emtrends(model, trend, factors, grid),
      );
      const contrasts =
        family === null ? null : contrast(model, means, family, adjust === undefined ? {} : { adjust });
      return {
        value: { ...meansJson(means), ...contrastsJson(contrasts) },
        text: (format) =>
          formatEmmeans(means, 4, format) +
          (contrasts === null ? "" : `\n${formatPairwise(contrasts, 4, format)}`),
      };
    },
  });
}

function familyOf({ contrast, pairs }: EmmeansCommandOptions): ContrastFamily | null {
  return contrast ?? (pairs === true ? "pairwise" : null);
}

function declareOptions(command: Command): Command {
  return command
    .requiredOption("--by <factors>", "factors of the fixed effects: A,B", collectNames("--by"))
    .option("--within <factors>", "contrasts within each level of these factors", collectNames("--within"))
    .option(
      "--at <variable=values>",
      "hold a variable there: Days=3 or Days=0,3,9 (repeatable; default: its mean)",
      collectAt,
    )
    .option("--trend <variable>", "slopes along this covariate, not means")
    .option(
      "--average <weights>",
      "how levels averaged over count: equal, proportional, outer, cells or flat",
      parseChoice("--average", AVERAGES),
      "equal",
    )
    .option("--pairs", "pairwise differences too")
    .option(
      "--contrast <family>",
      `contrasts too: ${FAMILIES.join(", ")}`,
      parseChoice("--contrast", FAMILIES),
    )
    .option(
      "--adjust <method>",
      `p-values and intervals of contrasts: ${ADJUSTMENTS.join(", ")} (default: as the family has it)`,
      parseChoice("--adjust", ADJUSTMENTS),
    )
    .option(
      "--scale <scale>",
      "response undoes the formula's log() or sqrt() of the response",
      parseChoice("--scale", ["fitted", "response"]),
      "fitted",
    )
    .option("--level <probability>", "coverage of the intervals", parseLevel("--level"), 0.95)
    .option(
      "--ddf <method>",
      "degrees of freedom: satterthwaite, kenward-roger or asymptotic",
      parseChoice("--ddf", METHODS),
      "satterthwaite",
    );
}

/** `x=3` or `x=1,2` (repeatable); texts are levels. */
function collectAt(text: string, previous: GridValues = {}): GridValues {
  const at = text.indexOf("=");
  const parts = text
    .slice(at + 1)
    .split(",")
    .map((part) => part.trim());
  if (at < 1 || parts.includes("")) {
    throw new CliError(
      "invalid-option",
      `invalid value: --at ${JSON.stringify(text)}`,
      "write a variable and a number, as in Days=3",
      text,
    );
  }
  const values = parts.map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
  return Object.assign(Object.create(null), previous, { [text.slice(0, at).trim()]: values });
}

/** Runs a function whose errors speak of `at: { "x": [...] }`, which is `--at x=1,2,3` here. */
function inOptions<Result>(compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    const [, before, name] =
      (error instanceof Error && /^(.*); for (.+), a number, give at: /s.exec(error.message)) || [];
    if (before === undefined) throw error;
    const [problem, ...rest] = before.split("; ");
    const hint = [...rest, `for ${name}, a number, add --at ${name}=1,2,3`].join("; ");
    throw new CliError("unknown-column", problem, hint, name);
  }
}

/** Options that would be followed by nothing. */
function refuseIdle(options: EmmeansCommandOptions): void {
  const needless =
    options.adjust !== undefined && familyOf(options) === null
      ? "--adjust without contrasts"
      : options.trend !== undefined && options.scale === "response"
        ? "--scale response with --trend"
        : options.pairs === true && options.contrast !== undefined
          ? "--pairs with --contrast"
          : null;
  if (needless === null) return;
  throw new CliError("usage", `needless option: ${needless}`, "add --pairs or --contrast, or leave it out");
}

function meansJson(means: MarginalMeans): Record<string, unknown> {
  return plainJson(means, ["contrast", "row"]) as Record<string, unknown>;
}

/** Contrasts under the name `pairs`, which programs know. */
function contrastsJson(contrasts: Contrasts | null): Record<string, unknown> {
  if (contrasts === null) return {};
  const { rows, ...about } = contrasts;
  const pairs = rows.map(({ term, ...row }) => ({ contrast: term, ...row }));
  return plainJson({ contrasts: about, adjust: about.adjust, pairs }) as Record<string, unknown>;
}
