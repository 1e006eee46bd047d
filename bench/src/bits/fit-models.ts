/** Runs in every engine: fits what it is given and leaves everything as text. Bundled, no imports at run time. */
import {
  bootstrapIn,
  type LinearMixedModel,
  type LmmTable,
  lmm,
  modelJson,
  ranef,
  serialPool,
  type WorkerPool,
  webWorkerPort,
  workerPool,
} from "@lmmkit/lmm";
import { nodeWorkers } from "@lmmkit/lmm/node";

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
export function fitText(item: PlainCase): string {
  const model = fit(item);
  const { seconds: _, ...json } = modelJson(model);
  const effects = ranef(model, { condVar: true });
  return JSON.stringify({ id: item.id, ...json, ranef: effects, fitted: model.fitted });
}

/**
 * Bootstrap samples of every case as JSON texts.
 *
 * @param workers how many; 0 for none
 * @param script address of the workers' script, `@lmmkit/lmm/worker` bundled
 */
export async function bootstrapTexts(
  items: readonly PlainCase[],
  workers: number,
  script: string,
): Promise<string[]> {
  const pool = poolOf(workers, script);
  const texts: string[] = [];
  for (const item of items) {
    const sample = await bootstrapIn(pool, fit(item), { nsim: samplesOf(item), seed: 2026 });
    texts.push(JSON.stringify({ id: item.id, ...sample }));
  }
  pool.close();
  return texts;
}

/** Refits of large models take most of a second each. */
function samplesOf({ table }: PlainCase): number {
  const [first] = Object.values(table);
  const rows = "codes" in first ? first.codes : "numbers" in first ? first.numbers : first.texts;
  return rows.length > 10_000 ? 2 : 50;
}

function poolOf(workers: number, script: string): WorkerPool {
  if (workers === 0) return serialPool();
  if ("process" in globalThis) return nodeWorkers({ size: workers, script: new URL(script) });
  return workerPool(() => webWorkerPort(new Worker(script)), workers);
}

function fit({ formula, method, contrasts, weights, offset, table }: PlainCase): LinearMixedModel {
  const columns = Object.fromEntries(Object.entries(table).map(([name, column]) => [name, typed(column)]));
  const options = { method, contrasts, weights, offset } as Parameters<typeof lmm>[2];
  return lmm(formula, columns as LmmTable, options);
}

function typed(column: PlainColumn) {
  if ("numbers" in column) return Float64Array.from(column.numbers, (value) => value ?? Number.NaN);
  if ("texts" in column) return column.texts;
  return { kind: "factor", ...column, codes: Int32Array.from(column.codes) };
}

// For the script or page around the bundle.
Object.assign(globalThis, { fitText, bootstrapTexts });
