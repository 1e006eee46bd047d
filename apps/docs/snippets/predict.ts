import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { formatPrediction, lmm, predict } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const rows = { Subject: ["308", "308", "someone else"], Days: [0, 9, 9] };

console.log(
  formatPrediction(
    predict(model, rows, { newLevels: "zero", interval: "new-observation" }),
  ),
);
