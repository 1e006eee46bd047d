export { cholesky, solve } from "./eliminate";
export { product, scratchBytes, setScratch } from "./product";
export { solveTrapezoids } from "./trapezoids";
