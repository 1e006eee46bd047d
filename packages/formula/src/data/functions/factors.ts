import type { FactorColumn } from "../column";
import { asFactor, dropUnusedLevels, factorColumn } from "../factor-column";
import type { FormulaFunction } from "../function-call";
import { combineCodes } from "../interaction-factor";
import type { FactorValue } from "../value";
import { withContrasts } from "./contrast-argument";
import { cut } from "./cut";

interface LearnedLevels {
  /** Levels of the result. */
  readonly levels: readonly string[];
  /** The values that are known and, for each, its level. */
  readonly values: readonly string[];
  readonly labels: readonly string[];
}

/** `factor(x, levels, labels, ordered)`; without levels those that occur, in the order of the column's. */
function makeFactor(orderedByDefault: boolean | null): FormulaFunction {
  return {
    parameters: [{ name: "x", required: true }, { name: "levels" }, { name: "labels" }, { name: "ordered" }],
    evaluate(call): FactorValue {
      const x = call.factor("x");
      const ordered = call.flag("ordered", orderedByDefault ?? x.ordered);
      const learned = call.learn<LearnedLevels>(() => {
        const values = call.texts("levels") ?? dropUnusedLevels(x).levels;
        const labels = call.texts("labels") ?? values;
        if (labels.length !== values.length) {
          throw call.error(
            "wrong-arguments",
            `unequal lengths: ${labels.length} labels for ${values.length} levels`,
            {
              at: call.expression("labels"),
            },
          );
        }
        return { levels: [...new Set(labels)], values, labels };
      });
      const positions = new Map(learned.levels.map((level, i) => [level, i]));
      const byValue = new Map(learned.values.map((value, i) => [value, positions.get(learned.labels[i])!]));
      return recode(x, learned.levels, (level) => byValue.get(level) ?? -1, ordered);
    },
  };
}

function recode(
  x: FactorColumn,
  levels: readonly string[],
  position: (level: string) => number,
  ordered: boolean,
): FactorColumn {
  const map = Int32Array.from(x.levels, position);
  const codes = new Int32Array(x.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = x.codes[i] < 0 ? -1 : map[x.codes[i]];
  return { kind: "factor", levels, codes, ordered };
}

/** `relevel(x, ref)`: one level moved to the front. */
const relevel: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "ref", required: true },
  ],
  evaluate(call): FactorValue {
    const x = call.factor("x");
    const levels = call.learn<readonly string[]>(() => {
      const ref = call.texts("ref")?.[0] ?? "";
      const byPosition =
        call.value("ref").kind === "vector" ? x.levels[(call.constant("ref") ?? 0) - 1] : undefined;
      const first = byPosition ?? ref;
      if (!x.levels.includes(first)) {
        throw call.error("unknown-level", `unknown level: ${JSON.stringify(ref)}`, {
          value: ref,
          hint: `the levels are ${x.levels.slice(0, 8).join(", ")}`,
          at: call.expression("ref"),
        });
      }
      return [first, ...x.levels.filter((level) => level !== first)];
    });
    const positions = new Map(levels.map((level, i) => [level, i]));
    return recode(x, levels, (level) => positions.get(level) ?? -1, false);
  },
};

/** `interaction(a, b, sep, lex.order)`: the combinations that occur, the first factor varying fastest. */
const interaction: FormulaFunction = {
  parameters: [{ name: "..." }, { name: "drop" }, { name: "sep" }, { name: "lex.order" }],
  evaluate(call): FactorValue {
    const factors = call.rest.map(({ value: expression }) => {
      const value = call.evaluate(expression);
      if (value.kind === "factor" || value.kind === "numeric" || value.kind === "logical")
        return asFactor(value);
      throw call.error("wrong-type", "invalid argument: interaction() takes columns", { at: expression });
    });
    if (factors.length === 0) throw call.error("wrong-arguments", "missing argument: of interaction()");
    const separator = call.texts("sep")?.[0] ?? ".";
    const lexical = call.flag("lex.order", false);
    let result = factors[0];
    for (const next of factors.slice(1)) result = join(result, next, separator, lexical);
    const levels = call.learn<readonly string[]>(() => result.levels);
    const positions = new Map(levels.map((level, i) => [level, i]));
    return recode(result, levels, (level) => positions.get(level) ?? -1, false);
  },
};

function join(a: FactorColumn, b: FactorColumn, separator: string, lexical: boolean): FactorColumn {
  const [outer, inner] = lexical ? [a, b] : [b, a];
  const combined = combineCodes(outer.codes, outer.levels.length, inner.codes, inner.levels.length);
  const levels = Array.from(combined.first, (_, k) => {
    const parts = [outer.levels[combined.first[k]], inner.levels[combined.second[k]]];
    return (lexical ? parts : parts.reverse()).join(separator);
  });
  return { kind: "factor", levels, codes: combined.codes, ordered: false };
}

const asCharacter: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate(call): FactorValue {
    const x = dropUnusedLevels(call.factor("x"));
    const levels = call.learn<readonly string[]>(() => factorColumn(x.levels).levels);
    const positions = new Map(levels.map((level, i) => [level, i]));
    return { ...recode(x, levels, (level) => positions.get(level) ?? -1, false), text: true };
  },
};

export const FACTOR_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ["factor", makeFactor(null)],
  ["as.factor", makeFactor(null)],
  ["ordered", makeFactor(true)],
  ["as.ordered", makeFactor(true)],
  ["relevel", relevel],
  ["C", withContrasts],
  ["interaction", interaction],
  ["cut", cut],
  ["as.character", asCharacter],
]);
