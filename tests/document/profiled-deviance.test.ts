/** The profiled deviance and REML criterion of @lmmkit/lmm against lme4's, vector-valued terms included. */
import { profiledDeviance } from "@lmmkit/lmm";
import { describe } from "vitest";
import { models } from "../support/reference";
import { testCriteria } from "./criterion-at-theta";

describe("Profiling the deviance: profiledDeviance equals lme4's criterion", () => {
  testCriteria(models, (model, table, options) =>
    profiledDeviance(model.formula, table, { ...options, method: model.reml ? "REML" : "ML" }),
  );
});
