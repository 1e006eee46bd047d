/** The document's "Images of Λ'Z'ZΛ + I and L" and of the reversed factors, by `lmm plot sparsity`. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLmm } from "../support/run-lmm";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lmm-images-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PENICILLIN = "diameter ~ 1 + (1 | plate) + (1 | sample)";
const REVERSED = "diameter ~ 1 + (1 | sample) + (1 | plate)";
const PASTES = "strength ~ 1 + (1 | sample) + (1 | batch)";

/** What the command says of the two matrices; one triangle of the symmetric one is counted. */
async function counts(formula: string, dataset: string, theta: string, ...options: readonly string[]) {
  const data = `dataset:${dataset}`;
  const run = await runLmm(["plot", "sparsity", formula, data, "--theta", theta, "--json", ...options]);
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as { n: number; nnz: number; nnzL: number };
}

/** The filled unit cells of each panel, as "row,column". */
function panels(svg: string): Set<string>[] {
  return svg
    .split(/<svg /)
    .slice(2)
    .map((panel) => {
      const cells = [...panel.matchAll(/<rect x="(\d+)" y="(\d+)" width="1" height="1"\/>/g)];
      return new Set(cells.map(([, x, y]) => `${y},${x}`));
    });
}

describe("Images of Λ'Z'ZΛ + I and L", () => {
  it("show the Penicillin factor with its fill-in of 15 in the lower right", async () => {
    const out = join(folder, "penicillin.svg");
    const natural = ["--ordering", "natural", "--out", out];
    expect(await counts(PENICILLIN, "Penicillin", "1.2,2.1", ...natural)).toMatchObject({
      n: 30,
      nnz: 174,
      nnzL: 189,
    });
    const [system, factor] = panels(readFileSync(out, "utf8"));
    expect(system.size).toBe(2 * 174 - 30);
    expect(factor.size).toBe(189);
    const filled = [...factor].filter((cell) => !system.has(cell)).map((cell) => cell.split(",").map(Number));
    expect(filled).toHaveLength(15);
    expect(filled.every(([row, column]) => row > column && column >= 24)).toBe(true);
  });
});

describe("Images of the reversed factor decompositions", () => {
  it("show the worst possible fill-in without a permutation, much less with one", async () => {
    const natural = await counts(REVERSED, "Penicillin", "2.1,1.2", "--ordering", "natural");
    expect(natural).toMatchObject({ n: 30, nnz: 174, nnzL: 450 });
    const permuted = await counts(REVERSED, "Penicillin", "2.1,1.2");
    expect(permuted.nnzL).toBeLessThanOrEqual(204);
  });
});

describe("Image of the factor for the Pastes data", () => {
  it("shows no fill-in", async () => {
    const out = join(folder, "pastes.svg");
    expect(await counts(PASTES, "Pastes", "0.4,0.5", "--out", out)).toMatchObject({
      n: 40,
      nnz: 70,
      nnzL: 70,
    });
    const [system, factor] = panels(readFileSync(out, "utf8"));
    expect(system.size).toBe(2 * 70 - 40);
    expect(factor.size).toBe(70);
  });
});
