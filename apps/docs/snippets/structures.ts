import { lmm, simulateFrom, varCorr } from "@lmmkit/lmm";

// Fifty subjects, six visits each, correlated over time: ar1 with ρ = 0.6.
const grid = Array.from({ length: 300 }, (_, i) => i);
const table = {
  subject: grid.map((i) => `s${Math.floor(i / 6)}`),
  visit: grid.map((i) => `v${i % 6}`),
};
const formula = "y ~ 1 + ar1(0 + visit | subject)";
const [y] = simulateFrom(formula, table, {
  beta: [10],
  // Relative standard deviation 2, and x with ρ = 2x/(1 + x²).
  theta: [2, 1 / 3],
  sigma: 1,
  seed: 4,
}).responses;

const [term] = varCorr(lmm(formula, { ...table, y })).terms;
console.log(`sd ${term.stdDev[0].toFixed(2)}, correlations from visit 1:`);
console.log(term.corr.map((row) => row[0].toFixed(3)).join("  "));
