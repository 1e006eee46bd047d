/** The document's "Checking profDev": bobyqa on the step-by-step profDev of the classroom model. */
import { modelFrame } from "@lmmkit/formula";
import { bobyqa } from "@lmmkit/optim";
import { describe, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";
import { expectDocument, settings } from "./document-run";
import { buildRho, profDev } from "./prof-dev";

const { formula, data } = modelById("classroom-ml");
const files = dataFiles(data);

describe("Checking profDev", () => {
  it.skipIf(files === null)(
    titleFor("ends where the document's run does, in 34 ± 5 evaluations", data),
    () => {
      if (files === null) throw new Error(absence(data));
      const rho = buildRho(modelFrame(formula, readTable(files)), false);
      const objective = (theta: ArrayLike<number>) => profDev(rho, Array.from(theta)).criterion;
      const result = bobyqa(objective, [1, 1], { ...settings, lower: [0, 0] });
      expectDocument(result.f, result.x, result.evaluations);
    },
  );
});
