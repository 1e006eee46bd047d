import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { scaleRows } from "@lmmkit/sparse";
import { indicatorRows } from "./indicators";

const { plate, sample } = Penicillin.table;
const Zt = indicatorRows(plate, sample); // Z', 30 × 144
const diagonal = (forPlates: number, forSamples: number) => [
  ...Array<number>(24).fill(forPlates),
  ...Array<number>(6).fill(forSamples),
];

const Ut = scaleRows(Zt, diagonal(1.2, 2.1)); // Λ'Z' at θ = (1.2, 2.1)
const symbolic = analyze(Ut, { ordering: "natural" }); // once
const factor = factorize(Ut, symbolic, { beta: 1 }); // L L' = P (Λ'Z'ZΛ + I) P'
console.log(`θ = (1.2, 2.1): ${factor.nnz} nonzeros, log|L|² = ${factor.logDet().toFixed(8)}`);

factor.update(scaleRows(Zt, diagonal(1.5, 3.2)), { beta: 1 }); // as often as you like
console.log(`θ = (1.5, 3.2): ${factor.nnz} nonzeros, log|L|² = ${factor.logDet().toFixed(8)}`);
