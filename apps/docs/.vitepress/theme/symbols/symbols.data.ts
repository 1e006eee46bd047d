import { renderToString } from "katex";
import { symbols } from "./symbols";

const macros = { "\\RZX": "R_{ZX}", "\\RX": "R_X" };
const html = (tex: string) => (tex === "" ? "" : renderToString(tex, { macros, throwOnError: true }));

/** The symbol table with its formulas rendered while the site is built. */
export default {
  load() {
    return symbols.map((s) => ({ ...s, html: html(s.tex), size: html(s.size) }));
  },
};

export declare const data: readonly {
  tex: string;
  code: string[];
  meaning: string;
  html: string;
  size: string;
}[];
