import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as dense from "./index";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const samples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

describe("the samples of the README", () => {
  test("there are two", () => {
    expect(samples.length).toBe(2);
  });

  for (const [i, sample] of samples.entries()) {
    test(`sample ${i + 1} logs what its comments say`, () => {
      const body = sample.replace(/import (\{[^}]*\}) from "@lmmkit\/dense";/, "const $1 = dense;");
      const logged: string[] = [];
      const show = (x: unknown) =>
        typeof x === "object"
          ? JSON.stringify(x)
              .replace(/"(\w+)":/g, " $1: ")
              .replace("}", " }")
          : String(x);
      const log = (...values: unknown[]) => logged.push(values.map(show).join(" "));
      new Function("dense", "console", body)(dense, { log });
      const expected = [...sample.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
      expect(logged.map((line) => line.replace(/\s+/g, " ").replace(/,\s*/g, ", "))).toEqual(expected);
    });
  }
});
