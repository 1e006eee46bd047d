import { Draws } from "../support/draws";
import type { ModelCall } from "../support/lme4-session";
import { factorColumn, type Table } from "../support/table-files";

/** A simulated model: its call and its data. */
export interface SimulatedModel extends ModelCall {
  readonly id: string;
  readonly table: Table;
}

/**
 * Models with large templates: one term of k columns (k = 4, 5, 6: 10, 15 and 21 parameters), and two crossed
 * terms of 4 columns (20 parameters). 60 levels, 20 rows each; standard deviations from 0.4 to 1.2.
 */
export function vectorModels(): SimulatedModel[] {
  return [
    ...[4, 5, 6].map((k) => simulate(`simulated-${k}x${k}-reml`, k, false)),
    simulate("simulated-two-crossed-4x4-reml", 4, true),
  ];
}

function simulate(id: string, k: number, crossed: boolean): SimulatedModel {
  const draws = new Draws(k + (crossed ? 100 : 0));
  const nlevels = 60;
  const n = nlevels * 20;
  const names = Array.from({ length: k - 1 }, (_, j) => `x${j + 1}`);
  const columns = names.map(() => Float64Array.from({ length: n }, () => draws.normal()));
  const y = Float64Array.from({ length: n }, () => draws.normal());
  const groups: Record<string, Int32Array> = { g: Int32Array.from({ length: n }, (_, r) => r % nlevels) };
  if (crossed) groups.h = Int32Array.from({ length: n }, () => draws.integer(0, nlevels - 1));
  for (const codes of Object.values(groups)) {
    const template = randomTemplate(draws, k);
    const effects = Array.from({ length: nlevels }, () => times(template, draws));
    for (let r = 0; r < n; r++) {
      const b = effects[codes[r]];
      y[r] += b[0];
      for (let j = 1; j < k; j++) y[r] += b[j] * columns[j - 1][r];
    }
  }
  const table: Record<string, Table[string]> = { y };
  names.forEach((name, j) => {
    table[name] = columns[j];
  });
  for (const [name, codes] of Object.entries(groups)) table[name] = factorColumn(name, nlevels, codes);
  const sum = names.join(" + ");
  const bars = Object.keys(groups).map((name) => `(${sum} | ${name})`);
  return { id, formula: `y ~ ${[sum, ...bars].join(" + ")}`, reml: true, table };
}

/** Lower triangular rows of a template: diagonals between 0.4 and 1.2, the rest small. */
function randomTemplate(draws: Draws, k: number): number[][] {
  return Array.from({ length: k }, (_, a) =>
    Array.from({ length: a + 1 }, (_, b) => (a === b ? draws.between(0.4, 1.2) : draws.between(-0.3, 0.3))),
  );
}

function times(template: readonly (readonly number[])[], draws: Draws): number[] {
  const u = template.map(() => draws.normal());
  return template.map((row) => row.reduce((sum, value, j) => sum + value * u[j], 0));
}
