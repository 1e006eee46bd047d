import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { DesignCoverage } from "./measure";

/** What is shown of one design. */
type Shown = Pick<DesignCoverage, "sets" | "coverage">;

/** Shares below are drawn on the edge. */
const LOWEST = 80;

/**
 * Coverage of every kind of interval: a panel for each parameter, a line for each kind, a dot at the percentage of data
 * sets whose interval held the truth, and a band where 19 of 20 simulations of a true 95 % end. SVG text.
 */
export function coverageFigure({ sets, coverage }: Shown): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const dots = coverage.map(({ parameter, method, sets: own, covered }) => ({
    parameter,
    method,
    percent: Math.max(LOWEST, (100 * covered) / own),
  }));
  const methods = [...new Set(dots.map(({ method }) => method))];
  const parameters = [...new Set(dots.map(({ parameter }) => parameter))];
  const reach = 196 * Math.sqrt((0.95 * 0.05) / sets);
  const figure = Plot.plot({
    document: document as never,
    width: 160 + 150 * parameters.length,
    height: 90 + 20 * methods.length,
    marginLeft: 160,
    style: { background: "white", fontSize: "11px" },
    x: { domain: [LOWEST, 100], label: "% of data sets →", ticks: [85, 90, 95], grid: true },
    y: { domain: methods, label: null },
    fx: { domain: parameters, label: null, padding: 0.12 },
    marks: [
      Plot.frame({ stroke: "#ddd" }),
      Plot.rect([0], { x1: 95 - reach, x2: 95 + reach, fill: "#1f6f78", fillOpacity: 0.15 }),
      Plot.ruleX([95], { stroke: "#1f6f78" }),
      Plot.dot(dots, { x: "percent", y: "method", fx: "parameter", r: 3.5, fill: "#222" }),
    ],
  });
  figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${figure.outerHTML}\n`;
}
