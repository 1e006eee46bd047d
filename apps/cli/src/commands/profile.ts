import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { csvText } from "../io/csv-text";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { collectNames, parseLevel } from "../options/parse";
import { plainJson } from "../report/plain-json";
import { progressLine } from "../report/progress";

interface ProfileCommandOptions extends SourceOptions {
  readonly parameters?: readonly string[];
  readonly level: number;
  readonly out?: string;
}

/** `lmm profile FORMULA DATA` or `lmm profile MODEL`: the profile likelihood of each parameter, for plots. */
export function registerProfile(program: Command, context: CommandContext): void {
  const command = program
    .command("profile")
    .description("profile likelihood of each parameter: points of zeta, as CSV or JSON");
  addSourceOptions(command)
    .option("--parameters <names>", "as lmm confint has them: A,B", collectNames("--parameters"))
    .option("--level <probability>", "of the limits in --json", parseLevel("--level"), 0.95)
    .option("--out <file>", "write the CSV there")
    .addHelpText(
      "after",
      '\nExample:\n  $ lmm profile "Yield ~ 1 + (1 | Batch)" dataset:Dyestuff --out profile.csv\n',
    )
    .action((first: string, data: string | undefined, options: ProfileCommandOptions) =>
      runProfile(first, data, options, context),
    );
}

async function runProfile(
  first: string,
  data: string | undefined,
  options: ProfileCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { parameters, level, out } = options;
  if (out !== undefined) checkWritable(out, io);
  const model = await modelOf(first, data, options, context);
  const { profile } = await import("@lmmkit/lmm");
  const line = progressLine(options.quiet === true, io);
  const result = profile(model, {
    level,
    onProgress: (done, of, name) => line.show(() => `${name}: ${done} of ${of}`),
    ...(parameters === undefined ? {} : { parameters }),
  });
  line.finish();
  if (options.json === true) {
    printJson(context, plainJson(result));
    return;
  }
  const points = result.parameters.flatMap(({ name, values, zeta }) =>
    values.map((value, i) => ({ name, value, zeta: zeta[i] })),
  );
  const levels = result.parameters.map(({ name }) => name);
  const codes = Int32Array.from(points, ({ name }) => levels.indexOf(name));
  const text = csvText(
    [
      ["parameter", { kind: "factor", levels, codes, ordered: false }],
      ["value", Float64Array.from(points, ({ value }) => value)],
      ["zeta", Float64Array.from(points, ({ zeta }) => zeta)],
    ],
    points.length,
  );
  if (out === undefined) io.stdout(text);
  else {
    writeFileAtomic(out, text, io);
    if (options.quiet !== true) io.stderr(`wrote ${out} (${points.length} points)\n`);
  }
}
