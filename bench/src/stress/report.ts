import { quantile } from "../support/statistics";
import { markdownTable, short, type Target, targetTable } from "../support/tables";
import type { Contest, Finish } from "./contest";

/** One model's contest and the bar it is held to. */
export interface StressResult extends Contest {
  readonly seed: number;
  readonly trouble: string;
  readonly formula: string;
  readonly reml: boolean;
  readonly lowest: number;
}

/** How far above the lowest known value an end may lie. */
const HIGH = 1e-6;

interface Ends {
  readonly name: string;
  readonly ends: readonly { readonly result: StressResult; readonly end: Finish; readonly above: number }[];
  readonly refused: number;
}

/** The record's body: targets, one row per optimizer, then every failure by its seed. */
export function reportStress(results: readonly StressResult[]): string {
  const names = [
    ...new Set(results.flatMap((r) => [...Object.keys(r.finishes), ...Object.keys(r.refusals)])),
  ];
  const all = names.map((name) => endsOf(name, results));
  const crashed = results.filter((r) => r.refusals.auto?.startsWith("crash"));
  const singular = results.filter((r) => r.singular).length;
  const parts = [
    targetTable([
      ...targets(all),
      {
        asks: "default: a fit or a named refusal, never anything else",
        measured: crashed.length === 0 ? "so it is" : `${crashed.length} crashed`,
        met: crashed.length === 0,
      },
    ]),
    `${results.length} models by seed (\`src/stress/stress-model.ts\`), ${singular} of them singular at the optimum. *High* counts ends above the lowest value known for the seed, whichever run met it: any optimizer here, or BOBYQA without bounds from four distances. *False yes*: called converged though more than 1e-6 high. *False no*: called not converged though as low as any.`,
    markdownTable(
      [
        "Optimizer",
        "High by 1e-2",
        "1e-4",
        "1e-6",
        "False yes",
        "False no",
        "Evaluations, median",
        "95 %",
        "Most",
        "Refused",
      ],
      all.map(row),
    ),
  ];
  const failures = all.flatMap(failureRows);
  const refusals = results.flatMap((r) =>
    Object.entries(r.refusals).map(([name, reason]) => [String(r.seed), name, `\`${r.formula}\``, reason]),
  );
  if (refusals.length > 0) {
    parts.push("## Refused", markdownTable(["Seed", "Optimizer", "Model", "Reason"], refusals));
  }
  if (failures.length > 0) {
    parts.push(
      "## Failures\n\nEach is reproduced by `pnpm bench:stress SEED`.",
      markdownTable(
        ["Seed", "Optimizer", "Trouble", "Model", "Method", "High by", "Called converged"],
        failures,
      ),
    );
  }
  return parts.join("\n\n");
}

function endsOf(name: string, results: readonly StressResult[]): Ends {
  const ends = results.flatMap((result) => {
    const end = result.finishes[name];
    return end === undefined ? [] : [{ result, end, above: end.criterion - result.lowest }];
  });
  return { name, ends, refused: results.filter((r) => name in r.refusals).length };
}

function row({ name, ends, refused }: Ends): string[] {
  const high = (limit: number) => String(ends.filter(({ above }) => above > limit).length);
  const evaluations = ends.map(({ end }) => end.evaluations);
  return [
    name,
    high(1e-2),
    high(1e-4),
    high(HIGH),
    String(ends.filter(falseYes).length),
    String(ends.filter(falseNo).length),
    quantile(evaluations, 0.5).toFixed(0),
    quantile(evaluations, 0.95).toFixed(0),
    quantile(evaluations, 1).toFixed(0),
    String(refused),
  ];
}

type End = Ends["ends"][number];
const falseYes = ({ end, above }: End) => end.converged && above > HIGH;
const falseNo = ({ end, above }: End) => !end.converged && above <= HIGH;

function targets(all: readonly Ends[]): Target[] {
  const auto = all.find(({ name }) => name === "auto")?.ends ?? [];
  const high = auto.filter(({ above }) => above > HIGH);
  const worst = Math.max(0, ...auto.map(({ above }) => above));
  const untrue = all.flatMap(({ ends }) => ends.filter(falseYes));
  const late = auto.filter(falseNo);
  return [
    {
      asks: "default: none ends above the best of all by more than 1e-6",
      measured: `${high.length} of ${auto.length}, worst ${short(worst)}`,
      met: high.length === 0,
    },
    {
      asks: "default: none is called converged when it is not",
      measured: `${auto.filter(falseYes).length} (all optimizers: ${untrue.length})`,
      met: auto.filter(falseYes).length === 0,
    },
    {
      asks: "default: none is called not converged when it is",
      measured: String(late.length),
      met: late.length === 0,
    },
  ];
}

function failureRows({ name, ends }: Ends): string[][] {
  return ends
    .filter((end) => end.above > HIGH || falseNo(end))
    .map(({ result, end, above }) => [
      String(result.seed),
      name,
      result.trouble,
      `\`${result.formula}\``,
      result.reml ? "REML" : "ML",
      short(above),
      end.converged ? "yes" : "no",
    ]);
}
