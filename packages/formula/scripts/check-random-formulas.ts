/**
 * Compares our model matrices with those of `random-formulas.R`:
 *
 *   Rscript random-formulas.R 1 3000 out.ndjson
 *   npx tsx --conditions=@lmmkit/source check-random-formulas.ts out.ndjson
 *
 * Same names, labels and `assign`; entries within 1e-10·max(1, |entry|), of the frame and of its schema applied again.
 */
import { readFileSync } from "node:fs";
import { applyFrame, FormulaError, factorColumn, type ModelColumn, modelFrame } from "../src/index";

interface Case {
  readonly formula: string;
  readonly error?: string;
  readonly contrasts: Record<string, string> | null;
  readonly names: string[] | string;
  readonly labels: string[];
  readonly assign: number[];
  readonly nrow: number;
  readonly columns: number[][];
}

type RawColumn = number[] | boolean[] | { levels: string[]; ordered: boolean; values: string[] };

const [header, ...lines] = readFileSync(process.argv[2], "utf8").trim().split("\n");
const meta = JSON.parse(header) as { R: string; seed: number; data: Record<string, RawColumn> };
const table = Object.fromEntries(
  Object.entries(meta.data).map(([name, raw]) => [
    name,
    Array.isArray(raw) ? raw : factorColumn(raw.values, { levels: raw.levels, ordered: raw.ordered }),
  ]),
);

let same = 0;
let different = 0;
let bothRefuse = 0;
let onlyRRefuses = 0;
let largest = 0;
for (const line of lines) {
  const wanted = JSON.parse(line) as Case;
  let problem: string | null = null;
  try {
    const frame = modelFrame(wanted.formula, table, { contrasts: wanted.contrasts ?? {} });
    const matrix = frame.fixed;
    if (wanted.error !== undefined) {
      onlyRRefuses++;
      if (process.argv[3] === "--verbose") console.log(`R alone refuses: ${wanted.formula}: ${wanted.error}`);
      continue;
    }
    // R writes a matrix without columns as an empty list.
    const names =
      typeof wanted.names === "object" && !Array.isArray(wanted.names) ? [] : [wanted.names ?? []].flat();
    if (JSON.stringify(matrix.names) !== JSON.stringify(names)) {
      problem = `names\n  ${matrix.names.join(" | ")}\n  ${names.join(" | ")}`;
    } else if (JSON.stringify(matrix.termLabels) !== JSON.stringify(wanted.labels)) {
      problem = `labels ${matrix.termLabels.join(" | ")} but ${wanted.labels.join(" | ")}`;
    } else if (JSON.stringify([...matrix.assign]) !== JSON.stringify(wanted.assign)) problem = "assign";
    else {
      // What the frame learned must make the same of the same rows. More rows may stay: those with missing values
      // in a removed variable, which new rows need not have.
      const again = applyFrame(JSON.parse(JSON.stringify(frame.schema)), table, { newLevels: "missing" });
      const rowOf = new Map(Array.from({ length: again.nobs }, (_, i) => [again.rows?.[i] ?? i, i]));
      matrix.columns.forEach((column, j) => {
        const x = dense(column, matrix.nrows);
        const applied = dense(again.fixed.columns[j], again.nobs);
        x.forEach((v, i) => {
          const other = applied[rowOf.get(frame.rows?.[i] ?? i) ?? -1];
          if (!(Math.abs(other - v) <= 1e-10 * Math.max(1, Math.abs(v)))) {
            problem ??= `${matrix.names[j]} row ${i + 1}: ${v} fitted but ${other} applied`;
          }
        });
        wanted.columns[j].forEach((v, i) => {
          const difference = Math.abs(x[i] - v) / Math.max(1, Math.abs(v));
          largest = Math.max(largest, difference);
          if (!(difference <= 1e-10)) problem ??= `${matrix.names[j]} row ${i + 1}: ${x[i]} but ${v}`;
        });
      });
    }
  } catch (error) {
    if (wanted.error !== undefined && error instanceof FormulaError) {
      bothRefuse++;
      continue;
    }
    problem = error instanceof FormulaError ? error.message : String((error as Error).stack);
  }
  if (problem === null) same++;
  else {
    different++;
    console.log(`${wanted.formula} ${JSON.stringify(wanted.contrasts)}: ${problem}`);
  }
}
console.log(
  `R ${meta.R}, seed ${meta.seed}: ${same} the same (largest difference ${largest.toExponential(1)}), ${different} different; ` +
    `refused by both ${bothRefuse}, by R alone ${onlyRRefuses}`,
);
process.exitCode = different === 0 ? 0 : 1;

function dense(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values;
  const out = new Float64Array(nrows).fill(column.kind === "constant" ? column.value : 0);
  if (column.kind === "sparse") {
    for (let k = 0; k < column.rows.length; k++) out[column.rows[k]] = column.values[k];
  }
  return out;
}
