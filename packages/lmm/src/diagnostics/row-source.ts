import type { ModelMatrix } from "@lmmkit/formula";

/** Rows to be read through a model's design: those of its frame, or new ones. */
export interface RowSource {
  readonly nobs: number;
  readonly fixed: ModelMatrix;
  /** By position of the term in the model's frame; null for a term that is left out. */
  readonly random: readonly (RandomRows | null)[];
}

/** One random-effects term of some rows. */
export interface RandomRows {
  readonly design: ModelMatrix;
  /** Codes that are no level of the model's factor (−1, or beyond the last) stand for new levels. */
  readonly group: { readonly codes: Int32Array };
}
