import { cholesky, leastSquares, pivotedQr } from "@lmmkit/dense";

// 4 2 | 2 10, one column after the other; only the lower triangle is read.
const result = cholesky([4, 2, 2, 10], 2);
if (result.status === "ok") console.log(...result.factor);

// The third column is the sum of the first two: it goes to the end and is dropped.
const X = [1, 1, 1, 1, 1, 2, 3, 4, 2, 3, 4, 5];
const qr = pivotedQr(X, 4, 3);
console.log(
  `rank ${qr.rank}, columns kept ${qr.pivot.slice(0, qr.rank).join(" ")}`,
);

const x = leastSquares(qr, [3, 5, 7, 9]);
console.log(Array.from(x, (value) => value.toFixed(10)).join(" "));
