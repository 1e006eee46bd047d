import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** One measured point of one line. */
export interface Point {
  readonly x: number;
  readonly seconds: number;
  /** Which line it is on. */
  readonly line: string;
  /** Which panel it is in. */
  readonly panel?: string;
}

/** A log–log figure of seconds, a line for each name, panels side by side. SVG text. */
export function logLogFigure(points: readonly Point[], xLabel: string): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const panels = points.some(({ panel }) => panel !== undefined);
  const channels = { x: "x", y: "seconds", stroke: "line", ...(panels ? { fx: "panel" } : {}) };
  const last = {
    ...channels,
    stroke: undefined,
    fill: "line",
    text: "line",
    z: "line",
    textAnchor: "end" as const,
  };
  const figure = Plot.plot({
    document: document as never,
    width: panels ? 960 : 640,
    height: 360,
    marginLeft: 56,
    style: { background: "white", fontSize: "12px" },
    x: { type: "log", label: `${xLabel} →`, ticks: 4, tickFormat: "~s" },
    y: { type: "log", label: "↑ seconds", grid: true, ticks: 6, insetTop: 18, tickFormat: "~g" },
    fx: { label: null },
    color: { scheme: "tableau10" },
    marks: [
      Plot.frame({ stroke: "#ddd" }),
      Plot.line(points, { ...channels, marker: "circle" }),
      Plot.text(points, Plot.selectLast({ ...last, dy: -10 })),
    ],
  });
  figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${figure.outerHTML}\n`;
}
