import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { lmm } from "@lmmkit/lmm";

const formula = "Reaction ~ Days + (Days | Subject)";
for (const name of ["newton", "bobyqa"] as const) {
  const options = { method: "ML", optimizer: { name } } as const;
  const model = lmm(formula, sleepstudy.table, options);
  const theta = Array.from(model.theta, (value) => value.toFixed(4));
  console.log(`${name}: ${model.criterion.toFixed(6)} at ${theta.join(" ")}`);
}
