import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { modelFrame } from "@lmmkit/formula";
import {
  buildDesign,
  criterion,
  crossProducts,
  minimizeTheta,
  PlsWorkspace,
} from "@lmmkit/lmm";

const frame = modelFrame(
  "Reaction ~ Days + (Days | Subject)",
  sleepstudy.table,
); // formula + table
const design = buildDesign(frame); // terms, templates, θ
const products = crossProducts(frame, design); // the last step that sees a row
const workspace = new PlsWorkspace(design, products); // pattern, permutation

console.log(design.thetaNames.join(", "));
workspace.evaluate([1, 0, 1]); // one factorization
console.log(workspace.logDetL2.toFixed(6), workspace.pwrss.toFixed(6));
console.log(criterion(workspace, "REML").toFixed(6));

const { theta, criterion: smallest } = minimizeTheta(workspace, {
  method: "REML",
});
console.log(
  Array.from(theta, (value) => value.toFixed(4)).join(" "),
  smallest.toFixed(6),
);
