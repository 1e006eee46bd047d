/** Every quantity of R's getME: values of lme4, and the identities that tie them together. */
import { readFileSync } from "node:fs";
import { Pastes } from "@lmmkit/datasets/Pastes";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  type DenseMatrix,
  getME,
  type LinearMixedModel,
  lmm,
  loadModel,
  quantityNames,
  saveModel,
} from "@lmmkit/lmm";
import { type CscMatrix, toDense } from "@lmmkit/sparse";
import { describe, expect, it } from "vitest";
import { edgeModels } from "../support/edge-models";

interface Dense {
  readonly nrow: number;
  readonly ncol: number;
  readonly values: readonly number[];
}

const file = new URL("../fixtures/reference/inference/get-me.json", import.meta.url);
const { models: expected } = JSON.parse(readFileSync(file, "utf8")) as {
  models: Record<string, Record<string, unknown>>;
};

const weights = sleepstudy.table.Days.map((_, i) => 1 + (i % 4));
const fits: Readonly<Record<string, LinearMixedModel>> = {
  slopes: lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table),
  weighted: lmm("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", sleepstudy.table, {
    weights,
    method: "ML",
  }),
  crossed: lmm("diameter ~ 1 + (1 | plate) + (1 | sample)", Penicillin.table),
  nested: lmm("strength ~ 1 + (1 | batch / cask)", Pastes.table),
};

// Both sides know θ to about 1e-6, being where the criterion is flat; what follows from θ as well or worse.
const OF_THETA = 2e-5;

/** One column of numbers, where R's JSON may hold a single number bare. */
const listed = (value: unknown): number[] => [value].flat() as number[];

function close(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  const scale = Math.max(1e-300, ...wanted.map(Math.abs));
  let worst = 0;
  wanted.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(found[i] - value));
  });
  expect(worst / scale).toBeLessThan(tolerance);
}

function sameMatrix(found: DenseMatrix | CscMatrix, wanted: Dense, tolerance: number): void {
  expect([found.nrows, found.ncols]).toEqual([wanted.nrow, wanted.ncol]);
  close("colPtr" in found ? toDense(found) : found.values, listed(wanted.values), tolerance);
}

describe.each(Object.keys(fits))("getME of lme4, the model %s", (id) => {
  const model = fits[id];
  const wanted = expected[id];

  it("has the same matrices", () => {
    sameMatrix(getME(model, "X"), wanted.X as Dense, 1e-15);
    sameMatrix(getME(model, "Zt"), wanted.Zt as Dense, 1e-15);
    sameMatrix(getME(model, "Lambdat"), wanted.Lambdat as Dense, OF_THETA);
    sameMatrix(getME(model, "A"), wanted.A as Dense, OF_THETA);
    sameMatrix(getME(model, "RX"), wanted.RX as Dense, OF_THETA);
    const lists = { Tlist: getME(model, "Tlist"), ST: getME(model, "ST") };
    for (const [name, found] of Object.entries(lists)) {
      found.forEach((matrix, t) => {
        sameMatrix(matrix, (wanted[name] as Dense[])[t], OF_THETA);
      });
    }
  });

  it("has the same vectors", () => {
    close(getME(model, "u"), listed(wanted.u), OF_THETA);
    close(getME(model, "b"), listed(wanted.b), OF_THETA);
    close(getME(model, "mu"), listed(wanted.mu), OF_THETA);
    close(getME(model, "theta"), listed(wanted.theta), OF_THETA);
    close(getME(model, "beta"), listed(wanted.beta), OF_THETA);
    close(getME(model, "fixef"), listed(wanted.beta), OF_THETA);
    close([getME(model, "sigma")], listed(wanted.sigma), OF_THETA);
    expect(Array.from(getME(model, "offset"))).toEqual(listed(wanted.offset));
    const lower = Array.from(getME(model, "lower"), (bound) => (Number.isFinite(bound) ? bound : -1e300));
    expect(lower).toEqual(listed(wanted.lower));
  });

  it("has the same positions, counted from 0", () => {
    expect(Array.from(getME(model, "Gp"))).toEqual(listed(wanted.Gp));
    expect(Array.from(getME(model, "Tp"))).toEqual(listed(wanted.Tp));
    expect(Array.from(getME(model, "Lind"))).toEqual(listed(wanted.Lind).map((i) => i - 1));
    expect(Array.from(getME(model, "Lambdat").colPtr)).toEqual(listed(wanted.Lp));
  });

  it("has the same names and sizes", () => {
    for (const name of ["k", "m", "n", "p", "q", "n_rtrms", "n_rfacs", "REML"] as const) {
      expect([name, getME(model, name)]).toEqual([name, wanted[name]]);
    }
    expect(getME(model, "N")).toBe(wanted.n);
    expect(getME(model, "is_REML")).toBe(wanted.REML !== 0);
    for (const name of ["p_i", "l_i", "q_i", "m_i"] as const) {
      expect([name, getME(model, name)]).toEqual([name, listed(wanted[name])]);
    }
    expect(getME(model, "cnms").map(({ columns }) => columns)).toEqual(
      (wanted.cnms as unknown[]).map((columns) => [columns].flat()),
    );
    expect(getME(model, "flist").map(({ name }) => name)).toEqual([wanted.flist].flat());
    expect(getME(model, "mmList").map(({ name }) => name)).toEqual([wanted.mmList].flat());
    const blocks = getME(model, "Ztlist");
    expect(blocks.map(({ name }) => name)).toEqual([wanted.Ztlist].flat());
    blocks.forEach(({ matrix }, i) => {
      const { nrows } = matrix;
      const sum = toDense(matrix).reduce((total, value, at) => total + value * (1 + (at % nrows)), 0);
      expect(sum).toBe(listed(wanted.ZtlistSums)[i]);
    });
  });

  it("has the same components of the deviance", () => {
    const { cmp, dims } = getME(model, "devcomp");
    expect(dims).toEqual(wanted.dims);
    const known = wanted.cmp as Record<string, number>;
    for (const [name, value] of Object.entries(cmp)) {
      if (value === null) expect(known[name]).toBeUndefined();
      else close([value], [known[name]], OF_THETA);
    }
    const theta = listed(wanted.theta).map((value) => 0.9 * value);
    // The same θ on both sides: only rounding is left.
    close([getME(model, "devfun")(theta)], [wanted.devfun as number], 1e-11);
  });
});

describe.each(Object.entries(edgeModels))("identities, a model with %s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options);
  const g = getME(model, [
    "X",
    "Z",
    "Zt",
    "Lambda",
    "L",
    "RX",
    "RZX",
    "A",
    "u",
    "b",
    "y",
    "mu",
    "beta",
    "theta",
  ]);
  const z = toDense(g.Z);
  const { nrows: n, ncols: q } = g.Z;
  const p = g.X.ncols;
  const lambda = toDense(g.Lambda);
  const w = model.weights ?? new Float64Array(n).fill(1);
  const at = (matrix: Float64Array, nrows: number, i: number, j: number) => matrix[j * nrows + i];

  it("b = Λu, and mu = offset + Xβ + Zb", () => {
    const b = Float64Array.from(g.b, (_value, i) => {
      let sum = 0;
      for (let j = 0; j < q; j++) sum += at(lambda, q, i, j) * g.u[j];
      return sum;
    });
    close(g.b, Array.from(b), 1e-13);
    const mu = Array.from({ length: n }, (_value, r) => {
      let sum = model.offset?.[r] ?? 0;
      for (let j = 0; j < p; j++) sum += at(g.X.values, n, r, j) * g.beta[j];
      for (let j = 0; j < q; j++) sum += at(z, n, r, j) * g.b[j];
      return sum;
    });
    close(g.mu, mu, 1e-13);
  });

  it("A = Λ'Z'", () => {
    const a = toDense(g.A);
    const product = Array.from({ length: q * n }, (_value, at0) => {
      let sum = 0;
      for (let j = 0; j < q; j++) sum += lambda[(at0 % q) * q + j] * at(z, n, Math.floor(at0 / q), j);
      return sum;
    });
    close(a, product, 1e-14);
  });

  it("LL' = P(Λ'Z'WZΛ + I)P', L RZX = PΛ'Z'WX, and RX'RX = X'WX − RZX'RZX", () => {
    const zl = new Float64Array(n * q);
    for (let j = 0; j < q; j++) {
      for (let m = 0; m < q; m++) {
        const value = at(lambda, q, m, j);
        if (value !== 0) for (let r = 0; r < n; r++) zl[j * n + r] += z[m * n + r] * value;
      }
    }
    const l = toDense(g.L.matrix);
    const perm = g.L.permutation;
    const left: number[] = [];
    const right: number[] = [];
    for (let j = 0; j < q; j++) {
      for (let i = 0; i < q; i++) {
        let product = 0;
        for (let m = 0; m <= Math.min(i, j); m++) product += at(l, q, i, m) * at(l, q, j, m);
        left.push(product);
        let system = i === j ? 1 : 0;
        for (let r = 0; r < n; r++) system += w[r] * at(zl, n, r, perm[i]) * at(zl, n, r, perm[j]);
        right.push(system);
      }
      for (let c = 0; c < p; c++) {
        let product = 0;
        for (let m = 0; m <= j; m++) product += at(l, q, j, m) * at(g.RZX.values, q, m, c);
        left.push(product);
        let cross = 0;
        for (let r = 0; r < n; r++) cross += w[r] * at(zl, n, r, perm[j]) * at(g.X.values, n, r, c);
        right.push(cross);
      }
    }
    for (let c = 0; c < p; c++) {
      expect(at(g.RX.values, p, c, c)).toBeGreaterThan(0);
      for (let d = 0; d < p; d++) {
        let product = 0;
        for (let m = 0; m < p; m++) product += at(g.RX.values, p, m, c) * at(g.RX.values, p, m, d);
        for (let m = 0; m < q; m++) product += at(g.RZX.values, q, m, c) * at(g.RZX.values, q, m, d);
        left.push(product);
        let gram = 0;
        for (let r = 0; r < n; r++) gram += w[r] * at(g.X.values, n, r, c) * at(g.X.values, n, r, d);
        right.push(gram);
        if (c < d) expect(at(g.RX.values, p, d, c)).toBe(0);
      }
    }
    // Entries of X'WX are up to 1e4 times those of LL', and products lose the digits of the largest.
    close(left, right, 1e-12);
  });
});

describe("getME", () => {
  it("knows every name, and says which when asked for another", () => {
    expect(quantityNames()).toHaveLength(44);
    for (const name of quantityNames()) expect(getME(fits.nested, name)).toBeDefined();
    expect(() => getME(fits.nested, "W" as "X")).toThrow('unknown quantity: "W"; choose among X, Z, Zt, ');
    expect(() => getME(fits.nested, "constructor" as "X")).toThrow("unknown quantity");
  });

  it("gives the design only of a model that has its rows", () => {
    const light = loadModel(saveModel(fits.slopes, { data: false }));
    for (const name of ["Lambda", "L", "RX", "RZX", "u", "b", "devcomp", "cnms"] as const) {
      expect(getME(light, name)).toEqual(getME(fits.slopes, name));
    }
    for (const name of ["X", "Z", "A", "y", "mu", "flist", "mmList"] as const) {
      expect(() => getME(light, name)).toThrow("saved without data");
    }
  });

  it("has a column of T for each effect of other structures, but no positions in θ", () => {
    const model = lmm("Reaction ~ Days + cs(Days | Subject)", sleepstudy.table);
    expect(() => getME(model, "Lind")).toThrow("no positions in theta");
    expect(getME(model, "Lambda").values).toHaveLength(18 * 4);
  });
});
