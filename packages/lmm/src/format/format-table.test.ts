import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { vectorMachines } from "../machines.test-support";
import { type FormattedTable, formatTable, type TableFormat } from "./format-table";
import { escapeHtml } from "./html-table";
import { escapeLatex } from "./latex-table";
import { escapeMarkdown } from "./markdown-table";
import { formatSummary } from "./summary";

const table: FormattedTable = {
  above: ["Means & more"],
  corner: "level",
  names: ["a|b", "<script>", "_%$&"],
  heads: ["mean", "p"],
  columns: [
    ["1.5", "-2.0", "10.0"],
    ["<2e-16", "0.05", "NA"],
  ],
  below: ["", "note: 100 %"],
};

describe("one table in four formats", () => {
  it("is text", () => {
    expect(formatTable(table)).toBe(
      [
        "Means & more",
        "level    mean      p",
        "a|b       1.5 <2e-16",
        "<script> -2.0   0.05",
        "_%$&     10.0     NA",
        "",
        "note: 100 %",
        "",
      ].join("\n"),
    );
  });

  it("is Markdown", () => {
    expect(formatTable(table, "markdown")).toBe(
      [
        "**Means \\& more**",
        "",
        "| level | mean | p |",
        "| :-- | --: | --: |",
        "| a\\|b | 1.5 | \\<2e-16 |",
        "| \\<script\\> | \\-2.0 | 0.05 |",
        "| \\_%\\$\\& | 10.0 | NA |",
        "",
        "note: 100 %",
        "",
      ].join("\n"),
    );
  });

  it("is LaTeX", () => {
    expect(formatTable(table, "latex")).toBe(
      [
        "\\begin{table}",
        "\\caption{Means \\& more}",
        "\\begin{tabular}{lrr}",
        "\\hline",
        "level & mean & p \\\\",
        "\\hline",
        "a\\textbar{}b & 1.5 & \\textless{}2e-16 \\\\",
        "\\textless{}script\\textgreater{} & $-$2.0 & 0.05 \\\\",
        "\\_\\%\\$\\& & 10.0 & NA \\\\",
        "\\hline",
        "\\end{tabular}",
        "",
        "note: 100 \\%",
        "\\end{table}",
        "",
      ].join("\n"),
    );
  });

  it("is HTML", () => {
    expect(formatTable(table, "html")).toBe(
      [
        "<table>",
        "<caption>Means &amp; more</caption>",
        "<thead>",
        '<tr><th scope="col">level</th><th scope="col" style="text-align: right">mean</th><th scope="col" style="text-align: right">p</th></tr>',
        "</thead>",
        "<tbody>",
        '<tr><th scope="row">a|b</th><td style="text-align: right">1.5</td><td style="text-align: right">&lt;2e-16</td></tr>',
        '<tr><th scope="row">&lt;script&gt;</th><td style="text-align: right">-2.0</td><td style="text-align: right">0.05</td></tr>',
        '<tr><th scope="row">_%$&amp;</th><td style="text-align: right">10.0</td><td style="text-align: right">NA</td></tr>',
        "</tbody>",
        "<tfoot>",
        '<tr><td colspan="3">note: 100 %</td></tr>',
        "</tfoot>",
        "</table>",
        "",
      ].join("\n"),
    );
  });

  it("is made of columns too", () => {
    const columns = { term: ["x", null], estimate: Float64Array.of(1.23456, Number.NaN) };
    expect(formatTable(columns, "markdown")).toBe(
      "| term | estimate |\n| :-- | --: |\n| x | 1.235 |\n|  |  |\n",
    );
    expect(formatTable({ n: Float64Array.of(1, 2) }, "text")).toBe(" n\n 1\n 2\n");
  });

  it("is none for a format that is none", () => {
    expect(() => formatTable(table, "rtf" as TableFormat)).toThrow('unknown format: "rtf"; choose text');
    expect(() => formatTable(table, "toString" as TableFormat)).toThrow("unknown format");
  });
});

describe("escaping", () => {
  const anything = fc.string({ unit: "binary", maxLength: 30 });

  it("leaves no character of HTML bare, and nothing else changed", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        const back = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" } as const;
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, (e) => back[e as keyof typeof back])).toBe(
          text.trim(),
        );
      }),
      { seed: 5 },
    );
  });

  it("leaves no cell of Markdown open, and backslashes give the text back", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/\n/);
        // Every backslash stands before what it escapes; without those pairs nothing special is left.
        expect(escaped.replace(/\\[!-/:-@[-`{-~]/g, "")).not.toMatch(/[\\`*_{}[\]<>|~&$#^]/);
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, "$1")).toBe(text.trim().replace(/\s+/g, " "));
      }),
      { seed: 6 },
    );
  });

  it("begins no list, rule or heading in Markdown", () => {
    expect(["- a", "+ a", "# a", "1. a", "12) a", "---", "1.5", "=="].map(escapeMarkdown)).toEqual([
      "\\- a",
      "\\+ a",
      "\\# a",
      "1\\. a",
      "12\\) a",
      "\\---",
      "1.5",
      "\\==",
    ]);
  });

  it("leaves no character of LaTeX bare", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const known =
          /\\(?:text[a-z]+\{\}|char34\{\}|ldots\{\}|[{}#$%&_])|\$\\(?:sigma|chi|pm)\$|\$-\$|\$\^2\$|\{[[\]*]\}/g;
        expect(escapeLatex(text).replace(known, "")).not.toMatch(/[\\{}#$%&_^~<>|"*[\]]/);
      }),
      { seed: 7 },
    );
  });
});

describe("the summary", () => {
  const model = fitFrame(vectorMachines);

  it.each(["markdown", "latex", "html"] as const)("has the same numbers in %s", (format) => {
    const text = formatSummary(model);
    const numbers = (from: string) => from.match(/\d+\.\d+/g) ?? [];
    const other = formatSummary(model, { format });
    expect(numbers(other).sort()).toEqual(numbers(text).sort());
    expect(other).toContain("Std. Error");
  });
});
