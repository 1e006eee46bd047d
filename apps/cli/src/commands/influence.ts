import type { Influence } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import type { SourceOptions } from "../options/model-source";
import { parseChoice, parseCount } from "../options/parse";
import { progressLine } from "../report/progress";
import { formatTable } from "../report/text-table";
import { registerFitQuestion } from "./fit-question";

interface InfluenceCommandOptions extends SourceOptions {
  readonly by: string;
  readonly refit: "fixed-theta" | "full";
  readonly most: number;
}

/** `lmm influence …`: what leaving out rows or groups changes. */
export function registerInfluence(program: Command, context: CommandContext): void {
  registerFitQuestion<InfluenceCommandOptions>(program, context, {
    name: "influence",
    description: "how the fit changes when single rows, or all rows of a group, are left out",
    examples: [
      'lmm influence "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --by Subject',
      "lmm influence model.json --refit full --by Subject --json",
    ],
    declare: (command) =>
      command
        .option(
          "--by <unit>",
          "observation, or a factor whose levels are left out one at a time",
          "observation",
        )
        .option(
          "--refit <what>",
          "fixed-theta: exact at the fit's theta; full: theta found again for each",
          parseChoice("--refit", ["fixed-theta", "full"] as const),
          "fixed-theta",
        )
        .option(
          "--most <number>",
          "print that many, largest Cook's distance first",
          parseCount("--most"),
          10,
        ),
    answer: (model, { by, refit, most, quiet }, { influence }, { io }) => {
      const line = progressLine(quiet === true, io);
      const onProgress = (done: number, total: number) => line.show(() => `left out ${done} of ${total}`);
      const value = influence(model, { by, refit, onProgress });
      line.finish();
      return { value, text: () => influenceText(value, most) };
    },
  });
}

/** The deletions that change most. */
function influenceText(result: Influence, most: number): string {
  const { labels, cooksDistance, covRatio, dfbetas, fixedNames, status, refit, by } = result;
  const size = labels.length;
  const order = labels
    .map((_, d) => d)
    .sort((a, b) => rank(cooksDistance[b]) - rank(cooksDistance[a]) || a - b)
    .slice(0, most);
  const number = (value: number) => (Number.isFinite(value) ? value.toPrecision(4) : "-");
  const headings = [by, "Cook's D", "cov. ratio", ...fixedNames.map((name) => `dfbetas ${name}`)];
  const rows = order.map((d) => [
    status[d] === "ok" ? labels[d] : `${labels[d]} (${status[d]})`,
    number(cooksDistance[d]),
    number(covRatio[d]),
    ...fixedNames.map((_, j) => number(dfbetas[j * size + d])),
  ]);
  const left = size > order.length ? `… ${size - order.length} more\n` : "";
  const how = refit === "full" ? "theta found again for each" : "exact at the theta of the whole";
  return `${formatTable(headings, rows)}${left}\nleft out one at a time; ${how}\n`;
}

/** What cannot be said comes first: leaving it out makes the model another one. */
function rank(distance: number): number {
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}
