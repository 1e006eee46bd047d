/**
 * The sparse Cholesky as the author of a web page meets it: three tarballs installed in an empty project, the
 * example of the README bundled by vite, the bundle weighed, and run on a page in Chromium.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PackedProject } from "./packed-project";
import { noBrowser, onPage, PageBrowser } from "./page-browser";

/** A grid whose supernodes are large enough for the WebAssembly kernels; prints numbers in full. */
const larger = `import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { fromTriplets } from "@lmmkit/sparse";
const side = 12, n = side ** 3, rows = [], cols = [], values = [];
const push = (i, j, x) => { rows.push(i); cols.push(j); values.push(x); };
for (let k = 0; k < n; k++) {
  push(k, k, 6.01 + (k % 7) / 8);
  if (k % side < side - 1) push(k + 1, k, -1);
  if (k % side ** 2 < side * (side - 1)) push(k + side, k, -1);
  if (k < n - side ** 2) push(k + side ** 2, k, -1);
}
const A = fromTriplets(n, n, rows, cols, values);
const factor = factorize(A, analyze(A, { uplo: "lower" }));
console.log(factor.status, factor.symbolic.kind, factor.nnz);
const x = factor.solve(Float64Array.from({ length: n }, (_, k) => Math.sqrt(k)));
// Every bit of the solution counts: integers of 32 bits, mixed without rounding.
let mixed = 0;
for (const word of new Uint32Array(x.buffer, x.byteOffset, 2 * n)) mixed = (Math.imul(mixed, 31) + word) >>> 0;
console.log(x[0], x[n - 1], mixed);
`;

/** The first example of the README that was installed, and the lines that its comments promise. */
function readmeExample(): { code: string; promised: string[] } {
  const readme = readFileSync(join(project.folder, "node_modules/@lmmkit/cholmod-ts/README.md"), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];
  const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  return { code, promised };
}

let project: PackedProject;
let scripts: Buffer[];

beforeAll(() => {
  project = new PackedProject(["sparse", "dense", "cholmod-ts"]);
  project.write({ "example/main.js": readmeExample().code, "larger/main.js": larger });
  scripts = project.bundle("example");
  project.bundle("larger");
}, 300_000);

afterAll(() => project?.remove());

test("the README's example prints in Node what its comments say", () => {
  const { promised } = readmeExample();
  expect(promised.length).toBeGreaterThan(3);
  expect(project.node("example/main.js")).toEqual(promised);
});

test("its bundle weighs at most 60 kB, minified and compressed, kernels included", () => {
  const kilobytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0) / 1000;
  expect(kilobytes).toBeLessThan(60);
  // An empty bundle would be light as well: the kernels are a WebAssembly module in base 64.
  expect(Buffer.concat(scripts).toString()).toContain("AGFzbQ");
});

describe.skipIf(noBrowser)(onPage, () => {
  let browser: PageBrowser;

  beforeAll(async () => {
    browser = await PageBrowser.open(project);
  });

  afterAll(() => browser?.close());

  test("the README's example prints what its comments say", async () => {
    expect(await browser.printed("example")).toEqual(readmeExample().promised);
  });

  test("a factor of 1,728 unknowns has the bits that it has in Node", async () => {
    const inNode = project.node("larger/main.js");
    expect(inNode[0]).toMatch(/^ok supernodal /);
    expect(await browser.printed("larger")).toEqual(inNode);
  });
});
