/**
 * The sparse Cholesky as the author of a web page meets it: three tarballs installed in an empty project, the
 * example of the README bundled by vite, the bundle weighed, and run on a page in Chromium.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const work = mkdtempSync(join(tmpdir(), "lmmkit-cholesky-"));
const project = join(work, "project");

const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);
const missing = "skipped because no Chromium was found; set CHROMIUM_PATH to one";

/** What this test asks of playwright-core, which is a dependency of the site. */
interface Chromium {
  launch(options: { executablePath: string; args: string[] }): Promise<{
    newPage(): Promise<{
      on(event: "console", listener: (message: { text(): string }) => void): void;
      on(event: "pageerror", listener: (error: Error) => void): void;
      on(event: "request", listener: (request: { url(): string }) => void): void;
      goto(address: string): Promise<unknown>;
      waitForFunction(expression: string): Promise<unknown>;
    }>;
    close(): Promise<void>;
  }>;
}

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
  const readme = readFileSync(join(project, "node_modules/@lmmkit/cholmod-ts/README.md"), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];
  const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  return { code, promised };
}

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const tool = (name: string) => join(root, "node_modules/.bin", name);

/** A page named `name` that runs `code`, bundled; returns the scripts of the bundle. */
function bundle(name: string, code: string): Buffer[] {
  const folder = join(project, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "main.js"), `${code}\nglobalThis.finished = true;\n`);
  const script = `<script type="module" src="./main.js"></script>`;
  writeFileSync(join(folder, "index.html"), `<!doctype html><title>${name}</title>${script}`);
  run(tool("vite"), ["build", "--base", "./", "--logLevel", "error"], folder);
  const assets = join(folder, "dist", "assets");
  return readdirSync(assets).map((file) => readFileSync(join(assets, file)));
}

let scripts: Buffer[];

beforeAll(() => {
  mkdirSync(project);
  const dependencies: Record<string, string> = {};
  for (const name of ["sparse", "dense", "cholmod-ts"]) {
    const folder = join(root, "packages", name);
    if (!existsSync(join(folder, "dist")))
      throw new Error(`no build of ${name}; run npx turbo run build first`);
    const destination = join(work, name);
    mkdirSync(destination);
    run(tool("pnpm"), ["pack", "--pack-destination", destination], folder);
    dependencies[`@lmmkit/${name}`] = `file:${join(destination, readdirSync(destination)[0])}`;
  }
  const manifest = { name: "page", private: true, type: "module", dependencies };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], project);
  scripts = bundle("example", readmeExample().code);
  bundle("larger", larger);
}, 300_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

test("the README's example prints in Node what its comments say", () => {
  const { promised } = readmeExample();
  expect(promised.length).toBeGreaterThan(3);
  expect(run("node", ["example/main.js"], project).trimEnd().split("\n")).toEqual(promised);
});

test("its bundle weighs at most 60 kB, minified and compressed, kernels included", () => {
  const kilobytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0) / 1000;
  expect(kilobytes).toBeLessThan(60);
  // An empty bundle would be light as well: the kernels are a WebAssembly module in base 64.
  expect(Buffer.concat(scripts).toString()).toContain("AGFzbQ");
});

describe.skipIf(executablePath === undefined)(
  executablePath === undefined ? `on a page (${missing})` : "on a page",
  () => {
    const { chromium } = createRequire(join(root, "apps/docs/package.json"))("playwright-core") as {
      chromium: Chromium;
    };
    let browser: Awaited<ReturnType<Chromium["launch"]>>;
    let server: Server;
    let origin: string;

    beforeAll(async () => {
      server = createServer((request, response) => {
        const path = new URL(request.url!, "http://localhost").pathname;
        const [, page, ...rest] = path.split("/");
        const file = join(project, page, "dist", ...(rest.join("/") === "" ? ["index.html"] : rest));
        if (!existsSync(file)) response.writeHead(404).end();
        else {
          const type = extname(file) === ".js" ? "text/javascript" : "text/html";
          response.writeHead(200, { "content-type": type }).end(readFileSync(file));
        }
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
    });

    afterAll(async () => {
      await browser?.close();
      server?.closeAllConnections();
      server?.close();
    });

    /** What the page prints; an error on it, or anything loaded beside its own script, fails the test. */
    async function printed(name: string): Promise<string[]> {
      const page = await browser.newPage();
      const lines: string[] = [];
      const errors: string[] = [];
      const loaded: string[] = [];
      page.on("console", (message) => {
        // Browsers ask for an icon that the page does not have.
        if (!message.text().includes("404")) lines.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
      await page.goto(`${origin}/${name}/`);
      await page.waitForFunction("globalThis.finished === true");
      expect(errors).toEqual([]);
      expect(loaded.filter((path) => !/\/(assets\/[^/]*\.js|favicon\.ico)?$/.test(path))).toEqual([]);
      return lines;
    }

    test("the README's example prints what its comments say", async () => {
      expect(await printed("example")).toEqual(readmeExample().promised);
    });

    test("a factor of 1,728 unknowns has the bits that it has in Node", async () => {
      const inNode = run("node", ["larger/main.js"], project).trimEnd().split("\n");
      expect(inNode[0]).toMatch(/^ok supernodal /);
      expect(await printed("larger")).toEqual(inNode);
    });
  },
);
