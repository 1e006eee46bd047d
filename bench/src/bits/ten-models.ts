import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { dataFiles } from "../../../tests/support/data-files";
import { readTable, type TestColumn } from "../../../tests/support/read-table";
import { modelById } from "../../../tests/support/reference";
import type { PlainCase, PlainColumn } from "./fit-models";

/** Scalar, vector, nested, crossed, independent, singular, weighted and large; all with published data. */
const ids = [
  "dyestuff2-singular-reml",
  "penicillin-ml",
  "pastes-nested-reml",
  "sleepstudy-slope-reml",
  "sleepstudy-uncorrelated-reml",
  "machines-vector-reml",
  "scotssec-slope-ml",
  "quinidine-weights-ml",
  "chickweight-reml",
  "insteval-ml",
];

/** The ten models with their data, as plain JSON. */
export function tenModels(): PlainCase[] {
  return ids.map((id) => {
    const { data, formula, reml, contrasts, weights, offset } = modelById(id);
    const files = dataFiles(data);
    if (files === null) throw new Error(`no data for ${id}`);
    const columns = Object.entries(readTable(files)).map(([name, column]) => [name, plain(column)]);
    const table = Object.fromEntries(columns) as PlainCase["table"];
    return { id, formula, method: reml ? "REML" : "ML", contrasts, weights, offset, table };
  });
}

function plain(column: TestColumn): PlainColumn {
  if (column instanceof Float64Array) {
    return { numbers: Array.from(column, (value) => (Number.isNaN(value) ? null : value)) };
  }
  if ("kind" in column) return { ...column, codes: Array.from(column.codes) };
  return { texts: column };
}

/** The two scripts that run in every engine. */
export interface Bundles {
  /** Where they are; to be removed at the end. */
  readonly folder: string;
  /** Path of the fits. */
  readonly fit: string;
  /** Path of the workers' script. */
  readonly worker: string;
}

/** Bundles the workers' script alone, for threads of Node; its path. */
export async function bundleWorker(): Promise<string> {
  return (await bundleFit()).worker;
}

/** Bundles the engine with `fit-models`, and the workers' script, for Node and browsers. */
export async function bundleFit(): Promise<Bundles> {
  const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  // A folder of its own: two runs at once must not mix their bundles.
  const outDir = mkdtempSync(`${cache}bits-`);
  const fit = fileURLToPath(new URL("./fit-models.ts", import.meta.url));
  const worker = `${outDir}/serve.js`;
  writeFileSync(worker, 'import "@lmmkit/lmm/worker";\n');
  await build({
    config: false,
    silent: true,
    entry: { fit, worker },
    outDir,
    format: "iife",
    platform: "browser",
    target: "es2022",
    noExternal: [/.*/],
    esbuildOptions: (options) => {
      options.conditions = ["@lmmkit/source"];
      // In a script there is no import.meta; the only use is the default address of the workers' script.
      options.define = { ...options.define, "import.meta.url": '"file:///"' };
    },
  });
  return { folder: outDir, fit: `${outDir}/fit.global.js`, worker: `${outDir}/worker.global.js` };
}
