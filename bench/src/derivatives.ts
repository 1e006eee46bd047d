/** Exact gradient and average information against extrapolated differences, at three θ of every reference model. */
import { checkDerivatives, type Difference } from "./derivatives/check-derivatives";
import { referenceCases } from "./lme4/cases";
import { provenance, writeRecord } from "./support/record";
import { markdownTable, short, targetTable } from "./support/tables";

const limit = 1e-7;
const only = process.argv[2];
const checks = referenceCases()
  .filter(({ id }) => only === undefined || id.includes(only))
  .flatMap(checkDerivatives);
const gradients = checks.map(({ gradient }) => gradient);
const information = checks.flatMap((check) => (check.information === null ? [] : [check.information]));
const body = [
  targetTable([
    target("gradient", gradients),
    target("average-information matrix (off the boundary)", information),
    target(
      "exact Hessian",
      checks.map(({ hessian }) => hessian),
    ),
  ]),
  `${checks.length} points: at 1.2 times the optimum, elsewhere, and with the last column of the first template zero. Errors are relative to the largest entry. The numerical derivatives are extrapolated differences (Ridders) of the criterion and of r², for the Hessian of the exact gradient; *±* is the error that they estimate of themselves.`,
  markdownTable(
    ["Model", "θ", "Gradient", "±", "Information", "±", "Hessian", "±"],
    checks.map(({ id, at, gradient, information: info, hessian }) => [
      id,
      at,
      short(gradient.error),
      short(gradient.uncertainty),
      short(info?.error),
      short(info?.uncertainty),
      short(hessian.error),
      short(hessian.uncertainty),
    ]),
  ),
].join("\n\n");
if (only !== undefined) console.log(body);
else writeRecord("derivatives", provenance("pnpm bench:derivatives"), "Derivatives", body, { checks });

function target(what: string, differences: readonly Difference[]) {
  const worst = Math.max(...differences.map(({ error }) => error));
  const high = differences.filter(({ error }) => error > limit).length;
  return {
    asks: `${what} within 1e-7 of differences`,
    measured: `worst ${short(worst)}, above: ${high} of ${differences.length}`,
    met: high === 0,
  };
}
