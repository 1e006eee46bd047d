/**
 * BOBYQA's own time per evaluation, with an objective that takes next to none, for comparison with NLopt's C program
 * (`reference/nlopt-cost.c`, which prints the same columns).
 *
 *   tsx --conditions @lmmkit/source bench/cost-per-evaluation.ts
 *
 * A chain of Rosenbrock-like terms keeps both programs busy: they take the same number of evaluations. Processor time of
 * whole runs, set-up included, warm; the least of several repetitions, since whatever else the machine does only adds.
 */
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
  console.log(`n = ${n}: ${count / runs} evaluations, ${least.toFixed(3)} µs per evaluation`);
}
