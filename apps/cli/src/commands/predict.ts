import type { DdfMethod, Prediction, PredictionInterval, RandomSelection } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { csvText } from "../io/csv-text";
import type { DataColumn, DataTable } from "../io/data-table";
import { readTable } from "../io/read-table";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { parseChoice, parseLevel, parseSeed } from "../options/parse";
import { plainJson } from "../report/plain-json";
import { formatTable } from "../report/text-table";

interface PredictCommandOptions extends SourceOptions {
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

const EXAMPLES = `
Examples:
  $ lmm predict model.json --newdata new.csv --interval new-observation
  $ lmm predict "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --random none --interval mean
  $ lmm predict model.json --newdata new.csv --new-levels zero --out predictions.csv
`;

/** `lmm predict FORMULA DATA` or `lmm predict MODEL`: predictions with intervals. */
export function registerPredict(program: Command, context: CommandContext): void {
  const command = program
    .command("predict")
    .description("predictions for the rows of the fit or for new ones, which need no response");
  addSourceOptions(command)
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
    .option("--out <file>", "write the rows with their predictions as CSV")
    .addHelpText("after", EXAMPLES)
    .action((first: string, data: string | undefined, options: PredictCommandOptions) =>
      runPredict(first, data, options, context),
    );
}

async function runPredict(
  first: string,
  data: string | undefined,
  options: PredictCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  refuseIdle(options);
  if (options.newdata === "-" && data === "-") {
    throw new CliError("usage", "unreadable data: standard input can be read only once", "give a file");
  }
  if (options.out !== undefined) checkWritable(options.out, io);
  const model = await modelOf(first, data, options, context);
  const rows =
    options.newdata === undefined ? null : await readTable(options.newdata, { factor: [], ordered: [] }, io);
  const { predict } = await import("@lmmkit/lmm");
  const { interval, level, seed, ddf } = options;
  const result = predict(model, rows === null ? null : rows.columns, {
    reForm: selection(options.random),
    newLevels: options.newLevels,
    uncertaintyOfTheta: options.thetaUncertainty === true,
    ...(interval === undefined ? {} : { interval }),
    ...(level === undefined ? {} : { level }),
    ...(seed === undefined ? {} : { seed }),
    ...(ddf === undefined ? {} : { ddf }),
  });
  const columns = predictedColumns(result);
  if (options.out !== undefined) {
    writeFileAtomic(options.out, csvText([...given(rows), ...columns], result.fit.length), io);
  }
  if (options.json === true) {
    printJson(context, plainJson({ formula: model.formula, method: model.method, ...result }));
  } else if (options.out === undefined) {
    io.stdout(predictionText(columns, result));
  } else if (options.quiet !== true) {
    io.stderr(`wrote ${options.out} (${result.fit.length} rows)\n`);
  }
}

/** `all`, `none`, a one-sided formula, or names with commas between them. */
function selection(text: string): RandomSelection {
  if (text === "all" || text === "none" || text.trimStart().startsWith("~")) return text;
  return text.split(",").map((name) => name.trim());
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

function predictionText(columns: readonly NamedColumn[], { fit, covers, level }: Prediction): string {
  const numbers = columns.map(([name, column]) => ({ name, values: column as Float64Array }));
  const cell = (name: string, value: number) =>
    Number.isNaN(value)
      ? "-"
      : name === "row" || Number.isInteger(value)
        ? String(value)
        : value.toPrecision(6);
  const headings = [...(numbers[0].name === "row" ? [] : ["row"]), ...numbers.map(({ name }) => name)];
  const body = Array.from(fit, (_, i) => {
    const cells = numbers.map(({ name, values }) => cell(name, values[i]));
    return numbers[0].name === "row" ? cells : [String(i + 1), ...cells];
  });
  const what = {
    mean: "the mean",
    "new-observation": "a new observation",
    "new-level": "the mean at a new level",
  };
  const note = covers === null || level === null ? "" : `\nlimits: ${100 * level} % of ${what[covers]}\n`;
  return `${formatTable(headings, body)}${note}`;
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
