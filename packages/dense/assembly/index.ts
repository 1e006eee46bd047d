export { cholesky, solve } from "./eliminate";
export { product, scratchBytes, setScratch } from "./product";
