/** The `lmm` command as a function: arguments in, exit status out, nothing global touched. */
import { Command, CommanderError } from "commander";

import { registerAnova } from "./commands/anova";
import { registerBootstrap } from "./commands/bootstrap";
import { registerChecks } from "./commands/checks";
import { registerCholesky } from "./commands/cholesky";
import { registerCompare } from "./commands/compare";
import { registerConfint } from "./commands/confint";
import { registerCriterion } from "./commands/criterion";
import { registerDatasets } from "./commands/datasets";
import { registerEmmeans } from "./commands/emmeans";
import { registerExplain } from "./commands/explain";
import { registerFit } from "./commands/fit";
import { registerInfluence } from "./commands/influence";
import { registerModelMatrix } from "./commands/model-matrix";
import { registerPlot } from "./commands/plot";
import { registerPower } from "./commands/power";
import { registerPredict } from "./commands/predict";
import { registerProfile } from "./commands/profile";
import { registerRanef } from "./commands/ranef";
import { registerSimulate } from "./commands/simulate";
import { registerDrop1, registerRanova, registerStep } from "./commands/term-tests";
import { registerTidy } from "./commands/tidy";
import type { CommandContext } from "./context";
import { CliError, type CliErrorCode, type ExitCode } from "./errors";
import type { CliIo } from "./io/cli-io";
import { describeFailure } from "./report/failure";
import { label } from "./report/label";
import { packageVersion } from "./version";

const EXAMPLES = `
Examples:
  $ lmm fit "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy
  $ lmm fit "y ~ x + (1 | school/class)" pupils.csv --ml --json
  $ lmm datasets

Exit status: 0 done, 1 the fit failed, 2 wrong usage, formula or data.
`;

/**
 * Runs one command line.
 *
 * @param argv the arguments after `lmm`
 * @returns the exit status; every error has been reported through `io`
 */
export async function run(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const context: CommandContext = { io, exitCode: 0 };
  let complaint = "";
  const program = createProgram(context, (text) => {
    complaint += text;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = await describeFailure(
      error instanceof CommanderError ? usageError(error) : error,
      io.debug,
    );
    // Without a command, the help is the answer.
    if (error instanceof CommanderError && error.code === "commander.help") io.stderr(`${complaint}\n`);
    if (argv.includes("--json")) io.stdout(`${JSON.stringify({ error: failure.error })}\n`);
    io.stderr(`${label("error", io)} ${failure.text}`);
    return failure.exitCode;
  }
}

/** The program with all its commands; `onComplaint` gets what commander says on standard error. */
function createProgram(context: CommandContext, onComplaint: (text: string) => void): Command {
  const { io } = context;
  const program = new Command("lmm")
    .description("Linear mixed models as lme4 fits them.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", EXAMPLES)
    .configureOutput({
      writeOut: io.stdout,
      // Commander's own messages are reworded in `usageError`.
      writeErr: onComplaint,
    })
    .exitOverride();
  registerFit(program, context);
  registerAnova(program, context);
  registerDrop1(program, context);
  registerRanova(program, context);
  registerStep(program, context);
  registerCompare(program, context);
  registerEmmeans(program, context);
  registerConfint(program, context);
  registerBootstrap(program, context);
  registerProfile(program, context);
  registerRanef(program, context);
  registerPredict(program, context);
  registerSimulate(program, context);
  registerPower(program, context);
  registerTidy(program, context);
  registerInfluence(program, context);
  registerChecks(program, context);
  registerExplain(program, context);
  registerCriterion(program, context);
  registerModelMatrix(program, context);
  registerCholesky(program, context);
  registerPlot(program, context);
  registerDatasets(program, context);
  return program;
}

const USAGE_CODES: Readonly<Record<string, CliErrorCode>> = {
  "commander.unknownOption": "unknown-option",
  "commander.unknownCommand": "unknown-command",
  "commander.missingArgument": "missing-argument",
  "commander.missingMandatoryOptionValue": "missing-argument",
  "commander.optionMissingArgument": "missing-argument",
  "commander.excessArguments": "excess-argument",
  "commander.invalidArgument": "invalid-option",
};

/** A complaint of the option parser in the house form. */
function usageError(error: CommanderError): CliError {
  const code = USAGE_CODES[error.code] ?? "usage";
  if (error.code === "commander.help") {
    return new CliError("missing-argument", "missing command", "choose one of those above");
  }
  const [problem, ...rest] = error.message
    .replace(/^error: /, "")
    .trim()
    .split("\n");
  const suggestion = /\(Did you mean (.+)\?\)/.exec(rest.join(" "))?.[1];
  const hint = suggestion === undefined ? "lmm --help shows how" : `did you mean ${suggestion}?`;
  return new CliError(code, problem, hint);
}
