import { Draws } from "../support/draws";
import type { ModelCall } from "../support/lme4-session";
import { factorColumn, type Table } from "../support/table-files";

/** Sorts of trouble; the seed's remainder chooses. */
export const troubles = [
  "no variance at all",
  "singular slopes",
  "ill-scaled slopes",
  "crossed intercepts",
  "crossed slopes",
  "many slopes",
  "tiny groups",
  "near a saddle",
  "nested and independent",
  "slope without intercept",
] as const;
export type Trouble = (typeof troubles)[number];

/** A model made to be hard to fit, the same on every machine for the same seed. */
export interface StressModel extends ModelCall {
  readonly seed: number;
  readonly trouble: Trouble;
  readonly table: Table;
}

/** How the data of one kind of trouble are drawn. */
interface Recipe {
  readonly groups: number;
  readonly rows: number;
  readonly slopes: number;
  /** Unit and origin of the covariates. */
  readonly scale: number;
  readonly origin: number;
  /** Standard deviations of the columns (intercept first) of the first and second grouping factor. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Effects of one factor are all multiples of one draw per group. */
  readonly collinear: boolean;
  readonly randomPart: string;
}

/** The stress model of a seed. */
export function stressModel(seed: number): StressModel {
  const draws = new Draws(seed);
  const trouble = troubles[seed % troubles.length];
  const recipe = recipeOf(trouble, draws);
  const { groups, rows, slopes, scale, origin, collinear } = recipe;
  const names = Array.from({ length: slopes }, (_, j) => `x${j + 1}`);
  const columns = names.map(() => Float64Array.from({ length: rows }, () => draws.normal()));
  // Every level occurs; the rest falls at random.
  const codes = (count: number) =>
    Int32Array.from({ length: rows }, (_, r) => (r < count ? r : draws.integer(0, count - 1)));
  const second = Math.max(3, Math.min(rows, Math.round(groups * draws.between(0.4, 1))));
  const factors = [
    { codes: codes(groups), count: groups, deviations: recipe.first },
    { codes: codes(second), count: second, deviations: recipe.second },
  ];
  const y = Float64Array.from({ length: rows }, (_, r) => 3 + (columns[0]?.[r] ?? 0) + draws.normal());
  for (const { codes: code, count, deviations } of factors) {
    const effects = Array.from({ length: count }, () => {
      const common = draws.normal();
      return deviations.map((deviation) => deviation * (collinear ? common : draws.normal()));
    });
    for (let r = 0; r < rows; r++) {
      effects[code[r]].forEach((effect, j) => {
        y[r] += j === 0 ? effect : effect * columns[j - 1][r];
      });
    }
  }
  const unit = draws.chance(0.2) ? 10 ** draws.integer(-4, 4) : 1;
  const table: Record<string, Table[string]> = { y: y.map((value) => unit * value) };
  names.forEach((name, j) => {
    table[name] = columns[j].map((value) => scale * (origin + value));
  });
  table.g = factorColumn("g", groups, factors[0].codes);
  table.h = factorColumn("h", second, factors[1].codes);
  const fixed = names.length === 0 ? "1" : names.join(" + ");
  return {
    seed,
    trouble,
    formula: `y ~ ${fixed} + ${recipe.randomPart}`,
    reml: draws.chance(0.5),
    table,
  };
}

function recipeOf(trouble: Trouble, draws: Draws): Recipe {
  const groups = draws.integer(8, 30);
  const plain = {
    groups,
    rows: groups * draws.integer(4, 10),
    slopes: 1,
    scale: 1,
    origin: 0,
    first: [1, 0.5],
    second: [] as number[],
    collinear: false,
    randomPart: "(x1 | g)",
  };
  const deviation = () => draws.pick([0, 0.05, 0.3, 1, 4]);
  switch (trouble) {
    case "no variance at all":
      return {
        ...plain,
        slopes: draws.integer(0, 1),
        first: [],
        randomPart: draws.pick(["(1 | g)", "(1 | g) + (1 | h)"]),
      };
    case "singular slopes":
      return { ...plain, first: [deviation(), deviation()], collinear: draws.chance(0.7) };
    case "ill-scaled slopes":
      return {
        ...plain,
        scale: 10 ** draws.integer(-5, 5),
        origin: draws.pick([0, 3, 1000]),
        first: [deviation(), deviation()],
        randomPart: draws.pick(["(x1 | g)", "(x1 || g)", "(x1 | g) + (1 | h)"]),
      };
    case "crossed intercepts":
      return { ...plain, first: [deviation()], second: [deviation()], randomPart: "(1 | g) + (1 | h)" };
    case "crossed slopes":
      return {
        ...plain,
        first: [deviation(), deviation()],
        second: [deviation(), deviation()],
        collinear: draws.chance(0.3),
        randomPart: "(x1 | g) + (x1 | h)",
      };
    case "many slopes": {
      const slopes = draws.integer(2, 4);
      const names = Array.from({ length: slopes }, (_, j) => `x${j + 1}`).join(" + ");
      return {
        ...plain,
        rows: groups * draws.integer(8, 14),
        slopes,
        first: Array.from({ length: slopes + 1 }, deviation),
        collinear: draws.chance(0.3),
        randomPart: `(${names} | g)`,
      };
    }
    case "tiny groups": {
      const few = draws.integer(3, 6);
      return {
        ...plain,
        groups: few,
        rows: few * draws.integer(3, 4),
        first: [deviation(), deviation()],
        randomPart: draws.pick(["(1 | g)", "(x1 | g)", "(x1 || g)"]),
      };
    }
    case "near a saddle":
      // Hardly more variance among groups than chance gives, in all columns alike.
      return {
        ...plain,
        slopes: 2,
        first: [0.15, 0.15, 0.15].map((value) => value * draws.between(0.3, 2)),
        randomPart: draws.pick(["(x1 | g)", "(x1 + x2 | g)", "(x1 | g) + (0 + x2 | h)"]),
      };
    case "nested and independent":
      return {
        ...plain,
        first: [deviation(), deviation()],
        second: [deviation()],
        randomPart: draws.pick(["(1 | g/h)", "(x1 || g) + (1 | h)", "(1 | g) + (0 + x1 | g)"]),
      };
    case "slope without intercept":
      return {
        ...plain,
        first: [0, deviation()],
        second: [deviation()],
        scale: draws.pick([1, 1, 0.01, 100]),
        randomPart: draws.pick(["(0 + x1 | g) + (1 | h)", "(0 + x1 | g)", "(0 + x1 | g) + (0 + x1 | h)"]),
      };
  }
}
