import type { FormattedTable } from "./format-table";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A table in HTML: lines above in its caption, lines below in its foot, row names as headers of their rows. */
export function htmlTable(table: FormattedTable): string {
  const { above, corner = "", names, heads, columns, align = "right", below } = table;
  const style = align === "right" ? ' style="text-align: right"' : "";
  const notes = below.filter((line) => line.trim() !== "");
  const lines = [
    "<table>",
    ...(above.length === 0 ? [] : [`<caption>${above.map(escapeHtml).join("<br>")}</caption>`]),
    "<thead>",
    `<tr><th scope="col">${escapeHtml(corner)}</th>${heads
      .map((head) => `<th scope="col"${style}>${escapeHtml(head)}</th>`)
      .join("")}</tr>`,
    "</thead>",
    "<tbody>",
    ...names.map(
      (name, i) =>
        `<tr><th scope="row">${escapeHtml(name)}</th>${columns
          .map((column) => `<td${style}>${escapeHtml(column[i])}</td>`)
          .join("")}</tr>`,
    ),
    "</tbody>",
    ...(notes.length === 0
      ? []
      : [
          "<tfoot>",
          `<tr><td colspan="${heads.length + 1}">${notes.map(escapeHtml).join("<br>")}</td></tr>`,
          "</tfoot>",
        ]),
    "</table>",
  ];
  return `${lines.join("\n")}\n`;
}

/** Text that HTML shows as it is, in an element or an attribute. */
export function escapeHtml(text: string): string {
  return text.trim().replace(/[&<>"']/g, (found) => ENTITIES[found]);
}
