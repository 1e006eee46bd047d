import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { formatSummary, lmm } from "@lmmkit/lmm";

const model = lmm(
  "diameter ~ 1 + (1 | plate) + (1 | sample)",
  Penicillin.table,
);

console.log(formatSummary(model));
