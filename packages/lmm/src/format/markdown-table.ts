import type { FormattedTable } from "./format-table";

/**
 * A table in GitHub's Markdown: the title as a paragraph in bold, the notes below as paragraphs.
 *
 * Source: GitHub Flavored Markdown Spec 0.29, §4.10 (tables) and §2.4 (backslash escapes).
 */
export function markdownTable(table: FormattedTable): string {
  const { above, corner = "", names, heads, columns, align = "right", below } = table;
  const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const rule = `| :-- |${heads.map(() => (align === "right" ? " --: |" : " :-- |")).join("")}`;
  const lines = [
    row([corner, ...heads]),
    rule,
    ...names.map((name, i) => row([name, ...columns.map((column) => column[i])])),
  ];
  const [title, ...rest] = above.filter((line) => line.trim() !== "");
  const paragraphs = [
    ...(title === undefined ? [] : [`**${escapeMarkdown(title)}**`]),
    ...rest.map(escapeMarkdown),
    lines.join("\n"),
    ...below.filter((line) => line.trim() !== "").map(escapeMarkdown),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

/** Text that Markdown shows as it is, on one line. Any ASCII punctuation may have a backslash. */
export function escapeMarkdown(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~&$#^]/g, "\\$&")
    .replace(/^(?=[-+=])|^(\d+)(?=[.)](?:\s|$))/, (_, digits: string | undefined) =>
      digits === undefined ? "\\" : `${digits}\\`,
    );
}
