// Writes api/generated/<package>.md, the list of exports of each package, from the docstrings.
// The pages in api/ include these files below their hand-written part. Run: node scripts/build-api.mjs
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";
import { load as markdownOutput } from "typedoc-plugin-markdown";

const docs = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(docs, "api", "generated");
const raw = join(docs, ".vitepress", "cache", "typedoc");

const all = ["sparse", "dense", "cholmod-ts", "optim", "formula", "lmm", "datasets"];
const entryOf = (name) => join(docs, "..", "..", "packages", name, "src", "index.ts");

const app = await Application.bootstrapWithPlugins({
  plugin: [markdownOutput],
  entryPoints: all.map(entryOf).filter(existsSync),
  tsconfig: join(docs, "tsconfig.api.json"),
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  readme: "none",
  sort: ["alphabetical"],
  groupOrder: ["Functions", "Classes", "Interfaces", "Type Aliases", "Variables", "*"],
  outputFileStrategy: "modules",
  hidePageHeader: true,
  hidePageTitle: true,
  hideBreadcrumbs: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  useCodeBlocks: true,
  sanitizeComments: true,
  expandParameters: true,
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
  useCustomAnchors: true,
  customAnchorsFormat: "curlyBrace",
  anchorPrefix: "api-",
  logLevel: "Error",
});

const project = await app.convert();
if (project === undefined) throw new Error("unreadable sources: typedoc found nothing to describe");
rmSync(raw, { recursive: true, force: true });
app.options.setValue("out", raw);
await app.generateOutputs(project);

/** Turns one module's page into the part that a package's page includes. */
function tidy(text) {
  return (
    text
      // Pages of other packages sit beside the including page.
      .replace(
        /\]\((?:\.\.\/)+([a-z-]+)\/src\.md(#[^)]*)?\)/g,
        (_, name, anchor) => `](./${name}.md${anchor ?? ""})`,
      )
      // The signature says the types already: keep a table of parameters only where it describes them.
      .replace(/^#{4,6} Parameters.*\n\n(\|.*\n)(\|.*\n)+\n?/gm, (table, header) =>
        header.includes("Description") ? table : "",
      )
      .replace(/^#{4,6} Returns.*\n\n\S.*\n\n(?=#|\*\*\*|$)/gm, "")
      // What every class inherits from Error is known.
      .replace(
        /^#{4,6} (?:Extends|Overrides|Inherited from|Implements|Implementation of|Extended by)\b.*\n\n(?:[-`].*\n)+\n?/gm,
        "",
      )
      .replace(/^(#{4,6}) (?:Constructor|Properties|Type Declaration)\b.*\n\n/gm, "")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
  );
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of all) {
  const page = join(raw, name, "src.md");
  const text = existsSync(page) ? tidy(readFileSync(page, "utf8")) : "";
  writeFileSync(join(out, `${name}.md`), `${text}\n`);
}
