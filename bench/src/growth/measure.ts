import { modelFrame } from "@lmmkit/formula";
import { buildDesign, crossProducts, fitFrame, PlsWorkspace } from "@lmmkit/lmm";
import { SecondOrder } from "../../../packages/lmm/src/fit/second-order";
import { median } from "../support/statistics";
import type { Table } from "../support/table-files";

/** Seconds of every step for one table. */
export interface Steps {
  readonly rows: number;
  readonly q: number;
  /** Nonzeros of L. */
  readonly nonzeros: number;
  /** Formula and table to X, y and terms. */
  readonly frame: number;
  readonly products: number;
  /** Pattern, permutation, symbolic factor. */
  readonly symbolic: number;
  readonly evaluation: number;
  /** With gradient and average information. */
  readonly derivatives: number;
  /** A whole fit from the frame; null where it was not tried. */
  readonly fit: number | null;
  readonly evaluations: number | null;
  readonly converged: boolean | null;
}

/**
 * Times each step once, evaluations several times.
 *
 * @param longest a fit that promises to take more seconds than this is not tried
 */
export function measureSteps(formula: string, table: Table, longest: number): Steps {
  for (let i = 0; i < 20 && rowsOf(table) < 10_000; i++) modelFrame(formula, table);
  const [frameSeconds, frame] = timed(() => modelFrame(formula, table));
  const [designSeconds, design] = timed(() => buildDesign(frame));
  const [productSeconds, products] = timed(() => crossProducts(frame, design));
  const [symbolic, workspace] = timed(() => new PlsWorkspace(design, products));
  const { theta0 } = design;
  const second = new SecondOrder(workspace, "REML");
  const gradient = new Float64Array(theta0.length);
  const hessian = new Float64Array(theta0.length ** 2);
  const evaluation = repeated((i) => workspace.evaluate(theta0.map((value) => value * (1 - 0.001 * i))));
  const derivatives = repeated((i) =>
    second.evaluateInto(
      theta0.map((value) => value * (1 - 0.001 * i)),
      gradient,
      hessian,
    ),
  );
  const tried = 10 * derivatives <= longest;
  const [once, model] = tried ? timed(() => fitFrame(frame)) : [null, null];
  // Short ones again: the first runs meet code that is not compiled yet.
  const fit = once !== null && once < 0.5 ? repeated(() => fitFrame(frame)) : once;
  return {
    rows: frame.nobs,
    q: design.q,
    nonzeros: workspace.factor.nnz,
    frame: frameSeconds,
    products: designSeconds + productSeconds,
    symbolic,
    evaluation,
    derivatives,
    fit: fit === null ? null : fit + frameSeconds,
    evaluations: model?.optimizer.evaluations ?? null,
    converged: model?.converged ?? null,
  };
}

function timed<T>(run: () => T): [number, T] {
  const started = performance.now();
  const value = run();
  return [(performance.now() - started) / 1000, value];
}

/** Median seconds of up to 200 runs within half a second, without the first half when there are more than ten. */
function repeated(run: (i: number) => unknown): number {
  const seconds: number[] = [];
  const begun = performance.now();
  for (let i = 0; i < 200 && (i < 1 || performance.now() - begun < 500); i++)
    seconds.push(timed(() => run(i))[0]);
  return median(seconds.length > 10 ? seconds.slice(seconds.length / 2) : seconds);
}

function rowsOf({ y }: Table): number {
  return (y as Float64Array).length;
}
