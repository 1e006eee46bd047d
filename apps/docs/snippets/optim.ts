import { bobyqa } from "@lmmkit/optim";

const rosenbrock = (x: ArrayLike<number>) =>
  100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2;

const free = bobyqa(rosenbrock, [-1.2, 1], { rhobeg: 0.5, rhoend: 1e-8 });
console.log(
  free.status,
  Array.from(free.x, (value) => value.toFixed(6)).join(" "),
);

const bounded = bobyqa(rosenbrock, [-1.2, 1], {
  upper: [0.5, Number.POSITIVE_INFINITY],
  rhoend: 1e-8,
});
console.log(
  bounded.status,
  Array.from(bounded.x, (value) => value.toFixed(6)).join(" "),
);
