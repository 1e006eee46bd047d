import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { denseOracle } from "../dense-oracle.test-support";
import { hatvalues } from "../diagnostics/hatvalues";
import { cooksDistance, residuals, rstudent } from "../diagnostics/residuals";
import { fitFrame } from "../fit/fit-frame";
import { dense, frameOf, group, ones, sparse, term } from "../frame.test-support";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { serialPool } from "../parallel/serial";
import {
  expectClose,
  modelKinds,
  randomModel,
  structuredKinds,
  uniforms,
} from "../random-model.test-support";
import { outcomes } from "./deletion-outcomes";
import { deletionSets } from "./deletion-sets";
import { influence } from "./influence";
import { influenceIn } from "./influence-in";
import { fitWithout } from "./refit-without";
import { subFrame } from "./sub-frame";

const n = 40;
const everyRow = Int32Array.from({ length: n }, (_, r) => r);

/** Generalized least squares with dense V on the rows that are left, θ as it is. */
function bruteForce(model: LinearMixedModel, deleted: ReadonlySet<number>) {
  const left = subFrame(
    model.frame,
    everyRow.filter((r) => !deleted.has(r)),
  );
  const oracle = denseOracle(left, model.design, model.theta);
  const nobs = left.weights === null ? left.nobs : left.weights.filter((w) => w > 0).length;
  const p = model.beta.length;
  const logWeights =
    left.weights === null ? 0 : left.weights.reduce((s, w) => s + (w > 0 ? Math.log(w) : 0), 0);
  return {
    ...oracle,
    sigma: Math.sqrt(oracle.pwrss / (nobs - (model.method === "REML" ? p : 0))),
    logWeights,
  };
}

function everyLabel(labels: readonly string[], label: string): Int32Array {
  return Int32Array.from(labels.flatMap((own, r) => (own === label ? [r] : [])));
}

function expectExact(model: LinearMixedModel, labels: Int32Array, name: string): void {
  const p = model.beta.length;
  const table = influence(model, { by: { name, labels } });
  const d = table.labels.length;
  const variance = model.vcov;
  table.labels.forEach((label, s) => {
    if (table.status[s] !== "ok" && table.status[s] !== "one-level") return;
    const rows = new Set(everyRow.filter((r) => String(labels[r]) === label));
    const exact = bruteForce(model, rows);
    const beta = exact.beta.map((_, j) => table.beta[j * d + s]);
    expectClose(beta, exact.beta, 7);
    expect(table.sigma[s]).toBeCloseTo(exact.sigma, 7);
    const criterion = model.method === "REML" ? exact.reml : exact.ml;
    expect(table.criterion[s]).toBeCloseTo(criterion, 6);
    for (let j = 0; j < p; j++) {
      const change = exact.beta[j] - model.beta[j];
      expect(table.dfbeta[j * d + s]).toBeCloseTo(change, 7);
      const se = exact.sigma * Math.sqrt(exact.unscaledVcov[j][j]);
      expect(table.dfbetas[j * d + s]).toBeCloseTo(change / se, 5);
    }
    if (p === 1) {
      expect(table.covRatio[s]).toBeCloseTo((exact.sigma ** 2 * exact.unscaledVcov[0][0]) / variance[0], 6);
    }
  });
}

describe("influence at fixed theta", () => {
  it("of many fixed effects is that of cross-products with the rows subtracted", () => {
    const next = uniforms(8);
    const groups = Array.from({ length: 320 }, (_, r) => r % 40);
    const y = groups.map((g) => 2 * Math.sin(g) + next() + next());
    const indicator = (l: number) => sparse(groups.map((_, r) => (Math.floor(r / 4) === l ? 1 : 0)));
    const fixed = Object.fromEntries(Array.from({ length: 79 }, (_, l) => [`f${l + 1}`, indicator(l + 1)]));
    const x = dense(y.map(() => next()));
    const model = fitFrame(
      frameOf({ y, fixed: { "(Intercept)": ones, x, ...fixed }, random: [term(group("g", groups))] }),
    );
    const p = model.beta.length;
    // Two rows of the 320 at a time: the inverse subset says it all.
    const labels = groups.map((_, r) => String(r % 160));
    const table = influence(model, { by: { name: "pairs", labels } });
    const d = table.labels.length;
    table.labels.forEach((label, s) => {
      if (s >= 6) return;
      const fit = fitWithout(model, everyLabel(labels, label), true, undefined);
      if (fit.status === "perfect-fit") throw new Error("no fit");
      expect(table.status[s]).toBe("ok");
      expect(table.sigma[s] / fit.sigma).toBeCloseTo(1, 9);
      for (let j = 0; j < p; j++) {
        expect(table.beta[j * d + s]).toBeCloseTo(fit.beta[j], 8);
        const se = Math.sqrt(fit.vcov[j * p + j]);
        expect(table.dfbetas[j * d + s]).toBeCloseTo((fit.beta[j] - model.beta[j]) / se, 7);
      }
    });
  });

  it.each([...modelKinds, ...structuredKinds])("is that of the model without the rows: %s", (kind) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), fc.boolean(), (seed, ml, extra) => {
        const frame = randomModel(kind, seed, { weights: extra, offset: extra });
        const model = fitFrame(frame, { method: ml ? "ML" : "REML" });
        // Few rows together, and more than there are levels and columns.
        expectExact(
          model,
          everyRow.map((r) => (r * 7) % 13),
          "thirteenths",
        );
        expectExact(
          model,
          everyRow.map((r) => r % 2),
          "halves",
        );
        expectExact(
          model,
          everyRow.map((r) => Math.min(r, 5)),
          "rows",
        );
      }),
      { seed: 11, numRuns: 3 },
    );
  });

  it("says the same whether rows are few or many, worked out or subtracted", () => {
    const model = fitFrame(randomModel("two vector terms", 5, { weights: true }));
    const sets = deletionSets(model, { name: "thirds", labels: everyRow.map((r) => r % 3) });
    const quick = outcomes(model, sets, "fixed-theta");
    for (let s = 0; s < 3; s++) {
      const rows = sets.rows.slice(sets.ptr[s], sets.ptr[s + 1]);
      const subtracted = fitWithout(model, rows, true);
      const outcome = quick(s);
      expectClose(outcome.beta, subtracted.beta, 9);
      expect(outcome.sigma).toBeCloseTo(subtracted.sigma, 9);
      expect(outcome.criterion).toBeCloseTo(subtracted.criterion, 8);
      expectClose(
        outcome.stdErrors,
        outcome.stdErrors.map((_, j) => Math.sqrt(subtracted.vcov[j * outcome.stdErrors.length + j])),
        8,
      );
    }
  });

  it("leaves everything as it is for rows of weight zero", () => {
    const whole = randomModel("slope", 3, { weights: true });
    const weights = whole.weights?.map((w, r) => (r === 4 ? 0 : w)) ?? null;
    const model = fitFrame({ ...whole, weights });
    const table = influence(model);
    expect(table.status[4]).toBe("no-rows");
    expect(table.cooksDistance[4]).toBe(0);
    expect(table.covRatio[4]).toBe(1);
    expect(hatvalues(model)[4]).toBe(0);
    expect(residuals(model, "studentized-deleted")[4]).toBe(0);
  });

  it("has deleted residuals that belong to the deleted fits", () => {
    const model = fitFrame(randomModel("crossed", 8));
    const table = influence(model);
    const hat = hatvalues(model);
    const r = residuals(model, "pearson");
    const deleted = residuals(model, "studentized-deleted");
    table.sigma.forEach((sigma, i) => {
      expect(deleted[i]).toBeCloseTo(r[i] / (sigma * Math.sqrt(1 - hat[i])), 10);
    });
  });
});

describe("hat values", () => {
  it.each([...modelKinds, ...structuredKinds])("are the derivatives of fitted values: %s", (kind) => {
    const frame = randomModel(kind, 21, { weights: true, offset: true });
    const model = fitFrame(frame);
    const hat = hatvalues(model);
    const before = denseOracle(frame, model.design, model.theta).fitted;
    for (const row of [0, 17, 39]) {
      const values = frame.response?.values.slice() ?? new Float64Array();
      values[row] += 1;
      const moved = denseOracle({ ...frame, response: { name: "y", values } }, model.design, model.theta);
      // Fitted values are linear in y; both are of order 10, so the difference keeps ten digits.
      expect(hat[row]).toBeCloseTo(moved.fitted[row] - before[row], 9);
    }
  });

  it("are one for a row that alone decides a coefficient, which leaves no studentized residual", () => {
    const frame = randomModel("scalar", 2);
    const lone = sparse(everyRow.map((r) => (r === 6 ? 1 : 0)));
    const fixed = {
      ...frame.fixed,
      names: [...frame.fixed.names, "lone"],
      columns: [...frame.fixed.columns, lone],
    };
    const model = fitFrame({
      ...frame,
      fixed: { ...fixed, assign: Int32Array.from([...frame.fixed.assign, 9]) },
    });
    expect(hatvalues(model)[6]).toBeCloseTo(1, 12);
    expect(rstudent(model)[6]).toBeNaN();
    expect(cooksDistance(model)[6]).toBeNaN();
    expect(rstudent(model)[5]).not.toBeNaN();
    const table = influence(model);
    expect(table.status[6]).toBe("rank-deficient");
    expect(table.sigma[6]).toBeNaN();
    expect(table.status.filter((status) => status === "ok")).toHaveLength(39);
  });
});

describe("influence with theta refitted", () => {
  it("is the fit of the rows that are left", () => {
    const model = fitFrame(randomModel("slope", 4, { weights: true, offset: true }));
    const table = influence(model, { by: "g", refit: "full" });
    const codes = model.frame.random[0].group.codes;
    const d = table.labels.length;
    for (const s of [0, 3]) {
      const kept = everyRow.filter((r) => codes[r] !== s);
      const sub = subFrame(model.frame, kept);
      const levels = sub.random[0].group.levels.filter((_, l) => l !== s);
      const own = {
        ...sub.random[0].group,
        levels,
        codes: sub.random[0].group.codes.map((c) => (c > s ? c - 1 : c)),
      };
      const again = fitFrame({ ...sub, random: [{ ...sub.random[0], group: own }] });
      expect(table.status[s]).toBe(again.singular ? "singular" : "ok");
      expect(table.criterion[s]).toBeCloseTo(again.criterion, 7);
      expectClose(
        again.beta.map((_, j) => table.beta[j * d + s]),
        again.beta,
        4,
      );
      expect(table.sigma[s]).toBeCloseTo(again.sigma, 4);
    }
  });

  it("names deletions that leave no model", () => {
    const half = everyRow.map((r) => (r < 20 ? 0 : 1));
    const x = dense(everyRow.map((r) => (r < 20 ? (r % 5) + 1 : 0)));
    const y = Array.from(everyRow, (r) => Math.sin(3 * r) + half[r]);
    const model = fitFrame(
      frameOf({
        y,
        fixed: { "(Intercept)": ones, x },
        random: [
          term(group("h", half)),
          term(
            group(
              "g",
              everyRow.map((r) => r % 6),
            ),
          ),
        ],
      }),
    );
    const full = influence(model, { by: "h", refit: "full" });
    expect(full.status).toEqual(["one-level", "one-level"]);
    expect(full.beta[0]).toBeNaN();
    const fixed = influence(model, { by: "h" });
    expect(fixed.status).toEqual(["rank-deficient", "one-level"]);
    expect(fixed.beta[1]).not.toBeNaN();
  });

  it("stops when its signal is aborted and tells how far it is", () => {
    const model = fitFrame(randomModel("scalar", 4));
    const controller = new AbortController();
    const seen: number[] = [];
    const run = () =>
      influence(model, {
        by: "g",
        refit: "full",
        signal: controller.signal,
        onProgress: (done, total) => {
          seen.push(done / total);
          if (done === 2) controller.abort("enough");
        },
      });
    expect(run).toThrowError("aborted influence");
    expect(seen).toEqual([1 / 6, 2 / 6]);
  });

  it("is the same, bit by bit, from a pool", async () => {
    const model = fitFrame(randomModel("slope", 4, { weights: true }));
    for (const refit of ["full", "fixed-theta"] as const) {
      expect(await influenceIn(serialPool(), model, { by: "g", refit })).toEqual(
        influence(model, { by: "g", refit }),
      );
    }
  });

  it("refuses units that the model has not", () => {
    const model = fitFrame(randomModel("scalar", 4));
    expect(() => influence(model, { by: "school" })).toThrowError('unknown grouping factor: "school"');
    expect(() => influence(model, { by: { name: "x", labels: [1, 2] } })).toThrowError(
      "wrong length of labels: 2",
    );
    expect(() => influence(model, { refit: "some" as "full" })).toThrowError("unknown refit");
  });
});
