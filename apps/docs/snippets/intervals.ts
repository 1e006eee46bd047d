import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { bootstrap, confint, formatConfint, lmm } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
console.log(formatConfint(confint(model)));

const boot = bootstrap(model, { nsim: 500, seed: 1 });
const parameters = ["fixed"];
console.log();
console.log(
  formatConfint(
    confint(model, { method: "boot", boot, type: "bca", parameters }),
  ),
);
