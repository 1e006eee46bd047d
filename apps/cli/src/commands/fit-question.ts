/** Commands that ask one thing of a fit: FORMULA and DATA or a saved fit in, text or JSON out. */
import type { LinearMixedModel, TableFormat } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { parseChoice } from "../options/parse";
import { plainJson } from "../report/plain-json";

/** The library, loaded when a fit is there to ask. */
export type Library = typeof import("@lmmkit/lmm");

/** What a command found: for programs and for people. */
export interface Answer {
  readonly value: object;
  /** Called only when it is printed. */
  readonly text: (format: TableFormat) => string;
}

/** Options that all of them share. */
export interface QuestionOptions extends SourceOptions {
  readonly format?: TableFormat;
}

const FORMATS = ["text", "markdown", "latex", "html"] as const;

/** Declares `--format`. */
export function addFormatOption(command: Command): Command {
  return command.option(
    "--format <format>",
    `tables as ${FORMATS.join(", ")} (default: text)`,
    parseChoice("--format", FORMATS),
  );
}

/** One such command. */
export interface FitQuestion<Options extends QuestionOptions> {
  readonly name: string;
  readonly description: string;
  /** Lines of the help, without the prompt. */
  readonly examples: readonly string[];
  /** Adds the command's own options. */
  readonly declare: (command: Command) => Command;
  /** Refuses options that contradict each other, before anything is fitted. */
  readonly check?: (options: Options) => void;
  /** Keys to leave out of the JSON, wherever they stand. */
  readonly without?: readonly string[];
  /** Whether the answer is no table for people, so that `--format` has no meaning; default false. */
  readonly plain?: boolean;
  readonly answer: (
    model: LinearMixedModel,
    options: Options,
    library: Library,
    context: CommandContext,
  ) => Answer | Promise<Answer>;
}

/** Registers the command. */
export function registerFitQuestion<Options extends QuestionOptions>(
  program: Command,
  context: CommandContext,
  question: FitQuestion<Options>,
): void {
  const { name, description, examples, declare, check, without, plain, answer } = question;
  const help = `\nExamples:\n${examples.map((line) => `  $ ${line}\n`).join("")}`;
  const command = declare(addSourceOptions(program.command(name).description(description)));
  (plain === true ? command : addFormatOption(command))
    .addHelpText("after", help)
    .action(async (first: string, data: string | undefined, options: Options) => {
      check?.(options);
      const model = await modelOf(first, data, options, context);
      const { value, text } = await answer(model, options, await import("@lmmkit/lmm"), context);
      if (options.json !== true) context.io.stdout(wholeLines(text(options.format ?? "text")));
      else {
        const { formula, method } = model;
        printJson(context, plainJson({ formula, method, ...value }, without));
      }
    });
}

/** The text with a line end after its last line. */
function wholeLines(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
