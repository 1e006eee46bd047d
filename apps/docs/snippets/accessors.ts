import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { aic, fixef, lmm, logLik, ranef, varCorr } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const four = (values: Iterable<number>) =>
  Array.from(values, (value) => value.toFixed(4)).join("  ");

const beta = fixef(model);
console.log(beta.names.join(", "), "|", four(beta.values));

const [subject] = varCorr(model).terms;
console.log(
  subject.name,
  "|",
  four(subject.stdDev),
  "| correlation",
  four([subject.corr[1][0]]),
);

const [effects] = ranef(model, { condVar: true });
const n = effects.levels.length;
console.log(
  `subject ${effects.levels[0]} |`,
  four([effects.values[0], effects.values[n]]),
);
console.log("Var(b | y) |", four(effects.condVar?.subarray(0, 4) ?? []));

console.log("log-likelihood, AIC |", four([logLik(model).value, aic(model)]));
