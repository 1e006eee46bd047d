import { describe, expect, it } from "vitest";
import { CliError } from "../errors";
import { describeFailure } from "./failure";

describe("describeFailure", () => {
  it("words an unexpected error as one, with its stack only for those who debug", async () => {
    const failure = await describeFailure(new TypeError("x is undefined"), false);
    expect(failure).toEqual({
      exitCode: 1,
      error: {
        code: "internal-error",
        message: "internal error: x is undefined; please report it with the command that you typed",
      },
      text: "internal error: x is undefined; please report it with the command that you typed\n",
    });
    expect((await describeFailure(new TypeError("x"), true)).text).toMatch(/\n {4}at /);
    expect((await describeFailure("thrown text", false)).error.message).toContain("thrown text");
  });

  it("keeps code and status of expected errors", async () => {
    const own = await describeFailure(new CliError("no-rows", "empty data: d.csv", "add rows"), false);
    expect(own).toMatchObject({
      exitCode: 2,
      error: { code: "no-rows" },
      text: "empty data: d.csv; add rows\n",
    });
    const engine = Object.assign(new Error("perfect fit"), { name: "LmmError", code: "perfect-fit" });
    expect(await describeFailure(engine, false)).toMatchObject({
      exitCode: 1,
      error: { code: "perfect-fit" },
    });
  });
});
