import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { fromTriplets } from "@lmmkit/sparse";

const digits = (values: Float64Array) =>
  Array.from(values, (value) => value.toFixed(12)).join(" ");

// The lower triangle of the symmetric matrix  4 1 0 | 1 3 1 | 0 1 2.
const A = fromTriplets(3, 3, [0, 1, 1, 2, 2], [0, 0, 1, 1, 2], [4, 1, 3, 1, 2]);

const symbolic = analyze(A, { ordering: "amd", uplo: "lower" });
const factor = factorize(A, symbolic);
console.log(`${factor.status}, ${factor.nnz} nonzeros`);
console.log(`log|A| = ${factor.logDet().toFixed(12)}`);
console.log(digits(factor.solve([6, 10, 8], "A")));

// New values on the same pattern, and A + I this time:
// nothing is analysed or allocated again.
A.values[0] = 5;
factor.update(A, { beta: 1 });
console.log(digits(factor.solve([8, 12, 11], "A")));
