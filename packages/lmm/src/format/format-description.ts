import type { ModelDescription } from "../model/describe";
import { formatLines, formatTable, type TableFormat } from "./format-table";

/** How a description is written. */
export interface FormatDescriptionOptions {
  /** Default `"text"`. */
  readonly format?: TableFormat;
}

/**
 * What a model is made of, as text: its terms, the blocks of its cross-products, its sparse factor and its memory.
 *
 * @param description of `describe`
 * @returns lines ending with "\n", the last one too
 */
export function formatDescription(
  description: ModelDescription,
  { format = "text" }: FormatDescriptionOptions = {},
): string {
  const { formula, nobs, p, q, parameters, dropped, terms, blocks, factor, bytes } = description;
  const sizes = [
    counted(nobs, "row"),
    counted(p, "fixed effect"),
    counted(q, "random effect"),
    counted(parameters, "covariance parameter"),
  ].join(", ");
  const heading = [`Formula: ${formula}`, sizes];
  if (dropped.length > 0) heading.push(`dropped from X: ${dropped.join(", ")}`);
  const termTable = formatTable(
    {
      above: ["Terms:"],
      names: terms.map(({ name }) => name),
      heads: ["structure", "effects", "levels", "parameters", "columns of Z"],
      columns: [
        terms.map(({ structure }) => structure),
        terms.map(({ columns }) => String(columns.length)),
        terms.map(({ levels }) => String(levels)),
        terms.map((term) => String(term.parameters)),
        terms.map(({ ncolsZ }) => String(ncolsZ)),
      ],
      below: [],
    },
    format,
  );
  const blockTable = formatTable(
    {
      above: ["Cross-products Z'Z:"],
      names: blocks.map(({ row, col }) => (row === col ? row : `${row} × ${col}`)),
      heads: ["storage", "levels that meet", "of", "numbers"],
      columns: [
        blocks.map(({ storage }) => storage),
        blocks.map(({ met }) => String(met)),
        blocks.map(({ pairs, storage }) => (storage.endsWith("diagonal") ? "" : String(pairs))),
        blocks.map(({ entries }) => String(entries)),
      ],
      below: [],
    },
    format,
  );
  const supernodes = factor.supernodes === null ? "" : `, ${factor.supernodes} supernodes`;
  const last = [
    `Factor L: ${factor.kind}${supernodes}, ${factor.nnz} entries, ${factor.fill.toPrecision(3)} times those of the system; ${factor.flops.toPrecision(3)} flops each time; ordered by ${factor.ordering}`,
    `Memory: ${bytes.rows === null ? "no rows" : `rows ${size(bytes.rows)}`}, cross-products ${size(bytes.products)}, one evaluation ${size(bytes.workspace)}`,
  ];
  return [formatLines(heading, format), termTable, blockTable, formatLines(last, format)].join("\n");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}
