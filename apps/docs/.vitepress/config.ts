import { katex } from "@mdit/plugin-katex";
import { defineConfig } from "vitepress";

// The workspace packages resolve to their TypeScript sources, so the site needs no prior build.
const sourceConditions = ["@lmmkit/source"];

/** The packages with an API page, lowest layer first. */
const apiPages = ["sparse", "dense", "cholmod-ts", "optim", "formula", "lmm", "datasets"];

export default defineConfig({
  title: "lmmkit",
  description: "Linear mixed models in TypeScript: lme4's fits in Node and in the browser",
  base: process.env.DOCS_BASE ?? "/",
  lang: "en",
  cleanUrls: false,
  srcExclude: ["README.md", "api/generated/**"],
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${process.env.DOCS_BASE ?? "/"}mark.svg` }],
    ["meta", { name: "theme-color", content: "#1f6f78" }],
  ],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (md) => {
      // The plugin's types come from another release of markdown-it than VitePress's.
      katex(md as unknown as Parameters<typeof katex>[0], {
        macros: { "\\T": "^{\\mathsf T}", "\\RZX": "R_{ZX}", "\\RX": "R_X" },
        // KaTeX leaves the TeX source in its output; v-pre keeps Vue from reading its braces.
        transformer: (html: string) => html.replace(/^<(span|p)\b/, "<$1 v-pre"),
      });
    },
  },
  vite: {
    resolve: { conditions: sourceConditions },
    ssr: { resolve: { conditions: sourceConditions }, noExternal: [/^@lmmkit\//] },
    worker: { format: "es" },
    build: { chunkSizeWarningLimit: 1500 },
  },
  themeConfig: {
    logo: "/mark.svg",
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Guide", link: "/guide/getting-started", activeMatch: "^/guide/" },
      { text: "Theory", link: "/theory/", activeMatch: "^/theory/" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
      { text: "Try it", link: "/try" },
    ],
    sidebar: [
      {
        text: "Guide",
        items: [
          { text: "Getting started", link: "/guide/getting-started" },
          { text: "For R users", link: "/guide/for-r-users" },
          { text: "From a fit to an answer", link: "/guide/answers" },
          { text: "Command line", link: "/guide/command-line" },
          { text: "How the optimizers compare", link: "/guide/optimizers" },
          { text: "Fit in the browser", link: "/try" },
        ],
      },
      {
        text: "Theory",
        items: [
          { text: "In one page", link: "/theory/" },
          { text: "The model", link: "/theory/model" },
          { text: "Penalized least squares", link: "/theory/penalized-least-squares" },
          { text: "The sparse Cholesky factor", link: "/theory/sparse-cholesky" },
          { text: "The likelihood", link: "/theory/likelihood" },
          { text: "REML", link: "/theory/reml" },
          { text: "The optimizer", link: "/theory/optimizer" },
          { text: "Symbols", link: "/theory/symbols" },
        ],
      },
      {
        text: "API",
        items: [
          { text: "The packages", link: "/api/" },
          ...apiPages.map((name) => ({ text: `@lmmkit/${name}`, link: `/api/${name}` })),
        ],
      },
    ],
    footer: {
      message: "MIT licence. Nothing on this site is fetched from anywhere else.",
    },
  },
});
