// Builds the site: the API lists from the docstrings, then the pages. Run: node scripts/build.mjs
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";
import "./build-api.mjs";

await build(join(dirname(fileURLToPath(import.meta.url)), ".."));
