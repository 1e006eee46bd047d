import type { FormattedTable, GroupEffects } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { suggestName } from "../nearest";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface RanefCommandOptions extends QuestionOptions {
  readonly group?: string;
}

/** `lmm ranef …`: conditional modes with their standard deviations. */
export function registerRanef(program: Command, context: CommandContext): void {
  registerFitQuestion<RanefCommandOptions>(program, context, {
    name: "ranef",
    description: "random effects of each level (conditional modes) and their conditional standard deviations",
    examples: [
      'lmm ranef "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy',
      "lmm ranef model.json --group Subject --json",
    ],
    declare: (command) => command.option("--group <factor>", "only those of this grouping factor"),
    answer: (model, { group }, { formatTable, ranef }) => {
      const all = ranef(model, { condVar: true });
      const groups = group === undefined ? all : [groupNamed(all, group)];
      return {
        value: { groups: groups.map(byLevel) },
        text: (format) => groups.map((own) => formatTable(groupTable(own), format)).join("\n"),
      };
    },
  });
}

function groupNamed(groups: readonly GroupEffects[], name: string): GroupEffects {
  const found = groups.find(({ group }) => group === name);
  if (found !== undefined) return found;
  const names = groups.map(({ group }) => group);
  throw new CliError(
    "unknown-column",
    `unknown grouping factor: ${JSON.stringify(name)}`,
    suggestName(name, names, "grouping factors"),
    name,
  );
}

/** One row for each level: the modes and their standard deviations, as named columns. */
function byLevel({ group, levels, columns, values, condVar }: GroupEffects) {
  const k = columns.length;
  const rows = levels.map((level, l) => ({
    level,
    modes: columns.map((_, c) => values[c * levels.length + l]),
    stdDevs: columns.map((_, c) =>
      Math.sqrt(condVar === null ? Number.NaN : condVar[l * k * k + c * (k + 1)]),
    ),
  }));
  return { group, columns, rows };
}

/** A table for each grouping factor. */
function groupTable(effects: GroupEffects): FormattedTable {
  const { group, columns, rows } = byLevel(effects);
  const number = (value: number) => value.toPrecision(5);
  return {
    above: [],
    corner: group,
    names: rows.map(({ level }) => level),
    heads: columns.flatMap((name) => [name, "(sd)"]),
    columns: columns.flatMap((_, c) => [
      rows.map(({ modes }) => number(modes[c])),
      rows.map(({ stdDevs }) => `(${number(stdDevs[c])})`),
    ]),
    below: [],
  };
}
