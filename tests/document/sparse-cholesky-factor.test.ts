/** The document's section 3, "The sparse Cholesky factor": its counts of nonzeros and its values. */
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { Pastes } from "@lmmkit/datasets/Pastes";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { type CscMatrix, multiplyAAt, nnz, scaleRows, stackVertically, triangle } from "@lmmkit/sparse";
import { describe, expect, it } from "vitest";
import { indicatorRows } from "./prof-dev";

interface Grouping {
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** Ut = Λ'Z' of simple, scalar terms in the order given. */
function scaledIndicators(factors: readonly Grouping[], theta: readonly number[]): CscMatrix {
  return stackVertically(
    ...factors.map((factor, k) => {
      const rows = indicatorRows(factor.codes, factor.levels.length);
      return scaleRows(rows, new Float64Array(rows.nrows).fill(theta[k]));
    }),
  );
}

/** The factor of Ut Ut' + I, as the document's `Cholesky(tcrossprod(Ut), LDL = FALSE, Imult = 1)`. */
function cholesky(Ut: CscMatrix, ordering: "amd" | "natural") {
  const factor = factorize(Ut, analyze(Ut, { form: "AAt", ordering }), { beta: 1 });
  expect(factor.status).toBe("ok");
  return factor;
}

const { plate, sample } = Penicillin.table;
const penicillin = scaledIndicators([plate, sample], [1.2, 2.1]);

describe("Cholesky factor for the Penicillin model", () => {
  it("has 24 plates and 6 samples", () => {
    expect([plate.levels.length, sample.levels.length]).toEqual([24, 6]);
  });

  it("has 189 nonzeros at θ = (1.2, 2.1), with the default permutation and without one", () => {
    expect(cholesky(penicillin, "amd").nnz).toBe(189);
    expect(cholesky(penicillin, "natural").nnz).toBe(189);
  });

  it("has the column pointers and first values that the document prints", () => {
    const L = cholesky(penicillin, "natural").toSparse();
    expect([...L.colPtr.subarray(0, 10)]).toEqual([0, 7, 14, 21, 28, 35, 42, 49, 56, 63]);
    expect([...L.rowIdx.subarray(0, 7)]).toEqual([0, 24, 25, 26, 27, 28, 29]);
    // The document prints three decimals.
    expect([...L.values.subarray(0, 7)].map((value) => value.toFixed(3))).toEqual([
      "3.105",
      ...new Array<string>(6).fill("0.812"),
    ]);
  });
});

describe("Images of Λ'Z'ZΛ + I and L", () => {
  it("differ by the fill-in of the lower right: the samples' 6 × 6 block, empty off its diagonal before", () => {
    const A = triangle(multiplyAAt(penicillin), "lower");
    expect(nnz(A)).toBe(24 + 6 + 144);
    const L = cholesky(penicillin, "natural").toSparse();
    const filled: [number, number][] = [];
    for (let j = 0; j < 30; j++) {
      const before = new Set(A.rowIdx.subarray(A.colPtr[j], A.colPtr[j + 1]));
      for (const i of L.rowIdx.subarray(L.colPtr[j], L.colPtr[j + 1]))
        if (!before.has(i)) filled.push([i, j]);
    }
    expect(filled).toHaveLength(15);
    expect(filled.every(([i, j]) => i >= 24 && j >= 24)).toBe(true);
  });
});

describe("Reversing the order of the factors", () => {
  const reversed = scaledIndicators([sample, plate], [2.1, 1.2]);

  it("gives the worst possible fill-in without a permutation: 450 nonzeros", () => {
    expect(cholesky(reversed, "natural").nnz).toBe(450);
  });

  it("gives at most the document's 204 nonzeros with a fill-reducing permutation", () => {
    const { nnz } = cholesky(reversed, "amd");
    expect(nnz).toBeLessThanOrEqual(204);
    expect(nnz).toBeGreaterThanOrEqual(189);
  });
});

describe("Cholesky factor for the Pastes data", () => {
  const { table } = Pastes;
  const pastes = scaledIndicators([table.sample, table.batch], [0.4, 0.5]);

  it("has 40 random effects and no fill-in: 70 nonzeros, those of Λ'Z'ZΛ + I", () => {
    expect(nnz(triangle(multiplyAAt(pastes), "lower"))).toBe(70);
    expect(cholesky(pastes, "amd").nnz).toBe(70);
    expect(cholesky(pastes, "natural").nnz).toBe(70);
  });

  it("has none with the factors reversed either, once a permutation is evaluated", () => {
    expect(cholesky(scaledIndicators([table.batch, table.sample], [0.5, 0.4]), "amd").nnz).toBe(70);
  });

  it("is evaluated in a postorder that keeps each batch next to its casks", () => {
    const { permutation } = cholesky(pastes, "amd");
    const batchOf = (effect: number) =>
      effect >= 30 ? effect - 30 : table.batch.codes[table.sample.codes.indexOf(effect)];
    const batches = [...permutation].map(batchOf);
    for (let first = 0; first < 40; first += 4) {
      expect(new Set(batches.slice(first, first + 4)).size).toBe(1);
    }
  });
});
