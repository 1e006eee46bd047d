import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadDataset } from "@lmmkit/datasets";
import { confint, formatConfint, formatSummary, lmm } from "@lmmkit/lmm";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtSite } from "./built-site";
import { type StaticServer, serveFolder } from "./static-server";

const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);
const missing = "skipped because no Chromium was found; set CHROMIUM_PATH to one";

let dist: string;
beforeAll(() => {
  dist = builtSite();
}, 400_000);

/** `expect`, again and again until it holds: a busy machine may take its time. */
function eventually<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 30_000 });
}

describe("the built site", () => {
  const htmlFiles = () =>
    readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".html"));

  test("has no formula that KaTeX could not read", () => {
    const broken = htmlFiles().filter((path) =>
      readFileSync(join(dist, path), "utf8").includes("katex-error"),
    );
    expect(broken).toEqual([]);
  });

  test("loads nothing from elsewhere", () => {
    // Links (`<a href>`) may lead anywhere; what a page loads by itself may not.
    const loads = /<(?:script|link|img|source|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?\/\/[^"]*"/g;
    const offending = htmlFiles().flatMap(
      (path) => readFileSync(join(dist, path), "utf8").match(loads) ?? [],
    );
    expect(offending).toEqual([]);
  });

  test("names every package's exports on its page", () => {
    const exported: Readonly<Record<string, string>> = {
      sparse: "fromTriplets",
      "cholmod-ts": "factorize",
      optim: "bobyqa",
      formula: "parseFormula",
      lmm: "profiledDeviance",
      datasets: "loadDataset",
    };
    for (const [name, symbol] of Object.entries(exported)) {
      const html = readFileSync(join(dist, "api", `${name}.html`), "utf8");
      expect(html, name).toContain(`<h3 id="api-${symbol.toLowerCase()}"`);
    }
  });
});

describe.skipIf(executablePath === undefined)(`the live page (${executablePath ?? missing})`, () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await serveFolder(dist);
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.origin) && !/^(data|blob):/.test(url)) problems.push(`loaded ${url}`);
    });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const formula = () => page.getByLabel("Formula");
  const fit = () => page.getByRole("button", { name: "Fit", exact: true }).click();
  const summary = () => page.getByLabel("Summary of the fit").locator("pre.summary");
  const status = () => page.getByRole("status");

  /** The number after `label` in the summary shown. */
  async function numberAfter(label: RegExp): Promise<number> {
    const text = (await summary().textContent()) ?? "";
    return Number(text.match(label)?.[1]);
  }

  test("fits sleepstudy with lme4's numbers", async () => {
    await page.goto(`${server.origin}/try`);
    await eventually(() => formula().inputValue()).toBe("Reaction ~ Days + (Days | Subject)");
    await fit();
    await summary().waitFor();

    // lmer(Reaction ~ Days + (Days | Subject), sleepstudy) in lme4 1.1-31, R 4.2.2, prints 1743.6 (1743.628272),
    // 25.592, 24.741, 251.405 and 10.467. Tolerances are half a unit of the last digit printed; lme4's 24.741 is
    // allowed 2e-4 relative, because its default optimizer stops that far from the minimum.
    expect(await numberAfter(/REML criterion at convergence: (\S+)/)).toBeCloseTo(1743.6283, 1);
    expect(await numberAfter(/Residual +\S+ +(\S+)/)).toBeCloseTo(25.592, 3);
    expect(await numberAfter(/Subject +\(Intercept\) +\S+ +(\S+)/)).toBeCloseTo(24.741, 2);
    expect(await numberAfter(/\n\(Intercept\) +(\S+)/)).toBeCloseTo(251.405, 3);
    expect(await numberAfter(/\nDays +(\S+)/)).toBeCloseTo(10.467, 3);
    expect(await status().textContent()).toMatch(/^Fitted in .*, \d+ evaluations?\.$/);
  });

  test("shows the confidence intervals of the fit when they are asked for", async () => {
    const { table } = await loadDataset("sleepstudy");
    const model = lmm("Reaction ~ Days + (Days | Subject)", table);
    await page.getByText("Confidence intervals").click();
    const shown = page.locator("details.intervals pre");
    await eventually(() => shown.textContent()).toBe(formatConfint(confint(model)));
    expect(await shown.textContent()).toContain("2.5 %");
    // The next fit closes them; they are its own when opened again.
    await formula().fill("Reaction ~ Days + (1 | Subject)");
    await fit();
    await eventually(() => summary().textContent()).toContain("(1 | Subject)");
    expect(await shown.isVisible()).toBe(false);
    await page.getByText("Confidence intervals").click();
    const smaller = lmm("Reaction ~ Days + (1 | Subject)", table);
    await eventually(() => shown.textContent()).toBe(formatConfint(confint(smaller)));
  });

  test("puts the model into the address, and a visitor who follows it sees the same fit", async () => {
    await formula().fill("Reaction ~ Days + (1 | Subject)");
    await page.getByLabel("ML", { exact: true }).check();
    await fit();
    await eventually(() => summary().textContent()).toContain("Reaction ~ Days + (1 | Subject)");
    const address = page.url();
    expect(new URL(address).searchParams.get("formula")).toBe("Reaction ~ Days + (1 | Subject)");

    await page.goto(address);
    await summary().waitFor();
    expect(await summary().textContent()).toContain("Reaction ~ Days + (1 | Subject)");
    expect(await page.getByLabel("ML", { exact: true }).isChecked()).toBe(true);
  });

  test("underlines the mistake in a formula, and selects it", async () => {
    await page.goto(`${server.origin}/try`);
    await formula().fill("Reaction ~ Dayz + (Days | Subject)");
    await fit();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    const lines = ((await alert.textContent()) ?? "").split("\n");
    const shown = lines.findIndex((line) => line.includes("Dayz + (Days | Subject)"));
    expect(lines[shown + 1].trim()).toBe("^^^^");
    expect(lines[shown + 1].indexOf("^")).toBe(lines[shown].indexOf("Dayz"));
    expect(lines.join("\n")).toContain("Days");

    await eventually(() => formula().getAttribute("aria-invalid")).toBe("true");
    const selected = await formula().evaluate((box: HTMLTextAreaElement) =>
      box.value.slice(box.selectionStart, box.selectionEnd),
    );
    expect(selected).toBe("Dayz");
    expect(await summary().count()).toBe(0);
  });

  test("says what is wrong with a model that cannot be fitted", async () => {
    await formula().fill("Reaction ~ Days");
    await fit();
    await eventually(() => page.getByRole("alert").textContent()).toMatch(/random/);
  });

  test.each(["cake", "Arabidopsis", "Dyestuff2", "VerbAgg"])(
    "prints for %s what Node prints",
    async (name) => {
      const dataset = await loadDataset(name);
      await page.goto(`${server.origin}/try?data=${name}&formula=${encodeURIComponent(dataset.example)}`);
      await summary().waitFor();
      expect(await summary().textContent()).toBe(formatSummary(lmm(dataset.example, dataset.table)));
    },
  );

  test("answers to the keyboard alone", async () => {
    await page.goto(`${server.origin}/try`);
    await formula().focus();
    await page.keyboard.press("Enter");
    await summary().waitFor();
  });

  test("a long fit leaves the page responsive and can be cancelled", async () => {
    await page.goto(`${server.origin}/try`);
    await page.getByLabel("Data").selectOption("InstEval");
    await formula().fill("y ~ service + (service | s) + (service | d) + (service | dept)");
    await fit();
    const cancel = page.getByRole("button", { name: "Cancel" });
    await cancel.waitFor();
    // The page answers while the worker computes.
    await page.getByLabel("ML", { exact: true }).check();
    await cancel.click();
    expect(await status().textContent()).toBe("Cancelled.");

    // And the next fit gets a worker of its own.
    await page.getByLabel("Data").selectOption("Dyestuff");
    await fit();
    await eventually(() => summary().textContent()).toContain("Batch");
  });

  test("a formula in a link is parsed, never run", async () => {
    const evil = 'y ~ x"><img src=x onerror="window.hacked=1"> + (1 | g)';
    await page.goto(`${server.origin}/try?data=sleepstudy&formula=${encodeURIComponent(evil)}`);
    await page.getByRole("alert").waitFor();
    expect(await page.evaluate(() => (window as { hacked?: unknown }).hacked)).toBeUndefined();
    expect(await page.locator("main img").count()).toBe(0);
  });

  test("fits on a phone: nothing is wider than the screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of [
      "/",
      "/try",
      "/theory/likelihood",
      "/api/cholmod-ts",
      "/guide/answers",
      "/guide/for-r-users",
    ]) {
      await page.goto(`${server.origin}${path}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider, path).toBeLessThanOrEqual(0);
    }
  });

  test.each(["light", "dark"] as const)(
    "has no accessibility fault that axe finds, %s",
    async (colorScheme) => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme });
      const addresses = [
        "/",
        "/theory/sparse-cholesky",
        "/guide/answers",
        "/guide/for-r-users",
        "/try?data=Dyestuff&formula=Yield+~+1+%2B+(1+|+Batch)",
        "/try?data=Dyestuff&formula=Yield+~+1+%2B+(1+|+Butch)",
      ];
      for (const address of addresses) {
        await page.goto(`${server.origin}${address}`, { waitUntil: "networkidle" });
        if (address.includes("Batch")) await summary().waitFor();
        if (address.includes("Butch")) await page.getByRole("alert").waitFor();
        await page.evaluate(axe.source);
        const faults = await page.evaluate(async () => {
          const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
            // The theme's own: its search button, and boxes that the browser itself makes focusable.
            rules: {
              "label-content-name-mismatch": { enabled: false },
              "scrollable-region-focusable": { enabled: false },
            },
          });
          return violations.map(
            (v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
          );
        });
        expect(faults, address).toEqual([]);
      }
    },
  );

  test("none of this printed an error or loaded anything from elsewhere", () => {
    expect(problems).toEqual([]);
  });
});
