import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { multiplySymmetricVector, normSymmetric, readMatrixMarket } from "@lmmkit/sparse";

interface Reference {
  name: string;
  spd: boolean;
  logdet: number;
  nnzL_amd_cholmod: number;
}

const folder = fileURLToPath(new URL("../../../../shared/matrices/", import.meta.url));
const known: Record<string, Reference> = existsSync(folder)
  ? JSON.parse(readFileSync(`${folder}reference.json`, "utf8"))
  : {};
const only = process.argv[2];
let ours = 0;
let theirs = 0;
console.log(
  "matrix                     n     nnz(L)  CHOLMOD  ratio  analyze factorize  residual  logDet err",
);
for (const reference of Object.values(known)) {
  if (only && !reference.name.includes(only)) continue;
  const A = readMatrixMarket(readFileSync(`${folder}${reference.name}.mtx`, "utf8"));
  const t0 = performance.now();
  const symbolic = analyze(A, { uplo: "lower" });
  const t1 = performance.now();
  const factor = factorize(A, symbolic);
  factor.update(A);
  const t2 = performance.now();
  factor.update(A);
  const t3 = performance.now();
  const ones = new Float64Array(A.nrows).fill(1);
  const b = multiplySymmetricVector(A, ones, "lower");
  const x = factor.solve(b);
  const back = multiplySymmetricVector(A, x, "lower");
  const largest = (v: Float64Array) => v.reduce((m, e) => Math.max(m, Math.abs(e)), 0);
  const residual =
    largest(back.map((e, i) => e - b[i])) / (normSymmetric(A, "lower") * largest(x) + largest(b));
  const logDetError = Math.abs(factor.logDet() / reference.logdet - 1);
  ours += factor.nnz;
  theirs += reference.nnzL_amd_cholmod;
  console.log(
    reference.name.padEnd(22),
    String(A.nrows).padStart(6),
    String(factor.nnz).padStart(9),
    String(reference.nnzL_amd_cholmod).padStart(8),
    (factor.nnz / reference.nnzL_amd_cholmod).toFixed(3),
    `${(t1 - t0).toFixed(1)} ms`.padStart(9),
    `${(t3 - t2).toFixed(2)} ms`.padStart(10),
    symbolic.kind.slice(0, 5),
    ((symbolic.flops / (t3 - t2)) * 1e-6).toFixed(2),
    residual.toExponential(1),
    logDetError.toExponential(1),
    factor.status,
  );
}
console.log(`total ${ours} against ${theirs}: ratio ${(ours / theirs).toFixed(4)}`);
