import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { FormulaError, formatFormulaError } from "@lmmkit/formula";
import { lmm } from "@lmmkit/lmm";

try {
  lmm("Reaction ~ Dayz + (Days | Subject)", sleepstudy.table);
} catch (error) {
  if (error instanceof FormulaError) console.log(formatFormulaError(error));
}
