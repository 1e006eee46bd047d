import type { CscPattern } from "./csc";
import { nnz } from "./csc";
import { tallyCells } from "./pattern-cells";

/** Options of `patternSvg`. */
export interface PatternSvgOptions {
  /** Title above the picture, also read out by screen readers; none by default. */
  readonly title?: string;
  /** Line below the picture; by default "30 x 30, 174 nonzeros". An empty string leaves it out. */
  readonly caption?: string;
  /** Length of the longer side of the matrix in pixels, 480 by default. */
  readonly size?: number;
  /** Most cells along the longer side; a larger matrix is drawn by blocks of entries. 240 by default. */
  readonly maxCells?: number;
  /** Draw the mirror image of each entry too, for a symmetric matrix of which one triangle is stored. */
  readonly mirror?: boolean;
  /** CSS color of the entries. */
  readonly color?: string;
}

/**
 * An SVG picture of a pattern: row 0 on top, one square per entry, in an axis-parallel grid that stays crisp
 * at any size. A matrix longer than `maxCells` is drawn by square blocks, the darker the fuller.
 *
 * The text is a complete file with its own width, height and viewBox. Cost O(ncols + nnz).
 */
export function patternSvg(pattern: CscPattern, options: PatternSvgOptions = {}): string {
  const { title = "", size = 480, maxCells = 240, mirror = false, color = "#1b4f72" } = options;
  const { nrows, ncols } = pattern;
  const drawn = mirror ? mirrored(pattern) : pattern;
  const caption = options.caption ?? `${nrows} x ${ncols}, ${nnz(drawn)} nonzeros`;
  const longer = Math.max(1, nrows, ncols);
  const block = Math.max(1, Math.ceil(longer / maxCells));
  const { rows, cols, counts, capacity } = tallyCells(drawn, block);

  const margin = 8;
  const top = margin + (title === "" ? 0 : 24);
  const scale = size / longer;
  const width = round(Math.max(ncols * scale, 1) + 2 * margin);
  const height = round(top + Math.max(nrows * scale, 1) + margin + (caption === "" ? 0 : 22));

  const squares: string[] = [];
  for (let j = 0; j < cols; j++) {
    for (let i = 0; i < rows; i++) {
      const count = counts[i + j * rows];
      if (count === 0) continue;
      const place = `<rect x="${j * block}" y="${i * block}"`;
      const extent = ` width="${Math.min(block, ncols - j * block)}" height="${Math.min(block, nrows - i * block)}"`;
      // The square root keeps single entries visible in large blocks.
      const shade = round(0.15 + 0.85 * Math.sqrt(count / capacity(i, j)));
      squares.push(`${place}${extent}${block === 1 || shade >= 1 ? "" : ` fill-opacity="${shade}"`}/>`);
    }
  }
  const label = escapeXml(title === "" ? caption : title);
  const text = (y: number, content: string, weight: string) =>
    `<text x="${margin}" y="${round(y)}" font-family="system-ui, sans-serif" font-size="13"${weight} fill="#333">${escapeXml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...(title === "" ? [] : [text(margin + 13, title, ' font-weight="600"')]),
    `<g transform="translate(${margin} ${top}) scale(${round(scale, 6)})" fill="${escapeXml(color)}" shape-rendering="crispEdges">`,
    ...squares,
    `<rect width="${ncols}" height="${nrows}" fill="none" stroke="#888" stroke-width="${round(1 / scale, 6)}"/>`,
    "</g>",
    ...(caption === "" ? [] : [text(height - margin, caption, "")]),
    "</svg>",
    "",
  ].join("\n");
}

/** The union of a pattern and its transpose. */
function mirrored(pattern: CscPattern): CscPattern {
  const { ncols, colPtr, rowIdx } = pattern;
  const columns: Set<number>[] = Array.from({ length: ncols }, () => new Set());
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      columns[j].add(rowIdx[p]);
      columns[rowIdx[p]].add(j);
    }
  }
  const outPtr = new Int32Array(ncols + 1);
  for (let j = 0; j < ncols; j++) outPtr[j + 1] = outPtr[j] + columns[j].size;
  const outIdx = new Int32Array(outPtr[ncols]);
  for (let j = 0; j < ncols; j++)
    outIdx.set(
      [...columns[j]].sort((a, b) => a - b),
      outPtr[j],
    );
  return { nrows: ncols, ncols, colPtr: outPtr, rowIdx: outIdx };
}

function round(x: number, digits = 2): number {
  return Number(x.toFixed(digits));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[c]};`);
}
