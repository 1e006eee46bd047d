/** `lmm checks`: what to look at before a fit is believed. */
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { registerFitQuestion } from "./fit-question";

/** Registers the command. */
export function registerChecks(program: Command, context: CommandContext): void {
  registerFitQuestion(program, context, {
    name: "checks",
    description:
      "R squared, intraclass correlation, collinearity, normality and equal variances, on one page",
    examples: ['lmm checks "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy'],
    plain: true,
    declare: (command) => command,
    answer: (model, _options, library) => {
      const { fixedCondition, formatChecks, homoscedasticity, icc, normality, r2, rePCA, vif } = library;
      const value = {
        r2: r2(model),
        icc: icc(model),
        rePCA: rePCA(model),
        // Inflation is by the other terms: one term has none.
        vif: model.frame.fixed.termLabels.length > 1 ? vif(model) : null,
        condition: fixedCondition(model),
        normality: normality(model),
        homoscedasticity: homoscedasticity(model),
      };
      return { value, text: () => formatChecks(model) };
    },
  });
}
