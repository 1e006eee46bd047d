import { CliError } from "../errors";
import { suggestName } from "../nearest";

/** A table format that `lmm` reads. */
export type DataFormat = "csv" | "tsv" | "json" | "ndjson" | "parquet" | "arrow";

const FORMATS: Readonly<Record<string, DataFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  parquet: "parquet",
  arrow: "arrow",
  arrows: "arrow",
  feather: "arrow",
};

/** Formats that may be gzipped; Parquet and Arrow compress inside. */
const GZIPPABLE: readonly DataFormat[] = ["csv", "tsv", "json", "ndjson"];

const READABLE = ".csv, .tsv, .json, .ndjson (each also .gz), .parquet, .arrow";

/** The format that a file's name announces, and whether it is gzipped. */
export function dataFormat(path: string): { readonly format: DataFormat; readonly gzip: boolean } {
  const name = path.toLowerCase();
  const gzip = name.endsWith(".gz");
  const plain = gzip ? name.slice(0, -3) : name;
  const extension = /\.([^./\\]+)$/.exec(plain)?.[1] ?? "";
  const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
  if (format === undefined || (gzip && !GZIPPABLE.includes(format))) {
    const near = suggestName(extension, Object.keys(FORMATS), "");
    const hint = near.startsWith("did") ? near : `lmm reads ${READABLE}, and - for CSV on standard input`;
    throw new CliError("unsupported-format", `unsupported format: ${JSON.stringify(path)}`, hint, path);
  }
  return { format, gzip };
}
