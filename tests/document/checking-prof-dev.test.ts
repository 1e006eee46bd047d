/** The document's "Checking profDev": bobyqa on the step-by-step profDev of the classroom model. */
import { modelFrame } from "@lmmkit/formula";
import { bobyqa } from "@lmmkit/optim";
import { describe, expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";
import { documentTrace, expectDocument, settings, type TraceLine } from "./document-run";
import { buildRho, profDev } from "./prof-dev";

const { formula, data } = modelById("classroom-ml");
const files = dataFiles(data);

describe("Checking profDev", () => {
  it.skipIf(files === null)(
    titleFor("takes the document's way and ends where it does, in 34 ± 3 evaluations", data),
    () => {
      if (files === null) throw new Error(absence(data));
      const rho = buildRho(modelFrame(formula, readTable(files)), false);
      const objective = (theta: ArrayLike<number>) => profDev(rho, Array.from(theta)).criterion;
      const trace: TraceLine[] = [];
      const result = bobyqa(objective, [1, 1], {
        ...settings,
        lower: [0, 0],
        onRho: (radius, evaluations, criterion, theta) =>
          void trace.push({ rho: radius, evaluations, criterion, theta: Array.from(theta) }),
      });
      expectDocument(result.f, result.x, result.evaluations);
      expect(trace).toHaveLength(documentTrace.length);
      trace.forEach((line, k) => {
        const printed = documentTrace[k];
        expect(line.rho / printed.rho).toBeCloseTo(1, 12);
        // The last bits of a logarithm may move a step; here the counts are the document's own.
        expect(Math.abs(line.evaluations - printed.evaluations)).toBeLessThanOrEqual(3);
        expect(Number(line.criterion.toPrecision(6))).toBe(printed.criterion);
        // To within the radius just reached the search does not claim to know the minimum.
        line.theta.forEach((value, j) => {
          expect(Math.abs(value - printed.theta[j])).toBeLessThanOrEqual(Math.max(printed.rho, 1e-6));
        });
      });
    },
  );
});
