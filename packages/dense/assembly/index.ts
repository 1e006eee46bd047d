export { cholesky, solve } from "./eliminate";
export { product, scratchBytes, setScratch } from "./product";
export { choleskyTrapezoids } from "./trapezoid-cholesky";
export { solveTrapezoids } from "./trapezoids";
