import { arctangent, cosine, exponential, logarithm, sine } from "./elementary.test-support";

/**
 * The residual functions of Moré and Wild's 53 smooth test problems.
 *
 * Sources: J. J. Moré, B. S. Garbow, K. E. Hillstrom (1981), Testing unconstrained optimization software, ACM TOMS
 * 7, 17-41 (numbers 1 to 18); J. J. Moré, S. M. Wild (2009), Benchmarking derivative-free optimization algorithms,
 * SIAM J. Optim. 20, 172-191, section 4 (the selection, and numbers 19 to 22).
 */

const BARD = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
const KOWALIK_V = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
const KOWALIK_Y = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const MEYER = [
  34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
];
const OSBORNE_1 = [
  0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
  0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414,
  0.411, 0.406,
];
const OSBORNE_2 = [
  1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616,
  0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495,
  0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672,
  0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581,
  0.428, 0.292, 0.162, 0.098, 0.054,
];

/** The m residuals of problem `number` at x. */
export function residuals(number: number, x: ArrayLike<number>, m: number): number[] {
  return RESIDUALS[number - 1](x, m);
}

const each = (m: number, residual: (i: number) => number) => Array.from({ length: m }, (_, i) => residual(i));

function sum(x: ArrayLike<number>): number {
  let total = 0;
  for (let j = 0; j < x.length; j++) total += x[j];
  return total;
}

const RESIDUALS: ((x: ArrayLike<number>, m: number) => number[])[] = [
  function linearFullRank(x, m) {
    const mean = (2 * sum(x)) / m + 1;
    return each(m, (i) => (i < x.length ? x[i] - mean : -mean));
  },
  function linearRankOne(x, m) {
    let total = 0;
    for (let j = 0; j < x.length; j++) total += (j + 1) * x[j];
    return each(m, (i) => (i + 1) * total - 1);
  },
  function linearRankOneWithZeros(x, m) {
    let total = 0;
    for (let j = 1; j < x.length - 1; j++) total += (j + 1) * x[j];
    return each(m, (i) => (i < m - 1 ? i * total - 1 : -1));
  },
  function rosenbrock(x) {
    return [10 * (x[1] - x[0] * x[0]), 1 - x[0]];
  },
  function helicalValley(x) {
    let turn = 0.25;
    if (x[0] > 0) turn = arctangent(x[1] / x[0]) / (2 * Math.PI);
    else if (x[0] < 0) turn = arctangent(x[1] / x[0]) / (2 * Math.PI) + 0.5;
    return [10 * (x[2] - 10 * turn), 10 * (Math.sqrt(x[0] * x[0] + x[1] * x[1]) - 1), x[2]];
  },
  function powellSingular(x) {
    const a = x[1] - 2 * x[2];
    const b = x[0] - x[3];
    return [x[0] + 10 * x[1], Math.sqrt(5) * (x[2] - x[3]), a * a, Math.sqrt(10) * (b * b)];
  },
  function freudensteinRoth(x) {
    return [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((1 + x[1]) * x[1] - 14) * x[1]];
  },
  function bard(x) {
    return each(15, (i) => {
      const u = i + 1;
      const v = 15 - i;
      return BARD[i] - (x[0] + u / (x[1] * v + x[2] * Math.min(u, v)));
    });
  },
  function kowalikOsborne(x) {
    return each(11, (i) => {
      const v = KOWALIK_V[i];
      return KOWALIK_Y[i] - (x[0] * (v * (v + x[1]))) / (v * (v + x[2]) + x[3]);
    });
  },
  function meyer(x) {
    return each(16, (i) => x[0] * exponential(x[1] / (5 * (i + 1) + 45 + x[2])) - MEYER[i]);
  },
  function watson(x) {
    return each(31, (i) => {
      if (i === 29) return x[0];
      if (i === 30) return x[1] - x[0] * x[0] - 1;
      const t = (i + 1) / 29;
      let slope = 0;
      let power = 1;
      for (let j = 1; j < x.length; j++) {
        slope += j * power * x[j];
        power *= t;
      }
      let value = 0;
      power = 1;
      for (let j = 0; j < x.length; j++) {
        value += power * x[j];
        power *= t;
      }
      return slope - value * value - 1;
    });
  },
  function box3d(x, m) {
    return each(m, (i) => {
      const t = (i + 1) / 10;
      return (
        exponential(-t * x[0]) - exponential(-t * x[1]) + (exponential(-(i + 1)) - exponential(-t)) * x[2]
      );
    });
  },
  function jennrichSampson(x, m) {
    return each(m, (i) => 2 + 2 * (i + 1) - exponential((i + 1) * x[0]) - exponential((i + 1) * x[1]));
  },
  function brownDennis(x, m) {
    return each(m, (i) => {
      const t = (i + 1) / 5;
      const a = x[0] + t * x[1] - exponential(t);
      const b = x[2] + sine(t) * x[3] - cosine(t);
      return a * a + b * b;
    });
  },
  function chebyquad(x, m) {
    const n = x.length;
    const totals = new Array<number>(m).fill(0);
    for (let j = 0; j < n; j++) {
      const twice = 2 * (2 * x[j] - 1);
      let before = 1;
      let current = 2 * x[j] - 1;
      for (let i = 0; i < m; i++) {
        totals[i] += current;
        const next = twice * current - before;
        before = current;
        current = next;
      }
    }
    return totals.map((total, i) => total / n + (i % 2 === 1 ? 1 / ((i + 1) * (i + 1) - 1) : 0));
  },
  function brownAlmostLinear(x) {
    const n = x.length;
    let total = -(n + 1);
    for (let j = 0; j < n; j++) total += x[j];
    let product = 1;
    for (let j = 0; j < n; j++) product *= x[j];
    return each(n, (i) => (i < n - 1 ? x[i] + total : product - 1));
  },
  function osborneOne(x) {
    return each(
      33,
      (i) =>
        OSBORNE_1[i] - (x[0] + x[1] * exponential(-x[3] * (10 * i)) + x[2] * exponential(-x[4] * (10 * i))),
    );
  },
  function osborneTwo(x) {
    const square = (value: number) => value * value;
    return each(65, (i) => {
      const t = i / 10;
      return (
        OSBORNE_2[i] -
        (x[0] * exponential(-x[4] * t) +
          x[1] * exponential(-x[5] * square(t - x[8])) +
          x[2] * exponential(-x[6] * square(t - x[9])) +
          x[3] * exponential(-x[7] * square(t - x[10])))
      );
    });
  },
  function bdqrtic(x) {
    const n = x.length;
    const linear = each(n - 4, (i) => -4 * x[i] + 3);
    const quadratic = each(
      n - 4,
      (i) =>
        x[i] * x[i] +
        2 * (x[i + 1] * x[i + 1]) +
        3 * (x[i + 2] * x[i + 2]) +
        4 * (x[i + 3] * x[i + 3]) +
        5 * (x[n - 1] * x[n - 1]),
    );
    return [...linear, ...quadratic];
  },
  function cube(x) {
    return each(x.length, (i) => (i === 0 ? x[0] - 1 : 10 * (x[i] - x[i - 1] * x[i - 1] * x[i - 1])));
  },
  function mancino(x) {
    return each(x.length, (i) => 1400 * x[i] + cubed(i - 49) + mancinoSum(x[i], i, x.length));
  },
  function heart8(x) {
    const [a, b, c, d, t, u, v, w] = Array.from(x);
    const t2 = t * t - v * v;
    const u2 = u * u - w * w;
    const t3 = t * (t * t - 3 * v * v);
    const v3 = v * (v * v - 3 * t * t);
    const u3 = u * (u * u - 3 * w * w);
    const w3 = w * (w * w - 3 * u * u);
    return [
      a + b + 0.69,
      c + d + 0.044,
      t * a + u * b - v * c - w * d + 1.57,
      v * a + w * b + t * c + u * d + 1.31,
      a * t2 - 2 * c * t * v + b * u2 - 2 * d * u * w + 2.65,
      c * t2 + 2 * a * t * v + d * u2 + 2 * b * u * w - 2,
      a * t3 + c * v3 + b * u3 + d * w3 + 12.6,
      c * t3 - a * v3 + d * u3 - b * w3 - 9.48,
    ];
  },
];

function fifth(x: number): number {
  return x * x * x * x * x;
}

/** x³ by multiplications, as in the C program. */
export function cubed(x: number): number {
  return x * x * x;
}

/** The trigonometric sum of Mancino's function for component i, and of its starting point (x = 0). */
export function mancinoSum(x: number, i: number, n: number): number {
  let total = 0;
  for (let j = 0; j < n; j++) {
    const root = Math.sqrt(x * x + (i + 1) / (j + 1));
    const angle = logarithm(root);
    total += root * (fifth(sine(angle)) + fifth(cosine(angle)));
  }
  return total;
}
