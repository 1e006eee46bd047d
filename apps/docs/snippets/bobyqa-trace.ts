import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { profiledDeviance } from "@lmmkit/lmm";
import { bobyqa } from "@lmmkit/optim";

const formula = "diameter ~ 1 + (1 | plate) + (1 | sample)";
const deviance = profiledDeviance(formula, Penicillin.table, { method: "ML" });

const result = bobyqa(deviance, deviance.theta0, {
  lower: deviance.lower,
  npt: 5,
  rhobeg: 0.2,
  rhoend: 2e-5,
  onRho: (rho, evaluations, f, theta) => {
    const point = Array.from(theta, (value) => value.toFixed(6)).join(" ");
    console.log(
      `${rho.toPrecision(2)}: ${evaluations}: ${f.toFixed(3)}; ${point}`,
    );
  },
});
console.log(result.status, result.f.toFixed(6));
