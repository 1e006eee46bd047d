/** The two pictures of the source document side by side: Λ'Z'ZΛ + I and its Cholesky factor L. */
import { type CscPattern, patternSvg, patternText } from "@lmmkit/sparse";

/** One matrix and what to write above it. */
export interface Panel {
  readonly title: string;
  readonly pattern: CscPattern;
}

/** Blank space between two panels, in pixels. */
const GAP = 16;

/** One SVG file with the panels from left to right. */
export function panelsSvg(panels: readonly Panel[], label: string): string {
  let width = 0;
  let height = 0;
  const pictures = panels.map(({ title, pattern }) => {
    const svg = patternSvg(pattern, { title, size: 420 });
    const [, w, h] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
    const x = width === 0 ? 0 : width + GAP;
    width = x + Number(w);
    height = Math.max(height, Number(h));
    return svg.replace("<svg ", `<svg x="${x}" y="0" `).trimEnd();
  });
  const text = label.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${text}">
<rect width="${width}" height="${height}" fill="#fff"/>
${pictures.join("\n")}
</svg>
`;
}

/** The panels one below the other, in characters. */
export function panelsText(panels: readonly Panel[]): string {
  return panels
    .map(({ title, pattern }) => {
      const { nrows, ncols, colPtr } = pattern;
      return `${title}: ${nrows} x ${ncols}, ${colPtr[ncols]} nonzeros\n\n${patternText(pattern, { maxCols: 76, maxRows: 76 })}\n`;
    })
    .join("\n");
}
