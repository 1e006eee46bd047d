/** Run as a process of its own: the peak memory of one large fit, sent to the parent as a message. */
import { lmm } from "@lmmkit/lmm";
import { rowsOnly } from "./designs";

/** Bytes: what the process held before there were data, the typed input, and the peak during the fit. */
export interface PeakMemory {
  readonly before: number;
  readonly input: number;
  readonly peak: number;
  readonly seconds: number;
  readonly rows: number;
}

const rows = Number(process.argv[2]);
// A small fit first, so that code and WebAssembly memory are not counted as the data's.
lmm(rowsOnly.formula, rowsOnly.table(10_000));
globalThis.gc?.();
const before = process.memoryUsage().rss;
const table = rowsOnly.table(rows);
const started = performance.now();
lmm(rowsOnly.formula, table);
const message: PeakMemory = {
  before,
  input: Object.values(table).reduce((sum, column) => sum + bytesOf(column), 0),
  peak: process.resourceUsage().maxRSS * 1024,
  seconds: (performance.now() - started) / 1000,
  rows,
};
process.send?.(message);

function bytesOf(column: (typeof table)[string]): number {
  if ("kind" in column) return column.codes.byteLength;
  return column instanceof Float64Array ? column.byteLength : 0;
}
