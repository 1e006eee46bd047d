import type { GroupEffects } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { suggestName } from "../nearest";
import type { SourceOptions } from "../options/model-source";
import { formatTable } from "../report/text-table";
import { registerFitQuestion } from "./fit-question";

interface RanefCommandOptions extends SourceOptions {
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
    answer: (model, { group }, { ranef }) => {
      const all = ranef(model, { condVar: true });
      const groups = group === undefined ? all : [groupNamed(all, group)];
      return { value: { groups: groups.map(byLevel) }, text: () => groups.map(groupText).join("\n") };
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

function groupText(effects: GroupEffects): string {
  const { group, columns, rows } = byLevel(effects);
  const number = (value: number) => value.toPrecision(5);
  const headings = [group, ...columns.flatMap((name) => [name, "(sd)"])];
  const body = rows.map(({ level, modes, stdDevs }) => [
    level,
    ...modes.flatMap((mode, c) => [number(mode), `(${number(stdDevs[c])})`]),
  ]);
  return formatTable(headings, body);
}
