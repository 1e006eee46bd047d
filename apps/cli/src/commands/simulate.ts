import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { csvText } from "../io/csv-text";
import { checkWritable } from "../io/write-atomic";
import type { SourceOptions } from "../options/model-source";
import { parseCount, parseSeed } from "../options/parse";
import { randomSelection } from "../options/random-selection";
import { csvAnswer } from "./csv-answer";
import { registerFitQuestion } from "./fit-question";

interface SimulateCommandOptions extends SourceOptions {
  readonly nsim: number;
  readonly seed: number;
  readonly random: string;
  readonly out?: string;
}

/** Numbers that responses may take in memory. */
const MOST_NUMBERS = 1e8;

/** `lmm simulate …`: new responses from the fit, as CSV. */
export function registerSimulate(program: Command, context: CommandContext): void {
  registerFitQuestion<SimulateCommandOptions>(program, context, {
    name: "simulate",
    description: "new responses drawn from the fitted model, as CSV",
    examples: ['lmm simulate "Yield ~ 1 + (1 | Batch)" dataset:Dyestuff --nsim 3 --seed 1'],
    plain: true,
    declare: (command) =>
      command
        .option("--nsim <number>", "responses", parseCount("--nsim"), 1)
        .option("--seed <number>", "of the random numbers", parseSeed("--seed"), 0)
        .option("--random <terms>", "random effects that stay as predicted: none, all, or groups A,B", "none")
        .option("--out <file>", "write the CSV there"),
    check: ({ out }) => {
      if (out !== undefined) checkWritable(out, context.io);
    },
    answer: (model, { nsim, seed, random, out, quiet }, { simulate }) => {
      const { nobs } = model;
      if (nsim * nobs > MOST_NUMBERS) {
        const most = Math.floor(MOST_NUMBERS / nobs);
        throw new CliError(
          "invalid-option",
          `too many responses: --nsim ${nsim}`,
          `at most ${most} of this model fit in memory`,
          nsim,
        );
      }
      const value = simulate(model, { nsim, seed, reForm: randomSelection(random) });
      const text = () => {
        const row = Float64Array.from(
          { length: nobs },
          (_, i) => (value.rows === null ? i : value.rows[i]) + 1,
        );
        const columns = value.responses.map((y, i) => [`sim_${i + 1}`, y] as const);
        return csvText([["row", row], ...columns], nobs);
      };
      return csvAnswer(value, text, { out, quiet, what: `${nobs} rows` }, context.io);
    },
  });
}
