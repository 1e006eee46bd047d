import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { expect } from "vitest";
import { type PackedProject, root } from "./packed-project";

const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Whether no Chromium was found. */
export const noBrowser = executablePath === undefined;

/** The name of a group of tests that need one, with the reason where they are skipped. */
export const onPage = noBrowser
  ? "on a page (skipped because no Chromium was found; set CHROMIUM_PATH to one)"
  : "on a page";

/** What these tests ask of playwright-core, which is a dependency of the site. */
interface Chromium {
  launch(options: { executablePath: string; args: string[] }): Promise<{
    newPage(): Promise<{
      on(event: "console", listener: (message: { text(): string }) => void): void;
      on(event: "pageerror", listener: (error: Error) => void): void;
      on(event: "request", listener: (request: { url(): string }) => void): void;
      goto(address: string): Promise<unknown>;
      waitForFunction(expression: string): Promise<unknown>;
      close(): Promise<void>;
    }>;
    close(): Promise<void>;
  }>;
}

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".json": "application/json" };

/** Chromium, and a server of the bundled pages of a project. */
export class PageBrowser {
  private constructor(
    private readonly browser: Awaited<ReturnType<Chromium["launch"]>>,
    private readonly server: Server,
    private readonly origin: string,
  ) {}

  static async open({ folder }: PackedProject): Promise<PageBrowser> {
    const { chromium } = createRequire(join(root, "apps/docs/package.json"))("playwright-core") as {
      chromium: Chromium;
    };
    const server = createServer((request, response) => {
      const [, page, ...rest] = new URL(request.url!, "http://localhost").pathname.split("/");
      const file = join(folder, page, "dist", ...(rest.join("/") === "" ? ["index.html"] : rest));
      if (!existsSync(file)) response.writeHead(404).end();
      else {
        const type = types[extname(file)] ?? "text/html";
        response.writeHead(200, { "content-type": type }).end(readFileSync(file));
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
    return new PageBrowser(browser, server, origin);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  /**
   * What the page `/NAME/` prints until it has finished; an error on it, or anything loaded beside its own scripts
   * and the files named, fails the test.
   */
  async printed(name: string, files: readonly string[] = []): Promise<string[]> {
    const page = await this.browser.newPage();
    const lines: string[] = [];
    const errors: string[] = [];
    const loaded: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) loaded.push(new URL(request.url()).pathname);
    });
    const failed = new Promise<void>((resolve) => {
      page.on("pageerror", (error) => {
        errors.push(error.message);
        resolve();
      });
    });
    await page.goto(`${this.origin}/${name}/`);
    // A page that threw never finishes.
    await Promise.race([page.waitForFunction("globalThis.finished === true"), failed]);
    expect(errors).toEqual([]);
    const own = (path: string) => /\/(assets\/[^/]*\.js)?$/.test(path);
    expect(loaded.filter((path) => !own(path) && !files.some((file) => path.endsWith(`/${file}`)))).toEqual(
      [],
    );
    await page.close();
    return lines;
  }
}
