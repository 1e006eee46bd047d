/** `lmm drop1`, `lmm ranova`, `lmm step`: tests of single terms, and elimination by them. */
import type { TermTest } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { collectNames, parseChoice, parseLevel } from "../options/parse";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface DropOptions extends QuestionOptions {
  readonly test: TermTest;
}

interface RanovaCommandOptions extends QuestionOptions {
  readonly whole?: boolean;
}

interface StepCommandOptions extends DropOptions {
  readonly alphaRandom: number;
  readonly alphaFixed: number;
  readonly keep?: readonly string[];
}

const TESTS = ["satterthwaite", "kenward-roger", "asymptotic", "lrt"] as const;

function withTest(command: Command): Command {
  return command.option(
    "--test <method>",
    "F tests (satterthwaite, kenward-roger, asymptotic) or likelihood ratios (lrt)",
    parseChoice("--test", TESTS),
    "satterthwaite",
  );
}

/** `lmm drop1 …`: each fixed term that may go, left out. */
export function registerDrop1(program: Command, context: CommandContext): void {
  registerFitQuestion<DropOptions>(program, context, {
    name: "drop1",
    description: "tests of the fixed terms that may be left out, one at a time",
    examples: ['lmm drop1 "angle ~ recipe * temperature + (1 | recipe:replicate)" dataset:cake --test lrt'],
    declare: withTest,
    answer: (model, { test }, { drop1, formatTermChanges }) => {
      const value = drop1(model, { test });
      return { value, text: (format) => formatTermChanges(value, { format }) };
    },
  });
}

/** `lmm ranova …`: each random effect, left out. */
export function registerRanova(program: Command, context: CommandContext): void {
  registerFitQuestion<RanovaCommandOptions>(program, context, {
    name: "ranova",
    description: "likelihood-ratio tests of the random effects, with and without regard to the boundary",
    examples: ['lmm ranova "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy'],
    declare: (command) => command.option("--whole", "leave terms out as a whole, not column by column"),
    answer: (model, { whole }, { ranova, formatRanova }) => {
      const value = ranova(model, { reduce: whole !== true });
      return { value, text: (format) => formatRanova(value, { format }) };
    },
  });
}

/** `lmm step …`: backward elimination. */
export function registerStep(program: Command, context: CommandContext): void {
  registerFitQuestion<StepCommandOptions>(program, context, {
    name: "step",
    description: "backward elimination: random effects first, then fixed terms; every table is kept",
    examples: ['lmm step "y ~ a * b + x + (x | g)" data.csv --keep a --alpha-fixed 0.01'],
    declare: (command) =>
      withTest(command)
        .option("--alpha-random <p>", "random effects above it go", parseLevel("--alpha-random"), 0.1)
        .option("--alpha-fixed <p>", "fixed terms above it go", parseLevel("--alpha-fixed"), 0.05)
        .option("--keep <terms>", "fixed terms that stay: A,B", collectNames("--keep")),
    without: ["model"],
    answer: (model, { test, alphaRandom, alphaFixed, keep = [] }, { step, formatElimination }) => {
      const value = step(model, { test, alphaRandom, alphaFixed, keep });
      return { value, text: (format) => formatElimination(value, { format }) };
    },
  });
}
