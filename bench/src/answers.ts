/** What is asked of a large fit: InstEval, 73,421 rows, 4,114 levels; seconds and memory of each answer. */
import { InstEval } from "@lmmkit/datasets/InstEval";
import {
  anova,
  coefTests,
  contest,
  ddfWork,
  emmeans,
  hatvalues,
  influence,
  jointCovariance,
  lmm,
  pairwise,
  predict,
  r2,
  ranef,
  simulationResiduals,
} from "@lmmkit/lmm";
import { provenance, writeRecord } from "./support/record";
import { duration, markdownTable, targetTable } from "./support/tables";

const begun = performance.now();
const model = lmm("y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)", InstEval.table);
const fitSeconds = (performance.now() - begun) / 1000;

const means = () => emmeans(model, "service");
const questions: readonly (readonly [name: string, ask: () => unknown])[] = [
  ["conditional modes and variances of 4,114 levels", () => ranef(model, { condVar: true })],
  ["Satterthwaite: t tests", () => coefTests(model)],
  ["Kenward–Roger: t tests", () => coefTests(model, { ddf: "kenward-roger" })],
  ["Kenward–Roger: F test", () => contest(model, [[0, 1]], { ddf: "kenward-roger" })],
  ["analysis of variance, type III", () => anova(model)],
  ["marginal means and their difference", () => pairwise(model, means())],
  ["exact covariance of all variance parameters", () => jointCovariance(model)],
  ["hat values of all rows", () => hatvalues(model)],
  ["each of 2,972 students left out, θ fixed", () => influence(model, { by: "s" })],
  ["each of 1,128 lecturers left out, θ fixed", () => influence(model, { by: "d" })],
  ["each row left out, θ fixed", () => influence(model)],
  [
    "predictions of all rows with standard errors",
    () => predict(model, null, { stdErrors: true, ddf: "asymptotic" }),
  ],
  ["R squared", () => r2(model)],
  ["residuals against 250 simulations", () => simulationResiduals(model, { nsim: 250 })],
];

const answers = questions.map(([name, ask]) => {
  const start = performance.now();
  ask();
  const seconds = (performance.now() - start) / 1000;
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  console.error(`${name}: ${duration(seconds)}`);
  return { name, seconds, megabytes };
});
const secondsOf = (start: string) =>
  Math.max(...answers.filter(({ name }) => name.startsWith(start)).map(({ seconds }) => seconds));
const slowestTest = Math.max(secondsOf("Satterthwaite"), secondsOf("Kenward"), secondsOf("marginal"));
const students = secondsOf("each of 2,972");

const body = `
InstEval of lme4, \`y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)\` by REML: fitted in ${duration(fitSeconds)}, the first
call of the process. Each answer once, one after the other. The work of degrees of freedom is estimated first:
${ddfWork(model).toExponential(1)} multiply–adds.

${markdownTable(
  ["answer", "time", "memory of the process"],
  answers.map(({ name, seconds, megabytes }) => [name, duration(seconds), `${Math.round(megabytes)} MB`]),
)}

${targetTable([
  {
    asks: "Satterthwaite, Kenward–Roger and marginal means: seconds",
    measured: duration(slowestTest),
    met: slowestTest < 60,
  },
  { asks: "all students left out, θ fixed: ≤ 10 s", measured: duration(students), met: students <= 10 },
])}
`;
writeRecord("answers", provenance("pnpm bench:answers"), "Answers of a large fit", body, {
  fitSeconds,
  answers,
});
