import { cake } from "@lmmkit/datasets/cake";
import {
  anova,
  contrast,
  emmeans,
  formatAnova,
  formatEmmeans,
  formatPairwise,
  lmm,
} from "@lmmkit/lmm";

const formula = "angle ~ recipe * temperature + (1 | recipe:replicate)";
const model = lmm(formula, cake.table);

console.log(formatAnova(anova(model, { ddf: "kenward-roger" })));

const means = emmeans(model, "recipe");
console.log(formatEmmeans(means));
console.log(formatPairwise(contrast(model, means, "trt.vs.ctrl")));
