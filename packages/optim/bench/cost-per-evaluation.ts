/**
 * BOBYQA's own time per evaluation, with an objective that takes next to none, beside NLopt's C program
 * (`reference/nlopt-cost.c`, compiled here where a C compiler and NLopt's library are found):
 *
 *   npx pnpm@10.34.9 bench:bobyqa
 *
 * A chain of Rosenbrock-like terms keeps both programs busy: they take the same number of evaluations. Processor time of
 * whole runs, set-up included, warm; the least of several repetitions, since whatever else the machine does only adds.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bobyqa } from "../src/index";

function chain(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const v = x[i + 1] - x[i] * x[i];
    const u = 1 - x[i];
    sum += v * v * 10 + u * u;
  }
  return sum;
}

/** NLopt's microseconds per evaluation by n; null without a compiler or the library. */
function nloptCosts(): Map<number, number> | null {
  const folder = mkdtempSync(join(tmpdir(), "nlopt-cost-"));
  const source = fileURLToPath(new URL("reference/nlopt-cost.c", import.meta.url));
  const program = join(folder, "nlopt-cost");
  try {
    const args = ["-O2", "-ffp-contract=off", "-o", program, source, "-l:libnlopt.so.0", "-lm"];
    execFileSync(process.env.CC ?? "cc", args, { stdio: "ignore" });
    const printed = execFileSync(program, { encoding: "utf8" });
    return new Map(
      [...printed.matchAll(/n = (\d+): \d+ evaluations, ([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]),
    );
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const peer = nloptCosts();
if (peer === null) console.log("no C compiler or no NLopt (Debian: libnlopt0): our times alone");

const options = { rhobeg: 0.1, rhoend: 1e-9, maxEvaluations: 3000 };

for (const n of [2, 3, 4, 5, 6, 8, 10, 20, 30, 50]) {
  const runs = n <= 5 ? 500 : n <= 10 ? 20 : 2;
  const start = new Float64Array(n).fill(-0.5);
  let least = Infinity;
  let count = 0;
  for (let repetition = 0; repetition < 12; repetition++) {
    count = 0;
    const before = process.cpuUsage();
    for (let run = 0; run < runs; run++) count += bobyqa(chain, start, options).evaluations;
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / count);
  }
  const theirs = peer?.get(n);
  const beside = theirs === undefined ? "" : `, NLopt ${theirs} µs, ratio ${(least / theirs).toFixed(1)}`;
  console.log(`n = ${n}: ${count / runs} evaluations, ${least.toFixed(3)} µs per evaluation${beside}`);
}
