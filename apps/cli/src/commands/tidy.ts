/** `lmm tidy`: estimates, the fit or the rows as a plain table, for other programs. */
import type { ColumnTable, TidyEffect } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { csvText } from "../io/csv-text";
import type { DataColumn } from "../io/data-table";
import type { SourceOptions } from "../options/model-source";
import { parseChoice } from "../options/parse";
import { registerFitQuestion } from "./fit-question";

interface TidyCommandOptions extends SourceOptions {
  readonly table: "tidy" | "glance" | "augment";
  readonly effects?: TidyEffect;
  readonly ddf: "satterthwaite" | "kenward-roger" | "asymptotic" | "none";
  readonly intervals?: boolean;
}

const EFFECTS = ["fixed", "ran_pars", "ran_vals", "ran_coefs"] as const;
const METHODS = ["satterthwaite", "kenward-roger", "asymptotic", "none"] as const;

/** Registers the command. */
export function registerTidy(program: Command, context: CommandContext): void {
  registerFitQuestion<TidyCommandOptions>(program, context, {
    name: "tidy",
    description: "the fit as a table in CSV, with the column names of R's broom.mixed",
    examples: [
      'lmm tidy "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --intervals',
      "lmm tidy model.json --table augment > rows.csv",
    ],
    plain: true,
    declare: (command) =>
      command
        .option(
          "--table <name>",
          "tidy (a line for each estimate), glance (one line) or augment (a line for each row of the data)",
          parseChoice("--table", ["tidy", "glance", "augment"] as const),
          "tidy",
        )
        .option("--effects <kind>", `of tidy: ${EFFECTS.join(", ")}`, parseChoice("--effects", EFFECTS))
        .option(
          "--ddf <method>",
          `of tidy: ${METHODS.join(", ")}`,
          parseChoice("--ddf", METHODS),
          "satterthwaite",
        )
        .option("--intervals", "of tidy: Wald intervals of 95 %"),
    check: ({ table, effects, intervals }) => {
      if (table === "tidy" || (effects === undefined && intervals === undefined)) return;
      throw new CliError(
        "usage",
        `needless option: --effects and --intervals with --table ${table}`,
        "leave it out",
      );
    },
    answer: (model, options, { augment, glance, rowCount, tidy, toRecords }) => {
      const { table, effects, ddf, intervals } = options;
      const own = effects === undefined ? {} : { effects };
      const made: ColumnTable =
        table === "glance"
          ? glance(model)
          : table === "augment"
            ? augment(model)
            : tidy(model, { ...own, ddf, confint: intervals === true });
      const columns = Object.entries(made).map(([name, values]) => [name, asColumn(values)] as const);
      return { value: { rows: toRecords(made) }, text: () => csvText(columns, rowCount(made)) };
    },
  });
}

/** Texts as a factor, which the writer of CSV takes. */
function asColumn(values: ColumnTable[string]): DataColumn {
  if (values instanceof Float64Array) return values;
  const levels = [...new Set(values)].filter((value) => value !== null);
  const places = new Map(levels.map((level, i) => [level, i]));
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : (places.get(value) ?? -1)));
  return { kind: "factor", levels, codes, ordered: false };
}
