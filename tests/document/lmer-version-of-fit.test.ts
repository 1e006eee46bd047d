/** The document's "Checking profDev, lmer version of fit": its run and its printed trace, by lmm. */
import { lmm } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";
import { runLmm } from "../support/run-lmm";
import { documentTrace, expectDocument, settings } from "./document-run";

const { formula, data } = modelById("classroom-ml");
const files = dataFiles(data);

/** One line of the trace: radius, evaluations so far, criterion to six digits, θ to six digits. */
const RHO_LINE = /^ {2}(\S+): +(\d+): +(\S+);(\S+) (\S+)$/;

describe("Checking profDev, lmer version of fit", () => {
  it.skipIf(files === null)(
    titleFor("lmm ends where the document's run does, in 34 ± 3 evaluations", data),
    () => {
      if (files === null) throw new Error(absence(data));
      const fit = lmm(formula, readTable(files), {
        method: "ML",
        optimizer: { name: "bobyqa", ...settings },
      });
      expectDocument(fit.criterion, fit.theta, fit.optimizer.evaluations);
    },
  );

  it.skipIf(files === null)(
    titleFor("lmm fit --verbose prints the trace in the document's form", data),
    async () => {
      if (files === null) throw new Error(absence(data));
      const options = "--ml --verbose --optimizer bobyqa --npt 5 --rhobeg 0.2 --rhoend 2e-7".split(" ");
      const run = await runLmm(["fit", formula, files.csv, "--schema", files.schema, ...options]);
      expect(run.status, run.stderr).toBe(0);
      const lines = run.stderr.split("\n");
      expect(lines).toContain("npt = 5 , n = 2");
      expect(lines[lines.indexOf("npt = 5 , n = 2") + 1]).toBe("rhobeg = 0.2 , rhoend = 2e-07");
      const trace = lines.map((line) => RHO_LINE.exec(line)).filter((match) => match !== null);
      expect(trace.map((match) => match[1])).toEqual([
        "0.020",
        "0.0020",
        "0.00020",
        "2.0e-05",
        "2.0e-06",
        "2.0e-07",
      ]);
      trace.forEach((match, k) => {
        const { evaluations, criterion, theta, rho } = documentTrace[k];
        // The last bits of a logarithm may move a step; here the whole trace is the document's own.
        expect(Math.abs(Number(match[2]) - evaluations)).toBeLessThanOrEqual(3);
        expect(match[3]).toBe(String(criterion));
        const printed = [Number(match[4]), Number(match[5])];
        theta.forEach((value, j) => {
          expect(Math.abs(printed[j] - value)).toBeLessThanOrEqual(Math.max(rho, 1e-6));
        });
      });
      const end = lines[lines.indexOf("At return") + 1];
      expect(end).toMatch(/^ *\d+: +11391\.532: 0\.3359(79|80) 0\.31453[567]$/);
    },
  );
});
