import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { formatInfluence, icc, influence, lmm, r2 } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const { marginal, conditional } = r2(model);
console.log(
  `R²: ${marginal.toFixed(3)} marginal, ${conditional.toFixed(3)} conditional`,
);
console.log(`ICC: ${icc(model).adjusted.toFixed(3)}`);
console.log();
console.log(
  formatInfluence(influence(model, { by: "Subject", refit: "full" }), 4, 3),
);
