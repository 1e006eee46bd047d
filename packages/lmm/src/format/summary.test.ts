import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { frameOf, group, ones, term } from "../frame.test-support";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { abbreviate } from "./abbreviate";
import { formatNumbers } from "./number-format";
import { formatSummary } from "./summary";

/** From "…criterion/AIC" on: the lines that R's summary and ours share. */
function body(text: string): string {
  return text.slice(text.indexOf("\n\n") + 2);
}

describe("the summary as text", () => {
  // print(summary(lmer(…, control = lmerControl("bobyqa", optCtrl = list(rhoend = 1e-9)))) of R 4.2.2 and
  // lme4 1.1-31, trailing blanks trimmed.
  it("is that of R for a nested model by maximum likelihood", () => {
    const text = formatSummary(fitFrame(nestedMachines, { method: "ML" }));
    expect(text.startsWith("Linear mixed model fit by maximum likelihood\n")).toBe(true);
    expect(body(text)).toBe(`     AIC      BIC   logLik deviance df.resid
   237.3    249.2   -112.6    225.3       48

Scaled residuals:
     Min       1Q   Median       3Q      Max
-2.25899 -0.55135 -0.00649  0.44670  2.54889

Random effects:
 Groups         Name        Variance Std.Dev.
 Worker:Machine (Intercept) 11.5398  3.3970
 Worker         (Intercept) 19.0487  4.3645
 Residual                    0.9246  0.9616
Number of obs: 54, groups:  Worker:Machine, 18; Worker, 6

Fixed effects:
            Estimate Std. Error t value
(Intercept)   52.356      2.269  23.072
MachineB       7.967      1.987   4.009
MachineC      13.917      1.987   7.003

Correlation of Fixed Effects:
         (Intr) MachnB
MachineB -0.438
MachineC -0.438  0.500
`);
  });

  it("is that of R for a vector-valued term by REML", () => {
    expect(body(formatSummary(fitFrame(vectorMachines)))).toBe(`REML criterion at convergence: 208.3

Scaled residuals:
     Min       1Q   Median       3Q      Max
-2.39354 -0.51378  0.02691  0.47245  2.53339

Random effects:
 Groups   Name        Variance Std.Dev. Corr
 Worker   (Intercept) 16.6405  4.0793
          MachineB    34.5467  5.8776    0.48
          MachineC    13.6150  3.6899   -0.37  0.30
 Residual              0.9246  0.9616
Number of obs: 54, groups:  Worker, 6

Fixed effects:
            Estimate Std. Error t value
(Intercept)   52.356      1.681  31.151
MachineB       7.967      2.421   3.291
MachineC      13.917      1.540   9.036

Correlation of Fixed Effects:
         (Intr) MachnB
MachineB  0.463
MachineC -0.374  0.301
`);
  });

  it("names the data and says what is singular", () => {
    const y = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4];
    const frame = frameOf({
      y,
      fixed: { "(Intercept)": ones },
      random: [
        term(
          group(
            "g",
            y.map((_, r) => Math.floor(r / 4)),
          ),
        ),
      ],
    });
    const text = formatSummary(fitFrame(frame), { data: "d", weights: "w" });
    expect(text).toContain("\n   Data: d\nWeights: w\n");
    expect(text).toContain("\n g        (Intercept) 0.000    0.000\n");
    expect(text).toMatch(
      /singular fit: the variance of \(Intercept\) in g is estimated as zero; the model without \(\(Intercept\) \| g\) says the same\n$/,
    );
  });

  it("shows correlations of many fixed effects on request only", () => {
    const model = fitFrame(nestedMachines);
    expect(formatSummary(model, { correlation: false })).not.toContain("Correlation of Fixed");
    expect(formatSummary(model, { digits: 7 })).toContain("52.355556");
  });
});

// format(x, digits = 4) and print(x, digits = 4) of R 4.2.2.
describe("numbers as R writes them", () => {
  it.each([
    [
      [612.1, 35.07, 654.94],
      ["612.10", "35.07", "654.94"],
    ],
    [
      [0, 13.81],
      ["0.00", "13.81"],
    ],
    [
      [1.378e15, 9.605e14],
      ["1.378e+15", "9.605e+14"],
    ],
    [
      [37123827, 30991234],
      ["37123827", "30991234"],
    ],
    [
      [1.5e-10, 2],
      ["1.5e-10", "2.0e+00"],
    ],
    [
      [-1.5, 22.25],
      ["-1.50", "22.25"],
    ],
    [[1e-120], ["1e-120"]],
    [
      [Number.NaN, 1, Number.NEGATIVE_INFINITY],
      ["NaN", "1", "-Inf"],
    ],
  ])("%j", (values, expected) => {
    expect(formatNumbers(values, 4)).toEqual(expected);
  });
});

// abbreviate(x, minlength) of R 4.2.2.
describe("short names", () => {
  it.each([
    ["(Intercept)", 6, "(Intr)"],
    ["MachineB", 6, "MachnB"],
    ["gcsecnt", 6, "gcscnt"],
    ["I(Days * 1e+05)", 11, "I(Dys*1+05)"],
    ["long_name_variable_here", 6, "lng___"],
    ["long_name_variable_here", 11, "lng_nm_vrb_"],
    ["AnotherLongPredictor", 11, "AnthrLngPrd"],
    ["Days", 6, "Days"],
  ])("%s in %d", (name, length, expected) => {
    expect(abbreviate([name], length)).toEqual([expected]);
  });

  it("stay different", () => {
    const short = abbreviate(["temperature.L", "temperature.Q", "temperature.C"], 6);
    expect(new Set(short).size).toBe(3);
  });
});
