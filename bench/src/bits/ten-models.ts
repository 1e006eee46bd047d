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

/** Bundles the engine and `fitText` into one script for Node and browsers; its path. */
export async function bundleFit(): Promise<string> {
  const outDir = fileURLToPath(new URL("../../.cache/bits", import.meta.url));
  await build({
    config: false,
    silent: true,
    entry: { fit: fileURLToPath(new URL("./fit-models.ts", import.meta.url)) },
    outDir,
    format: "iife",
    platform: "browser",
    target: "es2022",
    noExternal: [/.*/],
    esbuildOptions: (options) => {
      options.conditions = ["@lmmkit/source"];
    },
  });
  return `${outDir}/fit.global.js`;
}
