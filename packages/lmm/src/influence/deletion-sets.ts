import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";

/** What is deleted together: single rows, the rows of each level of a grouping factor, or of any label. */
export type DeletionUnit =
  | "observation"
  | (string & {})
  | {
      readonly name: string;
      /** One label per row used or per row of the table. */
      readonly labels: ArrayLike<string | number>;
    };

/** Sets of rows, each to be deleted in its turn. */
export interface DeletionSets {
  readonly name: string;
  readonly labels: readonly string[];
  /** Where the rows of each set begin in `rows`, length sets + 1. */
  readonly ptr: Int32Array;
  /** Rows of the frame with a positive weight, increasing within a set. */
  readonly rows: Int32Array;
}

/**
 * The sets of rows that a unit of deletion stands for. Rows of weight zero are in none.
 *
 * @throws InferenceError `unknown-term` for a name that is no grouping factor of the model, `unknown-option` for
 *   labels of another length
 */
export function deletionSets(model: LinearMixedModel, by: DeletionUnit): DeletionSets {
  const { frame, design, rows, nrowsTable } = model;
  const n = frame.nobs;
  if (by === "observation") {
    const labels = Array.from({ length: n }, (_, r) => String((rows === null ? r : rows[r]) + 1));
    return sorted(
      model,
      "observation",
      labels,
      Int32Array.from({ length: n }, (_, r) => r),
    );
  }
  if (typeof by === "string") {
    const f = design.factors.findIndex(({ name }) => name === by);
    const term = design.terms.find((candidate) => candidate.factor === f);
    if (f < 0 || term === undefined) {
      throw new InferenceError(
        "unknown-term",
        `unknown grouping factor: ${JSON.stringify(by)}`,
        by,
        `choose "observation" or ${design.factors.map(({ name }) => name).join(", ")}, or give labels of your own`,
      );
    }
    return sorted(model, by, design.factors[f].levels, frame.random[term.frameIndex].group.codes);
  }
  const given = by.labels;
  if (given.length !== n && given.length !== nrowsTable) {
    throw new InferenceError(
      "unknown-option",
      `wrong length of labels: ${given.length}`,
      given.length,
      `the model uses ${n} of the table's ${nrowsTable} rows`,
    );
  }
  const positions = new Map<string, number>();
  const codes = Int32Array.from({ length: n }, (_, r) => {
    const label = String(given[given.length === n || rows === null ? r : rows[r]]);
    const known = positions.get(label) ?? positions.size;
    positions.set(label, known);
    return known;
  });
  return sorted(model, by.name, [...positions.keys()], codes);
}

function sorted(
  { weights, frame }: LinearMixedModel,
  name: string,
  labels: readonly string[],
  codes: Int32Array,
): DeletionSets {
  const ptr = new Int32Array(labels.length + 1);
  const counts = (r: number) => weights === null || weights[r] > 0;
  for (let r = 0; r < frame.nobs; r++) if (counts(r)) ptr[codes[r] + 1]++;
  for (let s = 0; s < labels.length; s++) ptr[s + 1] += ptr[s];
  const rows = new Int32Array(ptr[labels.length]);
  const next = ptr.slice();
  for (let r = 0; r < frame.nobs; r++) if (counts(r)) rows[next[codes[r]]++] = r;
  return { name, labels, ptr, rows };
}
