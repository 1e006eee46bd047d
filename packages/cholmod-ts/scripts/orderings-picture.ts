/**
 * Draws docs/orderings.svg: a grid Laplacian and its factor under three orderings.
 *
 *   tsx --conditions @lmmkit/source packages/cholmod-ts/scripts/orderings-picture.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { fromTriplets, patternSvg, symmetrize } from "@lmmkit/sparse";

const side = 16;
const n = side * side;
const rows: number[] = [];
const cols: number[] = [];
for (let k = 0; k < n; k++) {
  for (const [step, inside] of [
    [0, true],
    [1, k % side < side - 1],
    [side, k + side < n],
  ] as const) {
    if (!inside) continue;
    rows.push(k + step);
    cols.push(k);
  }
}
const A = fromTriplets(
  n,
  n,
  rows,
  cols,
  Float64Array.from(rows, (r, k) => (r === cols[k] ? 4.1 : -1)),
);

const panels = [
  {
    title: "A, a 16 by 16 grid",
    svg: patternSvg(symmetrize(A, "lower"), { title: "A, a 16 by 16 grid", size: 200, maxCells: 300 }),
  },
];
for (const [ordering, title] of [
  ["natural", "L, natural order"],
  ["nesdis", "L, nested dissection"],
  ["amd", "L, minimum degree"],
] as const) {
  const L = factorize(A, analyze(A, { ordering })).toSparse();
  panels.push({ title, svg: patternSvg(L, { title, size: 200, maxCells: 300 }) });
}

const width = 216;
const height = 262;
/** Squares as one path, a quarter of the length. */
const shorter = (svg: string) => {
  let path = "";
  const rest = svg.replace(
    /<rect x="(\d+)" y="(\d+)" width="1" height="1"\/>\n/g,
    (_, x: string, y: string) => {
      path += `M${x} ${y}h1v1h-1z`;
      return "";
    },
  );
  return rest.replace(/(<rect [^>]*stroke=[^>]*>)/, `<path d="${path}"/>\n$1`);
};
const nested = panels.map(({ svg }, k) =>
  shorter(svg.trim())
    .replace("<svg ", `<svg x="${k * width}" y="0" `)
    .replace(/ xmlns="[^"]*"/, ""),
);
const label = panels.map((panel) => panel.title).join("; ");
writeFileSync(
  fileURLToPath(new URL("../docs/orderings.svg", import.meta.url)),
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${4 * width}" height="${height}" viewBox="0 0 ${4 * width} ${height}" role="img" aria-label="${label}">`,
    `<rect width="${4 * width}" height="${height}" fill="#fff"/>`,
    ...nested,
    "</svg>",
    "",
  ].join("\n"),
);
