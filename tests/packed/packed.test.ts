/**
 * What users install, used as they would: every package is packed, the tarballs are
 * inspected (publint, attw) and installed in folders outside the workspace, three ways in:
 * the sparse Cholesky alone, the whole of lmm, the command.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const packages = ["sparse", "dense", "cholmod-ts", "optim", "formula", "lmm", "datasets"];
const folders: Record<string, string> = {
  ...Object.fromEntries(packages.map((name) => [name, join(root, "packages", name)])),
  cli: join(root, "apps", "cli"),
};

const work = mkdtempSync(join(tmpdir(), "lmmkit-packed-"));
const tarballs: Record<string, string> = {};

/** Runs a command without a shell and returns what it printed; a failure shows everything it said. */
function sh(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed\n${stdout ?? ""}${stderr ?? ""}`);
  }
}

/** An empty project outside the workspace with the given tarballs and what they depend on. */
function consumer(name: string, wanted: string[]): string {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(wanted.map((p) => [`@lmmkit/${p}`, `file:${tarballs[p]}`]));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, private: true, type: "module", dependencies }),
  );
  sh("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  return folder;
}

beforeAll(() => {
  for (const [name, folder] of Object.entries(folders)) {
    if (!existsSync(join(folder, "dist")))
      throw new Error(`no build of ${name}; run npx turbo run build first`);
    const destination = join(work, "tarballs", name);
    mkdirSync(destination, { recursive: true });
    sh(join(root, "node_modules/.bin/pnpm"), ["pack", "--pack-destination", destination], folder);
    tarballs[name] = join(destination, readdirSync(destination)[0]!);
  }
}, 300_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("each tarball", () => {
  test.each(Object.keys(folders))("%s passes publint", (name) => {
    const report = sh(join(root, "node_modules/.bin/publint"), ["run", tarballs[name]!, "--strict"], root);
    expect(report).toMatch(/All good/);
  });

  test.each(packages)("%s has types that resolve (attw)", (name) => {
    const report = sh(
      join(root, "node_modules/.bin/attw"),
      [tarballs[name]!, "--profile", "esm-only", "--no-color", "--format", "json"],
      root,
    );
    expect(JSON.parse(report).analysis.types).toBeTruthy();
  });

  test.each(Object.keys(folders))("%s carries its license and readme and no sources or tests", (name) => {
    const files = sh("tar", ["-tzf", tarballs[name]!], work).trim().split("\n");
    expect(files).toContain("package/LICENSE");
    expect(files).toContain("package/README.md");
    expect(files.filter((file) => /\/src\/|\.test\.|tsconfig/.test(file))).toEqual([]);
  });

  test.each(Object.keys(folders))("%s runs nothing at install and names no other condition", (name) => {
    const manifest = JSON.parse(sh("tar", ["-xzOf", tarballs[name]!, "package/package.json"], work));
    for (const script of ["preinstall", "install", "postinstall"])
      expect(manifest.scripts?.[script]).toBeUndefined();
    expect(JSON.stringify(manifest)).not.toContain("@lmmkit/source");
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:/);
  });
});

describe("the sparse Cholesky alone", () => {
  test("factorizes and solves from its own tarball", () => {
    const folder = consumer("cholesky-only", ["sparse", "dense", "cholmod-ts"]);
    writeFileSync(
      join(folder, "main.ts"),
      `import { fromTriplets } from "@lmmkit/sparse";
import { analyze, factorize } from "@lmmkit/cholmod-ts";
// [4 1 0; 1 3 1; 0 1 2], lower triangle
const A = fromTriplets(3, 3, [0, 1, 1, 2, 2], [0, 0, 1, 1, 2], [4, 1, 3, 1, 2]);
const factor = factorize(A, analyze(A, { ordering: "amd", uplo: "lower" }));
const x: Float64Array = factor.solve(Float64Array.of(5, 5, 3), "A");
console.log(JSON.stringify({ status: factor.status, x: [...x], logDet: factor.logDet() }));
`,
    );
    typeCheckAndCompile(folder);
    const { status, x, logDet } = JSON.parse(sh("node", ["main.js"], folder));
    expect(status).toBe("ok");
    for (const value of x) expect(value).toBeCloseTo(1, 14);
    expect(logDet).toBeCloseTo(Math.log(18), 14);
    expect(readdirSync(join(folder, "node_modules", "@lmmkit")).sort()).toEqual([
      "cholmod-ts",
      "dense",
      "sparse",
    ]);
  });
});

describe("the full lmm", () => {
  test("fits a model from its own tarball", () => {
    const folder = consumer("full-lmm", [
      "sparse",
      "dense",
      "cholmod-ts",
      "optim",
      "formula",
      "lmm",
      "datasets",
    ]);
    writeFileSync(
      join(folder, "main.ts"),
      `import { fixef, lmm, remlCriterion } from "@lmmkit/lmm";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
console.log(JSON.stringify({ criterion: remlCriterion(model), fixed: fixef(model) }));
`,
    );
    typeCheckAndCompile(folder);
    const { criterion } = JSON.parse(sh("node", ["main.js"], folder));
    // R 4.2.2, lme4 1.1-31: REMLcrit(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))
    expect(Math.abs(criterion - 1743.62827195849)).toBeLessThan(1e-6);

    // Threads, a saved fit and its schema, in the same folder.
    writeFileSync(
      join(folder, "main.ts"),
      `import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { bootstrap, bootstrapIn, lmm, loadModel, saveModel } from "@lmmkit/lmm";
import { nodeWorkers } from "@lmmkit/lmm/node";
import schema from "@lmmkit/lmm/saved-model-1.schema.json" with { type: "json" };
const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const again = loadModel(JSON.stringify(saveModel(model)));
const pool = nodeWorkers({ size: 2 });
const shared = await bootstrapIn(pool, again, { nsim: 20, seed: 1 });
pool.close();
const alone = bootstrap(model, { nsim: 20, seed: 1 });
console.log(JSON.stringify({ same: JSON.stringify(shared) === JSON.stringify(alone), $schema: schema.$schema }));
`,
    );
    typeCheckAndCompile(folder);
    expect(JSON.parse(sh("node", ["main.js"], folder))).toEqual({
      same: true,
      $schema: expect.stringContaining("json-schema.org"),
    });
  });
});

describe("the lmm command", () => {
  test("fits a CSV file from its own tarball", () => {
    const folder = consumer("command", ["cli"]);
    expect(existsSync(join(folder, "node_modules", "@lmmkit", "lmm"))).toBe(false);
    const data = join(root, "examples", "sleepstudy.csv");
    const command = join(folder, "node_modules", ".bin", "lmm");
    const out = sh(command, ["fit", "Reaction ~ Days + (Days | Subject)", data, "--json"], folder);
    expect(Math.abs(JSON.parse(out).criterion - 1743.62827195849)).toBeLessThan(1e-6);
  });
});

/** Strict type check against the published declarations, then plain JavaScript beside the source. */
function typeCheckAndCompile(folder: string): void {
  const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "NodeNext",
    moduleResolution: "NodeNext",
    lib: ["ES2023", "DOM"],
    types: [],
    resolveJsonModule: true,
    skipLibCheck: false,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  sh(join(root, "node_modules/.bin/tsc"), ["-p", folder], folder);
}
