import { trustRegionNewton } from "@lmmkit/optim";

// Rosenbrock's function with its gradient and Hessian, in one call.
const result = trustRegionNewton(
  ([a, b], gradient, hessian) => {
    gradient.set([-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a)]);
    hessian.set([1200 * a * a - 400 * b + 2, -400 * a, -400 * a, 200]);
    return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
  },
  [-1.2, 1],
);
console.log(Array.from(result.x, (value) => value.toFixed(4)).join(" "));
console.log(result.status, result.certificate.smallestCurvature > 0);
