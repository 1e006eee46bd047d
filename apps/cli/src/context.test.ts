import { expect, it } from "vitest";
import { formatJson } from "./context";

it("writes lists of plain values on one line, and every value as it was", () => {
  const value = {
    theta: [1, 0.5],
    names: ["a  b", "c\n  d", "[x"],
    empty: [],
    rows: [[1, 2], [3]],
    of: [{ a: [1] }],
  };
  const text = formatJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('"theta": [1, 0.5]');
  expect(text).toContain("    [1, 2],\n    [3]\n");
});
