import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { formatSummary, lmm } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
console.log(formatSummary(model));
