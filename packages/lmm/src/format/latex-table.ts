import type { FormattedTable } from "./format-table";

const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "#": "\\#",
  $: "\\$",
  "%": "\\%",
  "&": "\\&",
  _: "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\char34{}",
  // After the end of a row these would be read as its arguments.
  "*": "{*}",
  "[": "{[}",
  "]": "{]}",
  "−": "$-$",
  σ: "$\\sigma$",
  χ: "$\\chi$",
  "²": "$^2$",
  "±": "$\\pm$",
  "…": "\\ldots{}",
};

/** A table in LaTeX: `table` with a caption around `tabular`; no packages are needed. */
export function latexTable(table: FormattedTable): string {
  const { above, corner = "", names, heads, columns, align = "right", below } = table;
  const row = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  const numbers = (text: string) => {
    const shown = text.trim();
    // A hyphen before a digit is a minus.
    return /^-[\d.]/.test(shown) ? `$-$${escapeLatex(shown.slice(1))}` : escapeLatex(shown);
  };
  const paragraph = (line: string) => (line.trim() === "" ? [] : ["", escapeLatex(line)]);
  const [title, ...rest] = above;
  const lines = [
    "\\begin{table}",
    ...(title === undefined ? [] : [`\\caption{${escapeLatex(title)}}`]),
    ...rest.flatMap(paragraph),
    `\\begin{tabular}{l${heads.map(() => (align === "right" ? "r" : "l")).join("")}}`,
    "\\hline",
    row([corner, ...heads].map(escapeLatex)),
    "\\hline",
    ...names.map((name, i) => row([escapeLatex(name), ...columns.map((column) => numbers(column[i]))])),
    "\\hline",
    "\\end{tabular}",
    ...below.flatMap(paragraph),
    "\\end{table}",
  ];
  return `${lines.join("\n")}\n`;
}

/** Text that LaTeX sets as it is, on one line. */
export function escapeLatex(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[\\{}#$%&_^~<>|"*[\]−σχ²±…]/g, (found) => SPECIAL[found]);
}
