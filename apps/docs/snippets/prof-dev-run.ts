import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { profiledDeviance } from "@lmmkit/lmm";
import { indicatorRows } from "./indicators";
import { profDev } from "./prof-dev";

const { diameter, plate, sample } = Penicillin.table;
const Zt = indicatorRows(plate, sample);
const L = factorize(Zt, analyze(Zt), { beta: 1 });
const rho = { y: diameter, X: [diameter.map(() => 1)], Zt, L, nlev: [24, 6] };

const formula = "diameter ~ 1 + (1 | plate) + (1 | sample)";
for (const method of ["ML", "REML"] as const) {
  const stepByStep = profDev({ ...rho, REML: method === "REML" }, [1.2, 2.1]);
  const engine = profiledDeviance(formula, Penicillin.table, { method })([1.2, 2.1]);
  console.log(`${method.padEnd(4)} step by step ${stepByStep.toFixed(9)}  engine ${engine.toFixed(9)}`);
}
