/**
 * The fitted model as the author of a web page meets it: the tarballs installed in an empty project, pages bundled
 * by vite, their answers in Chromium compared with those of Node to the last bit, and what `lmm` alone weighs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PackedProject } from "./packed-project";
import { noBrowser, onPage, PageBrowser } from "./page-browser";

/** Fits in Node and saves: the file that pages load. */
const save = `import { writeFileSync } from "node:fs";
import { loadDataset } from "@lmmkit/datasets";
import { lmm, saveModel } from "@lmmkit/lmm";
const { table } = await loadDataset("cake");
const model = lmm("angle ~ recipe * temp + (1 | recipe:replicate)", table);
const text = JSON.stringify(saveModel(model));
for (const page of ["answers", "bootstrap"]) writeFileSync(\`\${page}/public/fit.json\`, text);
`;

/** What is asked of a saved fit; one line of JSON for each answer. */
const questions = `import { confint, emmeans, loadModel, predict } from "@lmmkit/lmm";
export function answers(saved) {
  const model = loadModel(saved);
  const rows = { recipe: ["A", "C"], temp: [180, 230], replicate: ["1", "99"] };
  return [
    confint(model),
    confint(model, { method: "wald" }),
    emmeans(model, ["recipe"], { ddf: "kenward-roger" }),
    predict(model, rows, { newLevels: "zero", interval: "new-observation" }),
    predict(model),
  ].map((answer) => JSON.stringify(answer));
}
`;

const files = {
  "save.mjs": save,
  "answers/public/fit.json": "",
  "answers/questions.js": questions,
  "answers/main.js": `import { answers } from "./questions.js";
for (const line of answers(await (await fetch("./fit.json")).json())) console.log(line);
`,
  "answers/node.js": `import { readFileSync } from "node:fs";
import { answers } from "./questions.js";
for (const line of answers(JSON.parse(readFileSync("answers/public/fit.json", "utf8")))) console.log(line);
`,
  "bootstrap/public/fit.json": "",
  "bootstrap/worker.js": `import "@lmmkit/lmm/worker";\n`,
  "bootstrap/main.js": `import { bootstrapIn, loadModel, webWorkerPort, workerPool } from "@lmmkit/lmm";
let started = 0;
const pool = workerPool(() => {
  started++;
  return webWorkerPort(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
}, 2);
const model = loadModel(await (await fetch("./fit.json")).json());
console.log(JSON.stringify(await bootstrapIn(pool, model, { nsim: 40, seed: 7, chunk: 5 })));
console.log("workers", started);
pool.close();
`,
  "bootstrap/node.js": `import { readFileSync } from "node:fs";
import { bootstrap, loadModel } from "@lmmkit/lmm";
const model = loadModel(JSON.parse(readFileSync("bootstrap/public/fit.json", "utf8")));
console.log(JSON.stringify(bootstrap(model, { nsim: 40, seed: 7 })));
`,
  "fitting/main.js": `import { lmm } from "@lmmkit/lmm";\nglobalThis.fit = lmm;\n`,
  "object/main.js": `import { asObject, lmm } from "@lmmkit/lmm";\nglobalThis.fit = (f, t) => asObject(lmm(f, t));\n`,
};

let project: PackedProject;
/** Bundles as text. */
let fitting: Buffer;
let object: Buffer;

beforeAll(() => {
  project = new PackedProject(["sparse", "dense", "cholmod-ts", "optim", "formula", "lmm", "datasets"]);
  project.write(files);
  project.node("save.mjs");
  fitting = Buffer.concat(project.bundle("fitting"));
  object = Buffer.concat(project.bundle("object"));
  project.bundle("answers");
  project.bundle("bootstrap");
}, 300_000);

afterAll(() => project?.remove());

/** An answer without the limits of its intervals, and these limits. */
function parted(line: string): { rest: string; limits: number[] } {
  const limits: number[] = [];
  const rest = JSON.stringify(JSON.parse(line), (key, value) => {
    if ((key !== "lower" && key !== "upper") || value === null) return value;
    limits.push(...(typeof value === "number" ? [value] : (Object.values(value) as number[])));
    return undefined;
  });
  return { rest, limits };
}

const kilobytes = (script: Buffer) => Math.round(script.length / 1000);

describe("a bundle of lmm alone", () => {
  // A minifier renames functions, but not methods: these are found only where the class is.
  const methods = ["interactionContrast", "homoscedasticity", "simulationResiduals", "fixedCondition"];
  const defined = (script: Buffer) => methods.filter((name) => script.toString().includes(`${name}(...`));

  test("has nothing of the fit as an object, nor of what only its methods need", () => {
    expect(defined(object)).toEqual(methods);
    expect(defined(fitting)).toEqual([]);
    // Words of the messages of emmeans, the profile and the bootstrap.
    const words = ["kenward-roger", "semiparametric"];
    expect(words.filter((word) => object.toString().includes(word))).toEqual(words);
    expect(words.filter((word) => fitting.toString().includes(word))).toEqual([]);
  });

  test("weighs what the README says, minified and compressed", () => {
    const readme = readFileSync(join(project.folder, "node_modules/@lmmkit/lmm/README.md"), "utf8");
    const said = /`import { lmm }` bundles to (\d+) kB minified, (\d+) kB with gzip/.exec(readme);
    const sizes = [kilobytes(fitting), kilobytes(gzipSync(fitting))];
    console.info(`lmm: ${sizes.join(" kB, gzip ")} kB`);
    console.info(`with asObject: ${kilobytes(object)} kB, gzip ${kilobytes(gzipSync(object))} kB`);
    // A tenth: what a feature may weigh before the README has to say so.
    sizes.forEach((size, i) => {
      expect(Math.abs(size / Number(said?.[i + 1]) - 1)).toBeLessThan(0.1);
    });
  });
});

describe.skipIf(noBrowser)(onPage, () => {
  let browser: PageBrowser;

  beforeAll(async () => {
    browser = await PageBrowser.open(project);
  });

  afterAll(() => browser?.close());

  test("a fit saved by Node gives the intervals, means and predictions that it gives in Node", async () => {
    const inNode = project.node("answers/node.js").map(parted);
    expect(inNode.map(({ limits }) => limits.length)).toEqual([16, 16, 6, 4, 0]);
    expect(inNode.flatMap(({ limits }) => limits).every(Number.isFinite)).toBe(true);
    const onPage = (await browser.printed("answers", ["fit.json"])).map(parted);
    // All but the limits, to the last bit.
    expect(onPage.map(({ rest }) => rest)).toEqual(inNode.map(({ rest }) => rest));
    // Limits go by the engine's own exp and log, which differ by a unit in the last place (docs/decisions/0008);
    // 1e-12 leaves the profile and the quantiles some thousand such units.
    inNode.forEach(({ limits }, i) => {
      limits.forEach((limit, k) => {
        expect(Math.abs(onPage[i].limits[k] / limit - 1)).toBeLessThan(1e-12);
      });
    });
  });

  test("a bootstrap shared out to two workers has the bits of Node's in one thread", async () => {
    const [inNode] = project.node("bootstrap/node.js");
    const { replicates, failures } = JSON.parse(inNode);
    expect(failures).toEqual([]);
    expect(new Set(Object.values(replicates[0])).size).toBe(40);
    expect(await browser.printed("bootstrap", ["fit.json"])).toEqual([inNode, "workers 2"]);
  });
});
