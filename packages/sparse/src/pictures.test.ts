import { describe, expect, test } from "vitest";
import { diagonal, fromTriplets, identity, patternSvg, patternText, triangle, zeros } from "./index";

const arrow = fromTriplets(4, 4, [0, 1, 2, 3, 3, 3, 3], [0, 1, 2, 0, 1, 2, 3], [1, 1, 1, 1, 1, 1, 1]);

describe("the picture in characters", () => {
  test("has one character per entry of a small matrix", () => {
    expect(patternText(arrow)).toBe(["x...", ".x..", "..x.", "xxxx"].join("\n"));
  });

  test("has blocks for a large one, darker where there are more entries", () => {
    expect(patternText(identity(8), { maxRows: 4 })).toBe(["+...", ".+..", "..+.", "...+"].join("\n"));
    expect(patternText(arrow, { maxCols: 2 })).toBe(["+.", "+x"].join("\n"));
    expect(patternText(identity(20), { maxRows: 2 }).startsWith(":")).toBe(true);
  });

  test("of nothing is empty", () => {
    expect(patternText(zeros(0, 0))).toBe("");
    expect(patternText(zeros(2, 3))).toBe("...\n...");
  });
});

describe("the picture in SVG", () => {
  const squares = (svg: string) => [...svg.matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map((m) => [+m[2], +m[1]]);

  test("has one square per entry at its row and column", () => {
    expect(squares(patternSvg(arrow))).toEqual([
      [0, 0],
      [3, 0],
      [1, 1],
      [3, 1],
      [2, 2],
      [3, 2],
      [3, 3],
    ]);
    expect(patternSvg(arrow)).toContain("4 x 4, 7 nonzeros");
  });

  test("mirrors a stored triangle", () => {
    const svg = patternSvg(triangle(arrow, "lower"), { mirror: true });
    expect(squares(svg).length).toBe(10);
    expect(svg).toContain("4 x 4, 10 nonzeros");
  });

  test("draws blocks when the matrix is large", () => {
    const svg = patternSvg(diagonal(new Float64Array(1000).fill(1)), { maxCells: 100 });
    expect(squares(svg).length).toBe(100);
    expect(svg).toContain("fill-opacity");
    expect(
      patternSvg(fromTriplets(3, 3, [0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]), { maxCells: 2 }),
    ).toContain('width="2" height="2"/>');
  });

  test("carries its title for screen readers, escaped", () => {
    const svg = patternSvg(arrow, { title: 'L & "friends" <b>', caption: "" });
    expect(svg).toContain('aria-label="L &amp; &quot;friends&quot; &lt;b&gt;"');
    expect(svg).not.toContain("nonzeros");
    expect(svg.startsWith("<svg xmlns=")).toBe(true);
  });

  test("of a matrix without rows is still a picture", () => {
    expect(patternSvg(zeros(0, 3))).toContain("0 x 3, 0 nonzeros");
  });
});
