import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { scaleRows } from "@lmmkit/sparse";
import { indicatorRows } from "./indicators";

const { plate, sample } = Penicillin.table;
const Zt = indicatorRows(plate, sample); // Z', 30 × 144
const lambda = (plates: number, samples: number) => [
  ...Array<number>(24).fill(plates),
  ...Array<number>(6).fill(samples),
];

// Once: order and analyse the pattern of Λ'Z' (Λ'Z')' + I.
const Ut = scaleRows(Zt, lambda(1.2, 2.1));
const symbolic = analyze(Ut, { ordering: "natural" });

// L L' = P (Λ'Z'ZΛ + I) P' at θ = (1.2, 2.1), and then at any other θ.
const L = factorize(Ut, symbolic, { beta: 1 });
console.log(`${L.nnz} nonzeros, log|L|² = ${L.logDet().toFixed(8)}`);

L.update(scaleRows(Zt, lambda(1.5, 3.2)), { beta: 1 });
console.log(`${L.nnz} nonzeros, log|L|² = ${L.logDet().toFixed(8)}`);
