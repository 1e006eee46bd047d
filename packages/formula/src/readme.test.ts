import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as formula from "./index";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

describe("the README's examples", () => {
  test.each(blocks.map((block, k) => [k + 1, block] as const))(
    "example %d gives what it says",
    (_, block) => {
      const code = block
        .replace(/import \{([^}]*)\} from "@lmmkit\/formula";/, "const {$1} = formula;")
        .replace(/^(.*); \/\/ → (.*)$/gm, "check($1, $2);");
      let checked = 0;
      const check = (actual: unknown, wanted: unknown) => {
        checked++;
        expect(actual).toEqual(wanted);
      };
      // The examples are plain JavaScript.
      new Function("formula", "check", code)(formula, check);
      expect(checked).toBeGreaterThan(0);
    },
  );
});
