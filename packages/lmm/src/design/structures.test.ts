import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { frameOf, group, ones, sparse, term } from "../frame.test-support";
import { uniforms } from "../random-model.test-support";
import { builtInStructures } from "./built-in-structures";
import type { CovarianceStructure } from "./covariance-structure";
import {
  fillTemplateInto,
  templateDerivativeInto,
  templateOf,
  templateSecondDerivativeInto,
} from "./template";

const names = [...builtInStructures.keys()];

function covariance(structure: string, k: number, theta: ArrayLike<number>): number[] {
  const t = new Float64Array(k * k);
  fillTemplateInto(templateOf(structure, k), theta, 0, t, k, 0);
  return Array.from({ length: k * k }, (_, at) => {
    let sum = 0;
    for (let m = 0; m < k; m++) sum += t[m * k + (at % k)] * t[m * k + Math.floor(at / k)];
    return sum;
  });
}

/** Points inside, and with each parameter on each of its bounds. */
function points(structure: string, k: number): Float64Array[] {
  const { start, lower, upper, count } = templateOf(structure, k);
  const next = uniforms(k + 40);
  const inside = start.map((value) => value + 0.4 * (next() - 0.5));
  const out = [start, inside];
  for (let i = 0; i < count; i++) {
    for (const bound of [lower[i], upper[i]]) {
      if (!Number.isFinite(bound)) continue;
      const point = inside.slice();
      point[i] = bound;
      out.push(point);
    }
  }
  return out;
}

describe("the covariance structures", () => {
  it("have the covariance matrices that their names say", () => {
    // ρ = 2x/(1 + x²) = 0.8 at x = 1/2.
    const ar1 = covariance("ar1", 4, [2, 0.5]);
    ar1.forEach((value, at) => {
      expect(value).toBeCloseTo(4 * 0.8 ** Math.abs((at % 4) - Math.floor(at / 4)), 12);
    });
    const het = covariance("hetar1", 3, [1, 2, 3, -0.5]);
    expect(het[2]).toBeCloseTo(3 * 0.64, 12);
    expect(het[5]).toBeCloseTo(-6 * 0.8, 12);
    const cs = covariance("cs", 3, [1, 2, 3, 0.9]);
    expect(cs[1] / 2).toBeCloseTo(cs[2] / 3, 12);
    expect(cs[1] / 2).toBeCloseTo(cs[5] / 6, 12);
    expect([cs[0], cs[4], cs[8]]).toEqual([1, 4, 9].map((value) => expect.closeTo(value, 12)));
    const homcs = covariance("homcs", 3, [1, 3]);
    expect(homcs[0]).toBeCloseTo(homcs[8], 12);
    expect(homcs[0] - homcs[1]).toBeCloseTo(1, 12);
    expect(homcs[0] + 2 * homcs[1]).toBeCloseTo(9, 12);
    expect(covariance("homdiag", 2, [3])).toEqual([9, 0, 0, 9]);
  });

  it.each(names)("%s has the derivatives of its T, on its bounds too", (structure) => {
    for (const k of [2, 3, 6]) {
      const template = templateOf(structure, k);
      const at = (theta: Float64Array) => {
        const t = new Float64Array(k * k);
        fillTemplateInto(template, theta, 0, t, k, 0);
        return t;
      };
      const out = new Float64Array(k * k);
      for (const theta of points(structure, k)) {
        const moved = (i: number, h: number) => {
          const point = theta.slice();
          point[i] += h;
          return point;
        };
        for (let i = 0; i < template.count; i++) {
          const [high, low] = [at(moved(i, 1e-5)), at(moved(i, -1e-5))];
          templateDerivativeInto(template, theta.slice(), i, out);
          // Central differences: rounding of 1e-16 / 1e-5, truncation of 1e-10.
          out.forEach((value, m) => {
            expect(value).toBeCloseTo((high[m] - low[m]) / 2e-5, 8);
          });
          for (let j = 0; j < template.count; j++) {
            const [above, below] = [new Float64Array(k * k), new Float64Array(k * k)];
            templateDerivativeInto(template, moved(j, 1e-5), i, above);
            templateDerivativeInto(template, moved(j, -1e-5), i, below);
            templateSecondDerivativeInto(template, theta.slice(), i, j, out);
            out.forEach((value, m) => {
              expect(value).toBeCloseTo((above[m] - below[m]) / 2e-5, 7);
            });
          }
        }
      }
    }
  });

  it.each(names)("%s keeps its covariance matrix when parameters are brought within bounds", (structure) => {
    const k = 4;
    const template = templateOf(structure, k);
    const next = uniforms(7);
    for (let trial = 0; trial < 20; trial++) {
      const theta = template.start.map((_, i) => (template.mirrored[i] ? 6 * (next() - 0.5) : next()));
      const within = theta.slice();
      builtInStructures.get(structure)?.rectifyInPlace?.(within, k);
      within.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(template.lower[i]);
        expect(value).toBeLessThanOrEqual(template.upper[i]);
      });
      const [before, after] = [covariance(structure, k, theta), covariance(structure, k, within)];
      for (let m = 0; m < k * k; m++) expect(after[m]).toBeCloseTo(before[m], 10);
    }
  });

  it.each(names)("%s finds the parameters of its own covariance matrices", (structure) => {
    const k = 3;
    const theta = templateOf(structure, k).start.map((value) => 0.9 * value);
    const own = Float64Array.from(covariance(structure, k, theta));
    const found = builtInStructures.get(structure)?.nearest?.(own, k) ?? [];
    const again = covariance(structure, k, found);
    own.forEach((value, m) => {
      expect(again[m]).toBeCloseTo(value, 10);
    });
  });

  it("are all the one variance where there is a single effect", () => {
    for (const structure of [...names, "us", "diag"]) {
      expect(templateOf(structure, 1)).toMatchObject({ structure, count: 1, rows: Int32Array.of(0) });
    }
  });
});

/** Three times, two rows each, for eight subjects. */
function series(structure: string) {
  const next = uniforms(11);
  const n = 48;
  const subject = group(
    "subject",
    Array.from({ length: n }, (_, r) => Math.floor(r / 6)),
  );
  const time = (t: number) => sparse(Array.from({ length: n }, (_, r) => (r % 3 === t ? 1 : 0)));
  const levels = Array.from({ length: 8 }, () => 3 * (next() - 0.5));
  const y = Array.from({ length: n }, (_, r) => 4 + levels[Math.floor(r / 6)] + next());
  return frameOf({
    y,
    fixed: { "(Intercept)": ones },
    random: [term(subject, { t1: time(0), t2: time(1), t3: time(2) }, structure)],
  });
}

/** First-order autoregression as a user would write it: θ = (s, ρ), no second derivatives, no extras. */
const mine: CovarianceStructure = {
  name: "mine",
  parameters: () => ["s", "rho"],
  lower: () => [0, -0.999],
  upper: () => [Number.POSITIVE_INFINITY, 0.999],
  start: () => [1, 0],
  fillInto([s, rho], k, outT) {
    outT.fill(0);
    for (let j = 0; j < k; j++) {
      for (let i = j; i < k; i++)
        outT[j * k + i] = s * rho ** (i - j) * (j === 0 ? 1 : Math.sqrt(1 - rho * rho));
    }
  },
  derivativeInto([s, rho], k, i, outT) {
    if (i === 0) {
      mine.fillInto(Float64Array.of(1, rho), k, outT);
      return;
    }
    outT.fill(0);
    const root = Math.sqrt(1 - rho * rho);
    for (let j = 0; j < k; j++) {
      for (let m = 0; j + m < k; m++) {
        const slope = m === 0 ? 0 : m * rho ** (m - 1);
        outT[j * k + j + m] = s * (j === 0 ? slope : slope * root - (rho ** m * rho) / root);
      }
    }
  },
};

describe("structures of the user's", () => {
  it("fit as well as those that are built in", () => {
    const own = fitFrame(series("mine"), { structures: { mine } });
    const known = fitFrame(series("ar1"));
    expect(own.converged).toBe(true);
    expect(own.criterion).toBeCloseTo(known.criterion, 8);
    expect(own.thetaNames).toEqual(["subject.s", "subject.rho"]);
    const [s, x] = known.theta;
    // θ is off by the root of what the criterion is.
    expect(own.theta[0]).toBeCloseTo(s, 5);
    expect(own.theta[1]).toBeCloseTo((2 * x) / (1 + x * x), 5);
    for (const name of ["bobyqa", "newuoa", "nelder-mead", "lbfgs"] as const) {
      const other = fitFrame(series("mine"), { structures: { mine }, optimizer: { name } });
      expect(other.criterion).toBeLessThan(own.criterion + 1e-5);
    }
  });

  it.each([
    ["parameters has 1 of 2", { parameters: () => ["s"] }],
    ["start out of bounds", { start: () => [1, 2] }],
    ["no parameters", { start: () => [] }],
    ["entry NaN", { fillInto: () => {} }],
    [
      "derivative 0 is not that of T",
      { derivativeInto: (_t: unknown, _k: number, _i: number, o: Float64Array) => o.fill(0) },
    ],
    [
      "boom",
      {
        fillInto: () => {
          throw new Error("boom");
        },
      },
    ],
    ["scales has 7", { scales: () => [7, 7] }],
    ["scales says 0", { scales: () => [0, -2] }],
    [
      "T is zero at start",
      {
        fillInto: (_t: unknown, _k: number, o: Float64Array) => o.fill(0),
        derivativeInto: (_t: unknown, _k: number, _i: number, o: Float64Array) => o.fill(0),
      },
    ],
    [
      "no idea",
      {
        nearest: () => {
          throw new Error("no idea");
        },
      },
    ],
    [
      "entry Infinity",
      {
        fillInto(theta: Float64Array, k: number, outT: Float64Array) {
          mine.fillInto(theta, k, outT);
          if (Math.abs(theta[1]) > 0.1) outT[0] = Number.POSITIVE_INFINITY;
        },
      },
    ],
    [
      "derivative 1 is not that of T",
      {
        derivativeInto(theta: Float64Array, k: number, i: number, outT: Float64Array) {
          mine.derivativeInto(theta, k, i, outT);
          if (i === 1 && Math.abs(theta[1]) > 0.1) outT.fill(0);
        },
      },
    ],
    ["scales says -1", { start: () => [1, 0], scales: () => [-1, -1] }],
  ])("are refused by name where they do not work: %s", (message, broken) => {
    const structures = { mine: { ...mine, ...broken } as CovarianceStructure };
    expect(() => fitFrame(series("mine"), { structures })).toThrow(
      expect.objectContaining({ code: "invalid-structure", message: expect.stringContaining(message) }),
    );
  });

  it("may be finite and beyond all reason far away, where the search then does not go", () => {
    const structures = {
      mine: {
        ...mine,
        fillInto(theta: Float64Array, k: number, outT: Float64Array) {
          mine.fillInto(theta, k, outT);
          if (Math.abs(theta[0]) > 50) outT.fill(1e200);
        },
      },
    };
    const fit = fitFrame(series("mine"), { structures, start: [100, 0] });
    expect(fit.converged).toBe(true);
    expect(fit.criterion).toBeCloseTo(fitFrame(series("mine"), { structures: { mine } }).criterion, 6);
  });

  it("are refused when they fail later, during the search", () => {
    let calls = 0;
    const structures = {
      mine: {
        ...mine,
        fillInto(theta: Float64Array, k: number, outT: Float64Array) {
          mine.fillInto(theta, k, outT);
          if (++calls > 12) outT[0] = Number.NaN;
        },
      },
    };
    expect(() => fitFrame(series("mine"), { structures })).toThrow(
      expect.objectContaining({ code: "invalid-structure" }),
    );
  });
});

describe("fits on the boundary of a structure", () => {
  /** y without any differences between subjects, or with nothing but them. */
  const singular = (structure: string, same: boolean) => {
    const frame = series(structure);
    const next = uniforms(5);
    const shift = Array.from({ length: 8 }, (_, l) => (same ? 3 * Math.sin(9 * l) : 0));
    const values = Float64Array.from({ length: 48 }, (_, r) => {
      const pair = r % 6 < 3 ? 1 : -1;
      return shift[Math.floor(r / 6)] + pair * (0.5 + 0.1 * next());
    });
    return { ...frame, response: { name: "y", values } };
  };

  it.each(["cs", "homcs", "ar1", "hetar1", "homdiag", "diag", "us"])(
    "%s without variance is certified, and says so",
    (structure) => {
      const fit = fitFrame(singular(structure, false));
      expect(fit.converged).toBe(true);
      expect(fit.singular).toBe(true);
      expect(fit.certificate.singular.length).toBeGreaterThan(0);
      const alone = fitFrame({ ...singular("us", false), random: [term(fit.frame.random[0].group)] });
      expect(fit.criterion).toBeLessThan(alone.criterion + 1e-7);
    },
  );

  it.each(["cs", "homcs", "ar1", "hetar1"])(
    "%s with correlation 1 is certified, and no higher than (1 | g)",
    (structure) => {
      const frame = singular(structure, true);
      const fit = fitFrame(frame);
      expect(fit.converged).toBe(true);
      expect(fit.singular).toBe(true);
      const alone = fitFrame({ ...frame, random: [term(frame.random[0].group)] });
      expect(fit.criterion).toBeLessThan(alone.criterion + 1e-7);
      expect(fit.certificate.boundaryCurvature).toBeGreaterThan(-1e-3);
    },
  );
});
