import { Dyestuff } from "@lmmkit/datasets/Dyestuff";
import { lmm } from "@lmmkit/lmm";

for (const method of ["REML", "ML"] as const) {
  const model = lmm("Yield ~ 1 + (1 | Batch)", Dyestuff.table, { method });
  const between = model.theta[0] * model.sigma;
  console.log(
    `${method.padEnd(4)}  criterion ${model.criterion.toFixed(4)}` +
      `  between batches ${between.toFixed(3)}  residual ${model.sigma.toFixed(3)}`,
  );
}
