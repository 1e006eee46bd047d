import { modelMatrix, parseFormula, printFormula } from "@lmmkit/formula";

console.log(printFormula(parseFormula("y~x*g+(x||subject)")));

const table = {
  y: [3, 1, 4, 1, 5, 9],
  x: [1, 2, 3, 4, 5, 6],
  g: ["a", "a", "b", "b", "c", "c"],
};
console.log(modelMatrix("y ~ x * g", table).names.join("  "));
console.log(
  modelMatrix("y ~ x + g", table, { contrasts: { g: "sum" } }).names.join("  "),
);
