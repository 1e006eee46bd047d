/**
 * The frame of lme4's InstEval data (73,421 rows), beside lme4's own `lFormula` where Rscript has lme4:
 *
 *   npx tsx --conditions=@lmmkit/source bench/inst-eval.ts InstEval.csv
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { factorColumn, modelFrame } from "../src/index";

const [header, ...lines] = readFileSync(process.argv[2], "utf8").replaceAll('"', "").trim().split("\n");
const names = header.split(",");
const cells = lines.map((line) => line.split(","));
const table = Object.fromEntries(
  names.map((name, j) => {
    const column = cells.map((row) => row[j]);
    const ordered = name === "studage" || name === "lectage";
    return [name, name === "y" ? Float64Array.from(column, Number) : factorColumn(column, { ordered })];
  }),
);
const formula = "y ~ service * dept + studage + (1 | s) + (1 | d)";
const times = Array.from({ length: 7 }, () => {
  const start = performance.now();
  modelFrame(formula, table);
  return performance.now() - start;
});
console.log(`here: first ${times[0].toFixed(0)} ms, best of 7 ${Math.min(...times).toFixed(0)} ms`);
// R is asked only where it is installed; nothing here needs it.
const rscript = "Rscript";
const script = `suppressMessages(library(lme4)); t <- replicate(3, system.time(lFormula(${formula}, InstEval))[["elapsed"]]); cat(min(t))`;
try {
  const seconds = Number(execFileSync(rscript, ["-e", script], { encoding: "utf8" }));
  console.log(`lme4::lFormula: best of 3 ${(1000 * seconds).toFixed(0)} ms`);
} catch {
  console.log("lme4::lFormula: not measured, Rscript with lme4 was not found");
}
