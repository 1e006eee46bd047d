/** The document's "Code for evaluating the profiled deviance": profDev against lme4's criterion. */
import { modelFrame } from "@lmmkit/formula";
import { describe } from "vitest";
import { hasScalarTermsOnly, models } from "../support/reference";
import { testCriteria } from "./criterion-at-theta";
import { buildRho, profDev } from "./prof-dev";

describe("Code for evaluating the profiled deviance: profDev, step by step, equals lme4's criterion", () => {
  testCriteria(models.filter(hasScalarTermsOnly), (model, table, options) => {
    const rho = buildRho(modelFrame(model.formula, table, options), model.reml);
    return (theta) => profDev(rho, theta).criterion;
  });
});
