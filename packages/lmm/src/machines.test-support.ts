import { dense, frameOf, group, ones, sparse, term } from "./frame.test-support";

/**
 * Productivity scores of six workers on three machines, three runs each, as in `Machines` of R's nlme
 * (Milliken & Johnson 1992, p. 285).
 */
const scores = [
  52, 52.8, 53.1, 51.8, 52.8, 53.1, 60, 60.2, 58.4, 51.1, 52.3, 50.3, 50.9, 51.8, 51.4, 46.4, 44.8, 49.2,
  62.1, 62.6, 64, 59.7, 60, 59, 68.6, 65.8, 69.7, 63.2, 62.8, 62.2, 64.8, 65, 65.4, 43.7, 44.2, 43, 67.5,
  67.2, 66.9, 61.5, 61.7, 62.3, 70.8, 70.6, 71, 64.1, 66.2, 64, 72.1, 72, 71.1, 62, 61.4, 60.5,
];
const machine = scores.map((_, r) => Math.floor(r / 18));
const worker = scores.map((_, r) => Math.floor((r % 18) / 3));
const indicator = (level: number) => sparse(machine.map((code) => (code === level ? 1 : 0)));
const columns = { "(Intercept)": ones, MachineB: indicator(1), MachineC: indicator(2) };
const workers = { ...group("Worker", worker), levels: ["1", "2", "3", "4", "5", "6"] };
const cells = group(
  "Worker:Machine",
  scores.map((_, r) => worker[r] * 3 + machine[r]),
);

/** score ~ Machine + (1 | Worker) + (1 | Worker:Machine) */
export const nestedMachines = frameOf({ y: scores, fixed: columns, random: [term(workers), term(cells)] });

/** score ~ Machine + (Machine | Worker) */
export const vectorMachines = frameOf({ y: scores, fixed: columns, random: [term(workers, columns)] });

/** score ~ scores themselves: a covariate that explains the response entirely. */
export const explainedMachines = frameOf({
  y: scores,
  fixed: { "(Intercept)": ones, twice: dense(scores.map((score) => 2 * score + 1)) },
  random: [term(workers)],
});
