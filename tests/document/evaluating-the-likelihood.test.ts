/**
 * The document's sections 2 and 4, "The penalized least squares problem" and "Evaluating the
 * likelihood": what the equations claim, on the Penicillin model at θ = (1.2, 2.1).
 */
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { modelFrame } from "@lmmkit/formula";
import { multiplyTransposeVector, multiplyVector } from "@lmmkit/sparse";
import { describe, expect, it } from "vitest";
import { buildRho, dot, profDev } from "./prof-dev";

const penicillin = modelFrame("diameter ~ 1 + (1 | plate) + (1 | sample)", Penicillin.table);
const rho = buildRho(penicillin, false);
const theta = [1.2, 2.1];
const steps = profDev(rho, theta);
const [q, n] = [rho.Zt.nrows, rho.y.length];
const X1 = rho.X[0];

// 30 × 30 systems with condition numbers below 1e4, solved in doubles.
const SOLVED = 1e-10;

describe("Solving the extended PLS problem", () => {
  it("satisfies both block rows of its normal equations", () => {
    const { Ut, beta, u } = steps;
    const fitted = multiplyTransposeVector(Ut, u).map((f, i) => f + X1[i] * beta[0]);
    // Λ'Z'(y − fitted) = u and X'(y − fitted) = 0, the gradient of the penalized sum of squares.
    const rest = rho.y.map((y, i) => y - fitted[i]);
    const gradient = multiplyVector(Ut, rest).map((g, j) => g - u[j]);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(SOLVED);
    expect(Math.abs(dot(X1, rest))).toBeLessThan(SOLVED);
  });

  it("multiplies back: [L 0; RZX' RX'] times its transpose is the matrix of the system", () => {
    const { L, Ut, RZX, RX } = steps;
    const cross = L.solve(multiplyVector(Ut, X1), "P");
    const product = multiplyVector(L.toSparse(), RZX[0]);
    expect(Math.max(...product.map((value, j) => Math.abs(value - cross[j])))).toBeLessThan(SOLVED);
    expect(Math.abs(dot(RZX[0], RZX[0]) + RX[0][0] ** 2 - n)).toBeLessThan(SOLVED);
  });
});

describe("Evaluating the likelihood", () => {
  /** V = Λ-weighted ZZ' + I, dense by rows: what y's covariance is, divided by σ². */
  function marginalCovariance(): Float64Array[] {
    const V = Array.from({ length: n }, () => new Float64Array(n));
    const codes = penicillin.random.map((term) => term.group.codes);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const shared = codes.reduce((sum, g, k) => sum + (g[i] === g[j] ? theta[k] ** 2 : 0), 0);
        V[i][j] = shared + (i === j ? 1 : 0);
      }
    }
    return V;
  }

  it("integrates u out: the deviance of u given y equals that of y's own normal distribution", () => {
    // By Gaussian elimination on V: log|V| and (y − Xβ)'V⁻¹(y − Xβ), with none of the code above.
    const rest = rho.y.map((y, i) => y - X1[i] * steps.beta[0]);
    const V = marginalCovariance();
    let logDet = 0;
    let quadratic = 0;
    for (let k = 0; k < n; k++) {
      logDet += Math.log(V[k][k]);
      quadratic += rest[k] ** 2 / V[k][k];
      for (let i = k + 1; i < n; i++) {
        const factor = V[i][k] / V[k][k];
        for (let j = k; j < n; j++) V[i][j] -= factor * V[k][j];
        rest[i] -= factor * rest[k];
      }
    }
    // |V| = |L|², and the quadratic form is r².
    expect(Math.abs(logDet - steps.L.logDet())).toBeLessThan(1e-10);
    expect(Math.abs(quadratic / steps.prss - 1)).toBeLessThan(1e-12);
    const sigma2 = quadratic / n;
    const deviance = n * Math.log(2 * Math.PI * sigma2) + quadratic / sigma2 + logDet;
    expect(Math.abs(deviance - steps.criterion)).toBeLessThan(1e-9);
  });

  it("completes the square: moving u off its conditional mean adds ‖L'P(u − μ)‖²", () => {
    const { L, Ut, beta, u, prss } = steps;
    const moved = u.map((value, j) => value + Math.sin(j + 1));
    const fitted = multiplyTransposeVector(Ut, moved).map((f, i) => f + X1[i] * beta[0]);
    const rest = rho.y.map((y, i) => y - fitted[i]);
    const added = multiplyTransposeVector(
      L.toSparse(),
      L.solve(
        Float64Array.from({ length: q }, (_, j) => moved[j] - u[j]),
        "P",
      ),
    );
    const whole = dot(rest, rest) + dot(moved, moved);
    expect(Math.abs(whole - prss - dot(added, added)) / whole).toBeLessThan(1e-12);
  });
});

describe("Profiling the deviance with respect to β", () => {
  it("is at its minimum there: any other β has the larger r²", () => {
    const rss = (beta: number) => {
      const y = rho.y.map((value, i) => value - X1[i] * beta);
      const cu = steps.L.solve(steps.L.solve(multiplyVector(steps.Ut, y), "P"), "L");
      return dot(y, y) - dot(cu, cu);
    };
    const [beta] = steps.beta;
    expect(Math.abs(rss(beta) / steps.prss - 1)).toBeLessThan(1e-10);
    for (const other of [beta - 0.1, beta + 0.1]) expect(rss(other)).toBeGreaterThan(steps.prss);
  });
});
