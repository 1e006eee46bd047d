import type { DdfMethod, Prediction, PredictionInterval } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { csvText } from "../io/csv-text";
import type { DataColumn, DataTable } from "../io/data-table";
import { readTable } from "../io/read-table";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { parseChoice, parseLevel, parseSeed } from "../options/parse";
import { randomSelection } from "../options/random-selection";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface PredictCommandOptions extends QuestionOptions {
  readonly newdata?: string;
  readonly random: string;
  readonly interval?: PredictionInterval;
  readonly level?: number;
  readonly newLevels: "error" | "zero" | "drawn";
  readonly seed?: number;
  readonly ddf?: DdfMethod;
  readonly thetaUncertainty?: boolean;
  readonly out?: string;
}

const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

/** `lmm predict …`: predictions with intervals. */
export function registerPredict(program: Command, context: CommandContext): void {
  registerFitQuestion<PredictCommandOptions>(program, context, {
    name: "predict",
    description: "predictions for the rows of the fit or for new ones, which need no response",
    examples: [
      "lmm predict model.json --newdata new.csv --interval new-observation",
      'lmm predict "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --random none --interval mean',
      "lmm predict model.json --newdata new.csv --new-levels zero --out predictions.csv",
    ],
    declare: declareOptions,
    check: (options) => {
      refuseIdle(options);
      if (options.out !== undefined) checkWritable(options.out, context.io);
    },
    answer: async (model, options, { formatPrediction, predict }, { io }) => {
      const { newdata, interval, level, seed, ddf, out } = options;
      const rows = newdata === undefined ? null : await readTable(newdata, { factor: [], ordered: [] }, io);
      const value = predict(model, rows === null ? null : rows.columns, {
        reForm: randomSelection(options.random),
        newLevels: options.newLevels,
        uncertaintyOfTheta: options.thetaUncertainty === true,
        ...(interval === undefined ? {} : { interval }),
        ...(level === undefined ? {} : { level }),
        ...(seed === undefined ? {} : { seed }),
        ...(ddf === undefined ? {} : { ddf }),
      });
      if (out === undefined) {
        return { value, text: (format) => formatPrediction(value, 6, Number.POSITIVE_INFINITY, format) };
      }
      writeFileAtomic(out, csvText([...given(rows), ...predictedColumns(value)], value.fit.length), io);
      if (options.quiet !== true) io.stderr(`wrote ${out} (${value.fit.length} rows)\n`);
      return { value, text: () => "" };
    },
  });
}

function declareOptions(command: Command): Command {
  return command
    .option("--newdata <file>", "predict these rows: a file as DATA, or - for CSV on standard input")
    .option(
      "--random <terms>",
      'random effects that count: all, none, grouping factors A,B, or a formula "~ (1 | A)"',
      "all",
    )
    .option(
      "--interval <what>",
      "limits of the mean, of a new-observation, or of the mean at a new-level",
      parseChoice("--interval", ["mean", "new-observation", "new-level"] as const),
    )
    .option("--level <probability>", "coverage (default: 0.95)", parseLevel("--level"))
    .option(
      "--new-levels <how>",
      "levels that the fit does not know: error, zero (their effects) or drawn",
      parseChoice("--new-levels", ["error", "zero", "drawn"] as const),
      "error",
    )
    .option("--seed <number>", "of drawn effects (default: 1)", parseSeed("--seed"))
    .option(
      "--ddf <method>",
      `degrees of freedom of limits: ${METHODS.join(", ")}`,
      parseChoice("--ddf", METHODS),
    )
    .option("--theta-uncertainty", "limits count that theta is estimated, too")
    .option("--out <file>", "write the rows with their predictions as CSV");
}

type NamedColumn = readonly [name: string, column: DataColumn];

function given(rows: DataTable | null): NamedColumn[] {
  return rows === null ? [] : Object.entries(rows.columns);
}

/** Row number in the table where rows were left out, prediction, limits. */
function predictedColumns({ fit, stdError, lower, upper, df, rows }: Prediction): NamedColumn[] {
  const all: readonly (readonly [string, Float64Array | null])[] = [
    ["row", rows === null ? null : Float64Array.from(rows, (row) => row + 1)],
    ["fit", fit],
    ["stdError", stdError],
    ["lower", lower],
    ["upper", upper],
    ["df", df],
  ];
  return all.flatMap(([name, column]) => (column === null ? [] : [[name, column] as const]));
}

/** Options that would be followed by nothing. */
function refuseIdle({
  interval,
  level,
  ddf,
  thetaUncertainty,
  seed,
  newLevels,
}: PredictCommandOptions): void {
  const idle =
    interval === undefined && (level !== undefined || ddf !== undefined || thetaUncertainty === true)
      ? "--level, --ddf and --theta-uncertainty are of --interval"
      : seed !== undefined && newLevels !== "drawn"
        ? "--seed is of --new-levels drawn"
        : null;
  if (idle !== null)
    throw new CliError("usage", `needless option: ${idle}`, "add it, or leave the others out");
}
