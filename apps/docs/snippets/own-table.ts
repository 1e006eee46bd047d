import { lmm } from "@lmmkit/lmm";

const columns = {
  batch: ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
  strength: [
    62.8, 62.6, 62.1, 60.0, 60.8, 60.4, 62.4, 62.9, 62.3, 59.3, 58.9, 59.5,
  ],
};
const records = columns.batch.map((batch, i) => ({
  batch,
  strength: columns.strength[i],
}));

for (const table of [columns, records]) {
  const { criterion, nobs, sigma } = lmm("strength ~ 1 + (1 | batch)", table);
  console.log(
    `${nobs} rows, criterion ${criterion.toFixed(6)}, σ ${sigma.toFixed(6)}`,
  );
}
