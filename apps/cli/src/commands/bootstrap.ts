import type { Command } from "commander";
import type { CommandContext } from "../context";
import { csvText } from "../io/csv-text";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import {
  addBootstrapOptions,
  type BootstrapCommandOptions,
  drawReplicates,
} from "../options/bootstrap-options";
import { type Answer, type QuestionOptions, registerFitQuestion } from "./fit-question";

interface BootstrapFileOptions extends Omit<BootstrapCommandOptions, "quiet">, QuestionOptions {
  readonly out?: string;
}

/** `lmm bootstrap …`: refits to simulated responses. */
export function registerBootstrap(program: Command, context: CommandContext): void {
  registerFitQuestion<BootstrapFileOptions>(program, context, {
    name: "bootstrap",
    description: "bias and standard errors of all parameters from refits to simulated responses",
    examples: [
      'lmm bootstrap "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --nsim 500 --seed 1',
      "lmm bootstrap model.json --nsim 10000 --workers 2 --out replicates.csv",
    ],
    declare: (command) =>
      addBootstrapOptions(command).option("--out <file>", "write the replicates as CSV, one line each"),
    check: ({ out }) => {
      if (out !== undefined) checkWritable(out, context.io);
    },
    answer: async (model, options, { formatBootstrap }) => {
      const { io } = context;
      const { out, quiet } = options;
      const result = await drawReplicates(model, options, context);
      const text: Answer["text"] = (format) => formatBootstrap(result, { format });
      if (out === undefined) return { value: result, text };
      const columns = result.names.map((name, j) => [name, result.replicates[j]] as const);
      writeFileAtomic(out, csvText(columns, result.nsim), io);
      if (quiet !== true) io.stderr(`wrote ${out} (${result.nsim} replicates)\n`);
      // The file has the replicates.
      const { replicates: _replicates, ...value } = result;
      return { value, text };
    },
  });
}
