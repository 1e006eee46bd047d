import { InferenceError } from "../inference/inference-error";
import { type ColumnTable, rowCount } from "../tidy/column-table";
import { escapeHtml, htmlTable } from "./html-table";
import { escapeLatex, latexTable } from "./latex-table";
import { escapeMarkdown, markdownTable } from "./markdown-table";
import { formatNumbers } from "./number-format";
import { textTable } from "./text-table";

/** How a table is written. */
export type TableFormat = "text" | "markdown" | "latex" | "html";

/** A table ready to be written: everything is text, not yet padded or escaped. */
export interface FormattedTable {
  /** Lines above it, the first being its title. */
  readonly above: readonly string[];
  /** What stands over the names of the rows. */
  readonly corner?: string;
  readonly names: readonly string[];
  /** One per column. */
  readonly heads: readonly string[];
  /** One entry per row in each. */
  readonly columns: readonly (readonly string[])[];
  /** Of the columns; default right. */
  readonly align?: "left" | "right";
  /** Lines below it. */
  readonly below: readonly string[];
}

/** Every format. */
const FORMATS: Readonly<Record<TableFormat, (table: FormattedTable) => string>> = {
  text: plainTable,
  markdown: markdownTable,
  latex: latexTable,
  html: htmlTable,
};

/**
 * A table as text, Markdown (GitHub's tables), LaTeX (`table` and `tabular`, no packages) or HTML.
 *
 * Names may hold anything, `a|b`, `<script>`, `_%$&`: each format escapes what means something in it.
 *
 * @param table laid out by a formatter, or columns as `tidy` makes them
 * @param digits significant digits of numbers in columns; default 4
 * @returns lines ending with "\n", the last one too
 * @throws InferenceError `unknown-option` for a format that is none
 */
export function formatTable(
  table: FormattedTable | ColumnTable,
  format: TableFormat = "text",
  digits = 4,
): string {
  if (!Object.hasOwn(FORMATS, format)) {
    throw new InferenceError(
      "unknown-option",
      `unknown format: ${JSON.stringify(format)}`,
      format,
      `choose ${Object.keys(FORMATS).join(", ")}`,
    );
  }
  return FORMATS[format](isFormatted(table) ? table : fromColumns(table, digits));
}

/** Lines of text as one paragraph in a format. */
export function formatLines(lines: readonly string[], format: TableFormat = "text"): string {
  const shown = lines.filter((line) => line.trim() !== "");
  switch (format) {
    case "text":
      return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
    case "markdown":
      return `${shown.map(escapeMarkdown).join("\\\n")}\n`;
    case "latex":
      return `${shown.map(escapeLatex).join("\\\\\n")}\n`;
    case "html":
      return `<p>${shown.map(escapeHtml).join("<br>\n")}</p>\n`;
  }
}

function isFormatted(table: FormattedTable | ColumnTable): table is FormattedTable {
  return Array.isArray(table.heads) && Array.isArray(table.columns) && Array.isArray(table.columns[0] ?? []);
}

/** The first column gives the names if it holds texts. */
function fromColumns(table: ColumnTable, digits: number): FormattedTable {
  const entries = Object.entries(table).map(([name, values]): [string, readonly string[]] => [
    name,
    values instanceof Float64Array
      ? formatNumbers(values, digits).map((text) => (text === "NaN" ? "" : text))
      : values.map((value) => value ?? ""),
  ]);
  const named = entries.length > 0 && !(Object.values(table)[0] instanceof Float64Array);
  const [corner, names] = named ? entries[0] : ["", new Array<string>(rowCount(table)).fill("")];
  const rest = named ? entries.slice(1) : entries;
  return {
    above: [],
    corner,
    names,
    heads: rest.map(([name]) => name),
    columns: rest.map(([, values]) => values),
    below: [],
  };
}

function plainTable({ above, corner = "", names, heads, columns, align, below }: FormattedTable): string {
  const lines = [...above, ...textTable(names, heads, columns, align, corner), ...below];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
