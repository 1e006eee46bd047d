import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bobyqa } from "./bobyqa";

/** Powell's test problem: the sum of the reciprocal distances between all pairs of n/2 points in the plane. */
function invdist2(x: Float64Array): number {
  let sum = 0;
  for (let i = 3; i < x.length; i += 2) {
    for (let j = 1; j <= i - 2; j += 2) {
      const dx = x[i - 1] - x[j - 1];
      const dy = x[i] - x[j];
      sum += 1 / Math.sqrt(Math.max(dx * dx + dy * dy, 1e-6));
    }
  }
  return sum;
}

// Points on a circle, written out because cos and sin may differ between engines in the last bit.
const START_10 = [
  0.30901699437494745, 0.9510565162951535, -0.8090169943749473, 0.5877852522924732, -0.8090169943749476,
  -0.587785252292473, 0.30901699437494723, -0.9510565162951536, 1, -2.4492935982947064e-16,
];
const START_20 = [
  0.8090169943749475, 0.5877852522924731, 0.30901699437494745, 0.9510565162951535, -0.30901699437494734,
  0.9510565162951535, -0.8090169943749473, 0.5877852522924732, -1, 1.2246467991473532e-16,
  -0.8090169943749476, -0.587785252292473, -0.30901699437494756, -0.9510565162951535, 0.30901699437494723,
  -0.9510565162951536, 0.8090169943749473, -0.5877852522924734, 1, -2.4492935982947064e-16,
];

// Counts, final F and the "New RHO" counts: Powell's published output (bobyqa.zip, 2009). The hash is FNV-1a over
// the big-endian bytes of every (F, x) of his program, compiled by gfortran without fused multiply-add.
const RUNS = [
  {
    start: START_10,
    npt: 16,
    evaluations: 126,
    f: 5.680353888084283,
    atRho: [36, 60, 73, 90, 106],
    hash: 0x7a96d468,
  },
  {
    start: START_10,
    npt: 21,
    evaluations: 106,
    f: 5.601533972186465,
    atRho: [44, 59, 73, 79, 94],
    hash: 0x3be4031a,
  },
  {
    start: START_20,
    npt: 26,
    evaluations: 209,
    f: 32.203053368830574,
    atRho: [34, 79, 122, 151, 179],
    hash: 0x52d93f3d,
  },
  {
    start: START_20,
    npt: 41,
    evaluations: 182,
    f: 32.203053368830595,
    atRho: [45, 65, 101, 132],
    hash: 0xc8fee250,
  },
];

describe("Powell's published Invdist2 runs", () => {
  for (const run of RUNS) {
    it(`n = ${run.start.length}, npt = ${run.npt}: ${run.evaluations} evaluations, every one bit for bit`, () => {
      const bytes = new DataView(new ArrayBuffer(8));
      let hash = 0x811c9dc5;
      const add = (value: number) => {
        bytes.setFloat64(0, value);
        for (let b = 0; b < 8; b++) hash = Math.imul(hash ^ bytes.getUint8(b), 0x01000193) >>> 0;
      };
      const atRho: number[] = [];
      const result = bobyqa(invdist2, run.start, {
        lower: -1,
        upper: 1,
        npt: run.npt,
        rhobeg: 0.1,
        rhoend: 1e-6,
        onEvaluation: (x, f) => {
          add(f);
          for (const value of x) add(value);
        },
        onRho: (_rho, evaluations) => {
          atRho.push(evaluations);
        },
      });
      expect(result.evaluations).toBe(run.evaluations);
      expect(result.f).toBe(run.f);
      expect(result.status).toBe("converged");
      expect(atRho.slice(0, run.atRho.length)).toEqual(run.atRho);
      expect(hash).toBe(run.hash);
    });
  }

  const traceFile = new URL("../../../../../shared/reference/bobyqa/invdist2_trace.json", import.meta.url);
  it.skipIf(!existsSync(traceFile))(
    "agree point by point with the recorded trace (skips without ../shared)",
    () => {
      const runs = JSON.parse(readFileSync(traceFile, "utf8")) as {
        npt: number;
        x0: number[];
        rhobeg: number;
        rhoend: number;
        trace: number[][];
      }[];
      expect(runs).toHaveLength(4);
      for (const run of runs) {
        const { trace } = bobyqa(invdist2, run.x0, { ...run, lower: -1, upper: 1, trace: true });
        expect(trace?.map(({ f, x }) => [f, ...x])).toEqual(run.trace);
      }
    },
  );
});
