import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { profiledDeviance } from "@lmmkit/lmm";
import { indicatorRows } from "./indicators";
import { profDev } from "./prof-dev";

const { diameter, plate, sample } = Penicillin.table;
const Zt = indicatorRows(plate, sample);
const L = factorize(Zt, analyze(Zt), { beta: 1 });
const X = [diameter.map(() => 1)];
const rho = { y: diameter, X, Zt, L, nlev: [24, 6] };
const theta = [1.2, 2.1];

const formula = "diameter ~ 1 + (1 | plate) + (1 | sample)";
for (const method of ["ML", "REML"] as const) {
  const byHand = profDev({ ...rho, REML: method === "REML" }, theta);
  const engine = profiledDeviance(formula, Penicillin.table, { method });
  console.log(method, byHand.toFixed(9), engine(theta).toFixed(9));
}
