import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { fromTriplets } from "@lmmkit/sparse";

const digits = (values: Iterable<number>) =>
  Array.from(values, (value) => value.toFixed(10)).join(" ");

// 4 1 0 | 1 3 1 | 0 1 2, and a column w to be added as w w'.
const A = fromTriplets(3, 3, [0, 1, 1, 2, 2], [0, 0, 1, 1, 2], [4, 1, 3, 1, 2]);
const w = fromTriplets(3, 1, [0, 2], [0, 0], [1, 1]);

const factor = factorize(A, analyze(A, { uplo: "lower" }));
console.log("diagonal of the inverse:", digits(factor.inverseDiagonal()));

factor.rankUpdate(w); // now of A + w w'
console.log("|A + w w'| =", Math.exp(factor.logDet()).toFixed(10));
factor.rankDowndate(w); // and back
console.log("|A| =", Math.exp(factor.logDet()).toFixed(10));

// A - 2.5 I has eigenvalues of both signs: L D L' counts them.
const ldl = factorize(A, analyze(A, { uplo: "lower" }), {
  type: "LDLt",
  beta: -2.5,
});
console.log(ldl.status, JSON.stringify(ldl.inertia()));
