/** Runs in every engine: fits what it is given and leaves everything as text. Bundled, no imports at run time. */
import { type LmmTable, lmm, modelJson, ranef } from "@lmmkit/lmm";

/** A column as plain JSON. */
export type PlainColumn =
  | { readonly numbers: readonly (number | null)[] }
  | { readonly texts: readonly (string | null)[] }
  | { readonly levels: readonly string[]; readonly codes: readonly number[]; readonly ordered: boolean };

/** A model and its data as plain JSON. */
export interface PlainCase {
  readonly id: string;
  readonly formula: string;
  readonly method: "ML" | "REML";
  readonly contrasts?: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly offset?: string;
  readonly table: Readonly<Record<string, PlainColumn>>;
}

/** The fit as JSON text: every number in full, timings left out. */
export function fitText({ id, formula, method, contrasts, weights, offset, table }: PlainCase): string {
  const columns = Object.fromEntries(Object.entries(table).map(([name, column]) => [name, typed(column)]));
  const options = { method, contrasts, weights, offset } as Parameters<typeof lmm>[2];
  const model = lmm(formula, columns as LmmTable, options);
  const { seconds: _, ...json } = modelJson(model);
  const effects = ranef(model, { condVar: true });
  return JSON.stringify({ id, ...json, ranef: effects, fitted: model.fitted });
}

function typed(column: PlainColumn) {
  if ("numbers" in column) return Float64Array.from(column.numbers, (value) => value ?? Number.NaN);
  if ("texts" in column) return column.texts;
  return { kind: "factor", ...column, codes: Int32Array.from(column.codes) };
}

// One text per model, for the script or page around the bundle.
Object.assign(globalThis, { fitText });
