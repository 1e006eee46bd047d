/** `lmm power`: how often a test would find an effect of a given size. */
import type { PowerTest } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import {
  collectNames,
  parseChoice,
  parseCount,
  parseLevel,
  parseNumberList,
  parseSeed,
  parseWorkers,
} from "../options/parse";
import { progressLine } from "../report/progress";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface PowerCommandOptions extends QuestionOptions {
  readonly effect: readonly string[];
  readonly values?: readonly number[];
  readonly test: PowerTest;
  readonly alpha: number;
  readonly nsim: number;
  readonly seed: number;
  readonly workers: number;
}

const TESTS = ["satterthwaite", "kenward-roger", "asymptotic", "lrt"] as const;

/** Registers the command. */
export function registerPower(program: Command, context: CommandContext): void {
  registerFitQuestion<PowerCommandOptions>(program, context, {
    name: "power",
    description: "power of the test of fixed effects, by simulation from the fit",
    examples: [
      'lmm power "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --effect Days --values 2,4,6',
    ],
    declare: (command) =>
      command
        .requiredOption(
          "--effect <names>",
          "fixed effects that are tested jointly: A,B",
          collectNames("--effect"),
        )
        .option("--values <numbers>", "true values of a single effect: 1,2,3", parseNumberList("--values"))
        .option("--test <method>", TESTS.join(", "), parseChoice("--test", TESTS), "satterthwaite")
        .option("--alpha <p>", "level of the test", parseLevel("--alpha"), 0.05)
        .option("--nsim <number>", "simulations for each value", parseCount("--nsim"), 1000)
        .option("--seed <number>", "of the random numbers", parseSeed("--seed"), 0)
        .option("--workers <number>", "threads; changes no digit of the result", parseWorkers, 1),
    answer: async (model, options, { formatPower, powerIn, serialPool }, { io }) => {
      const { effect, values, test, alpha, nsim, seed, workers } = options;
      const line = progressLine(options.quiet === true, io);
      const pool = workers > 1 ? await io.workers(workers) : serialPool();
      try {
        const value = await powerIn(pool, model, {
          effect,
          test,
          alpha,
          nsim,
          seed,
          onProgress: (done, total) => line.show(() => `${done} of ${total} simulations`),
          ...(values === undefined ? {} : { values }),
        });
        return { value, text: (format) => formatPower(value, { format }) };
      } finally {
        line.finish();
        pool.close();
      }
    },
  });
}
