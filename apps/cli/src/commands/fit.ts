import type { FitOptions, LinearMixedModel, OptimizerOptions } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { defaultDdf } from "../options/default-ddf";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
import { parseChoice, parseCount, parseNumberList, parsePositive } from "../options/parse";
import { label } from "../report/label";
import { progressLine } from "../report/progress";
import { type EvaluationStep, formatEvaluationTrace, formatRhoTrace } from "../report/rho-trace";

interface FitCommandOptions extends ModelOptions {
  readonly ml?: boolean;
  readonly optimizer: OptimizerChoice;
  readonly start?: readonly number[];
  readonly rhobeg?: number;
  readonly rhoend?: number;
  readonly npt?: number;
  readonly ddf?: DdfChoice;
  readonly save?: string;
  readonly saveData?: boolean;
  readonly verbose?: boolean;
}

const OPTIMIZERS = ["auto", "newton", "bobyqa", "newuoa", "nelder-mead", "lbfgs"] as const;
type OptimizerChoice = (typeof OPTIMIZERS)[number];

const DDF = ["satterthwaite", "kenward-roger", "none"] as const;
type DdfChoice = (typeof DDF)[number];

const EXAMPLES = `
Formulas as in R's lme4:
  (1 | g)        an intercept for each level of g
  (x | g)        intercept and slope, correlated; (x || g) uncorrelated
  (1 | a/b)      b within a; (1 | a) + (1 | b) crossed

Examples:
  $ lmm fit "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy
  $ lmm fit "y ~ poly(age, 2) * sex + (age || school/class)" pupils.csv.gz --contrasts sex=sum
  $ cat data.csv | lmm fit "y ~ x + (1 | g)" - --ml --json --quiet
`;

/** `lmm fit FORMULA DATA`: fits a linear mixed model and prints its summary. */
export function registerFit(program: Command, context: CommandContext): void {
  const command = program.command("fit").description("fit a linear mixed model and print its summary");
  addModelOptions(command)
    .option("--ml", "maximum likelihood (default: REML)")
    .option(
      "--optimizer <name>",
      "auto, newton, bobyqa, newuoa, nelder-mead or lbfgs",
      parseChoice("--optimizer", OPTIMIZERS),
      "auto",
    )
    .option("--start <theta>", "start of theta: 1,0,1", parseNumberList("--start"))
    .option("--rhobeg <radius>", "first trust-region radius; chooses bobyqa", parsePositive("--rhobeg"))
    .option("--rhoend <radius>", "last trust-region radius; chooses bobyqa", parsePositive("--rhoend"))
    .option("--npt <points>", "interpolation points; chooses bobyqa", parseCount("--npt"))
    .option(
      "--ddf <method>",
      "degrees of freedom of the t tests: satterthwaite (default), kenward-roger or none",
      parseChoice("--ddf", DDF),
    )
    .option("--save <file>", "write the fit as JSON, for the other commands and for programs")
    .option("--no-save-data", "leave the rows of the data out of the saved fit")
    .option("--verbose", "print how the optimization went, on standard error")
    .addHelpText("after", EXAMPLES)
    .action((formula: string, data: string, options: FitCommandOptions) =>
      fit(formula, data, options, context),
    );
}

async function fit(
  formula: string,
  data: string,
  options: FitCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  refuseRadii(options);
  if (options.save !== undefined) checkWritable(options.save, io);
  const { table, seconds } = await readModelData(formula, data, options, context);
  const { ddfWork, fitFrame, formatSummary, modelJson, saveModel } = await import("@lmmkit/lmm");
  const { modelFrame } = await import("@lmmkit/formula");
  const frame = modelFrame(formula, table.columns, frameOptions(options));
  const watcher = watchEvaluations(options, context);
  const model = fitFrame(frame, { ...fitOptions(options), ...watcher.callbacks });
  watcher.finish();
  if (options.verbose === true && options.quiet !== true) io.stderr(traceText(model, watcher.steps));
  if (options.quiet !== true) {
    const left = frame.nrowsTable - frame.nobs;
    if (left > 0) io.stderr(`${label("note", io)} ${missingNote(left, frame.nrowsTable, frame.missing)}\n`);
    for (const warning of model.warnings) io.stderr(`${label("warning", io)} ${warning}\n`);
  }
  const ddf = options.ddf ?? defaultDdf(ddfWork(model), options.quiet === true, io);
  const json =
    options.json === true || options.save !== undefined ? modelJson(model, { read: seconds, ddf }) : null;
  if (options.save !== undefined) {
    // What programs read stands beside what the other commands load.
    const saved = saveModel(model, { data: options.saveData !== false });
    writeFileAtomic(options.save, `${JSON.stringify({ ...saved, summary: json })}\n`, io);
  }
  if (options.json === true) printJson(context, json);
  else io.stdout(withSources(formatSummary(model, { ddf }), data, options));
}

/** The summary with where its numbers came from, under the formula as R has it. */
function withSources(summary: string, data: string, { weights, offset }: FitCommandOptions): string {
  const at = summary.indexOf("\n\n") + 1;
  const lines = [`   Data: ${data === "-" ? "standard input" : data}`];
  if (weights !== undefined) lines.push(`Weights: ${weights}`);
  if (offset !== undefined) lines.push(` Offset: ${offset}`);
  return `${summary.slice(0, at)}${lines.join("\n")}\n${summary.slice(at)}`;
}

/** Radii that contradict each other. */
function refuseRadii({ rhobeg, rhoend }: FitCommandOptions): void {
  if (rhobeg !== undefined && rhoend !== undefined && rhoend > rhobeg) {
    throw new CliError(
      "invalid-option",
      `invalid value: --rhoend ${rhoend} is above --rhobeg ${rhobeg}`,
      "the radius only shrinks",
    );
  }
}

function fitOptions(options: FitCommandOptions): FitOptions {
  const { rhobeg, rhoend, npt } = options;
  const optimizer: OptimizerOptions = {
    name: options.optimizer as OptimizerOptions["name"],
    ...(rhobeg === undefined ? {} : { rhobeg }),
    ...(rhoend === undefined ? {} : { rhoend }),
    ...(npt === undefined ? {} : { npt }),
  };
  return {
    method: options.ml === true ? "ML" : "REML",
    optimizer,
    ...(options.start === undefined ? {} : { start: options.start }),
  };
}

/** What is seen of a running fit, besides its result. */
interface Watcher {
  readonly callbacks: Pick<FitOptions, "onEvaluation">;
  /** The evaluations so far, when `--verbose` wants them. */
  readonly steps: readonly EvaluationStep[];
  /** Clears the progress line. */
  finish(): void;
}

/** Keeps the evaluations for `--verbose` and shows the last where a person watches. */
function watchEvaluations({ verbose, quiet }: FitCommandOptions, { io }: CommandContext): Watcher {
  const steps: EvaluationStep[] = [];
  const line = progressLine(quiet === true, io);
  const onEvaluation: FitOptions["onEvaluation"] = (theta, criterion, evaluations) => {
    if (verbose === true) steps.push({ theta: theta.slice(), criterion });
    line.show(() => `evaluation ${evaluations}: ${criterion.toPrecision(10)}`);
  };
  const watched = verbose === true || (io.interactive && quiet !== true);
  return { callbacks: watched ? { onEvaluation } : {}, steps, finish: line.finish };
}

function traceText(
  { optimizer, theta, criterion }: LinearMixedModel,
  evaluated: readonly EvaluationStep[],
): string {
  const { name, npt, rhobeg, rhoend, evaluations, trace } = optimizer;
  if (npt === null || rhobeg === null || rhoend === null) {
    return formatEvaluationTrace(name, evaluated, { evaluations, criterion, theta });
  }
  const steps = trace.filter((step) => step.rho < rhobeg);
  return formatRhoTrace({ npt, rhobeg, rhoend, steps, evaluations, criterion, theta });
}

function missingNote(left: number, total: number, missing: Readonly<Record<string, number>>): string {
  const counts = Object.entries(missing).map(([name, count]) => `${name} ${count}`);
  const detail = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  return `${left} of ${total} rows left out because of missing values${detail}`;
}
