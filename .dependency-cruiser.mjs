// Who may import whom (drawn in ARCHITECTURE.md). Each line: a room, and the rooms it may look into.
const allowed = {
  sparse: [],
  dense: [],
  optim: [],
  formula: [],
  datasets: [],
  "cholmod-ts": ["sparse", "dense"],
  lmm: ["sparse", "dense", "cholmod-ts", "optim", "formula"],
};

const isTest = "\\.(test|bench|test-support)\\.ts$";

const layering = Object.entries(allowed).map(([name, below]) => ({
  name: `${name}-looks-only-down`,
  comment: `packages/${name} may import ${below.length > 0 ? below.join(", ") : "no other package"}`,
  severity: "error",
  from: { path: `^packages/${name}/src/`, pathNot: isTest },
  to: { path: `^(packages|apps|tests)/`, pathNot: `^packages/(${[name, ...below].join("|")})/` },
}));

export default {
  forbidden: [
    ...layering,
    {
      name: "packages-are-browser-safe",
      comment: "nothing under packages/ may import a module of Node",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: isTest },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "packages-stay-light",
      comment: "lmm and the layers below have no dependency from outside",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: isTest },
      to: { path: "node_modules" },
    },
    {
      name: "packages-through-the-front-door",
      comment: "another package is imported by its name, never by a path into its folder",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/" },
      to: { path: "^(packages|apps)/([^/]+)/", pathNot: "^$1/$2/", dependencyTypes: ["local"] },
    },
    {
      name: "no-circles",
      comment: "modules that import each other cannot be read one at a time",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: { path: "(/dist/|/\\.tsbuild/|/\\.vitepress/(cache|dist)/|/generated/|tests/packed/consumers)" },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["@lmmkit/source", "import", "types", "node", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".mts", ".mjs", ".js", ".json", ".vue"],
    },
  },
};
