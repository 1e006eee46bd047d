import type { Profile } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { csvText } from "../io/csv-text";
import { checkWritable } from "../io/write-atomic";
import type { SourceOptions } from "../options/model-source";
import { collectNames, parseLevel } from "../options/parse";
import { progressLine } from "../report/progress";
import { csvAnswer } from "./csv-answer";
import { registerFitQuestion } from "./fit-question";

interface ProfileCommandOptions extends SourceOptions {
  readonly parameters?: readonly string[];
  readonly level: number;
  readonly out?: string;
}

/** `lmm profile …`: the profile likelihood of each parameter, for plots. */
export function registerProfile(program: Command, context: CommandContext): void {
  registerFitQuestion<ProfileCommandOptions>(program, context, {
    name: "profile",
    description: "profile likelihood of each parameter: points of zeta, as CSV or JSON",
    examples: ['lmm profile "Yield ~ 1 + (1 | Batch)" dataset:Dyestuff --out profile.csv'],
    plain: true,
    declare: (command) =>
      command
        .option("--parameters <names>", "as lmm confint has them: A,B", collectNames("--parameters"))
        .option("--level <probability>", "of the limits in --json", parseLevel("--level"), 0.95)
        .option("--out <file>", "write the CSV there"),
    check: ({ out }) => {
      if (out !== undefined) checkWritable(out, context.io);
    },
    answer: (model, { parameters, level, out, quiet }, { profile }, { io }) => {
      const line = progressLine(quiet === true, io);
      const value = profile(model, {
        level,
        onProgress: (done, of, name) => line.show(() => `${name}: ${done} of ${of}`),
        ...(parameters === undefined ? {} : { parameters }),
      });
      line.finish();
      const points = value.parameters.reduce((sum, { values }) => sum + values.length, 0);
      return csvAnswer(value, () => profileCsv(value, points), { out, quiet, what: `${points} points` }, io);
    },
  });
}

/** A line for each point: parameter, value, zeta. */
function profileCsv({ parameters }: Profile, npoints: number): string {
  const levels = parameters.map(({ name }) => name);
  const codes = Int32Array.from(parameters.flatMap(({ values }, p) => values.map(() => p)));
  return csvText(
    [
      ["parameter", { kind: "factor", levels, codes, ordered: false }],
      ["value", Float64Array.from(parameters.flatMap(({ values }) => values))],
      ["zeta", Float64Array.from(parameters.flatMap(({ zeta }) => zeta))],
    ],
    npoints,
  );
}
