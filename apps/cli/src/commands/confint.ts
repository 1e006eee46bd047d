import type { BootstrapIntervalType, ConfintOptions, DdfMethod } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import {
  addBootstrapOptions,
  type BootstrapCommandOptions,
  drawReplicates,
} from "../options/bootstrap-options";
import { collectNames, parseChoice, parseLevel } from "../options/parse";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface ConfintCommandOptions extends Omit<BootstrapCommandOptions, "quiet">, QuestionOptions {
  readonly method: "wald" | "profile" | "boot";
  readonly level: number;
  readonly parameters?: readonly string[];
  readonly ddf?: DdfMethod;
  readonly interval?: BootstrapIntervalType;
}

const INTERVALS = ["percentile", "basic", "normal", "bca", "shortest"] as const;
const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

/** `lmm confint …`: confidence intervals of all parameters. */
export function registerConfint(program: Command, context: CommandContext): void {
  registerFitQuestion<ConfintCommandOptions>(program, context, {
    name: "confint",
    description: "confidence intervals of standard deviations, correlations and fixed effects",
    examples: [
      'lmm confint "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy',
      "lmm confint model.json --method wald --parameters Days",
      "lmm confint model.json --method boot --nsim 2000 --seed 1 --interval bca --workers 4",
    ],
    declare: (command) => addBootstrapOptions(declareOptions(command)),
    check: refuseIdle,
    answer: async (model, options, { confint, formatConfint }, context) => {
      const { method, level, parameters, ddf, interval } = options;
      const chosen: ConfintOptions = {
        method,
        level,
        ...(parameters === undefined ? {} : { parameters }),
        ...(ddf === undefined ? {} : { ddf }),
        ...(interval === undefined ? {} : { type: interval }),
        ...(method === "boot" ? { boot: await drawReplicates(model, options, context) } : {}),
      };
      const result = confint(model, chosen);
      // `method` is that of the intervals; how the model was fitted goes by another name.
      return { value: { fit: model.method, ...result }, text: (format) => formatConfint(result, { format }) };
    },
  });
}

function declareOptions(command: Command): Command {
  return command
    .option(
      "--method <method>",
      "profile (likelihood), wald (standard errors) or boot (bootstrap)",
      parseChoice("--method", ["profile", "wald", "boot"] as const),
      "profile",
    )
    .option("--level <probability>", "coverage", parseLevel("--level"), 0.95)
    .option(
      "--parameters <names>",
      "names as the table has them, or stdDev, correlation, sigma, fixed: A,B",
      collectNames("--parameters"),
    )
    .option(
      "--ddf <method>",
      `of wald: ${METHODS.join(", ")} (default: satterthwaite)`,
      parseChoice("--ddf", METHODS),
    )
    .option(
      "--interval <type>",
      `of boot: ${INTERVALS.join(", ")} (default: percentile)`,
      parseChoice("--interval", INTERVALS),
    );
}

/** Options of another method than the one asked for. */
function refuseIdle(options: ConfintCommandOptions): void {
  const { method, ddf, interval, nsim, seed, type, workers } = options;
  const idle =
    method !== "wald" && ddf !== undefined
      ? "--ddf"
      : method !== "boot" && interval !== undefined
        ? "--interval"
        : method !== "boot" && (nsim ?? seed ?? type ?? workers) !== undefined
          ? "--nsim, --seed, --type and --workers are of --method boot;"
          : null;
  if (idle === null) return;
  throw new CliError(
    "usage",
    `needless option: ${idle} with --method ${method}`,
    "leave it out, or choose another method",
  );
}
