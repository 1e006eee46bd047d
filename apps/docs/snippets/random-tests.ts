import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  compareModels,
  formatComparison,
  formatRanova,
  lmm,
  ranova,
} from "@lmmkit/lmm";

const { table } = sleepstudy;
const model = lmm("Reaction ~ Days + (Days | Subject)", table);
console.log(formatRanova(ranova(model)));

const smaller = lmm("Reaction ~ Days + (Days || Subject)", table);
console.log(formatComparison(compareModels([smaller, model])));
