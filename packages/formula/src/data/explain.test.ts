import { describe, expect, test } from "vitest";
import { explain, formatExplanation } from "./explain";

const rows = Array.from({ length: 24 }, (_, i) => i);
const table = {
  y: rows.map((i) => i * 1.5),
  x: rows.map((i) => i % 7),
  f: rows.map((i) => ["u", "v", "w"][i % 3]),
  school: rows.map((i) => `s${i % 4}`),
  class: rows.map((i) => `c${i % 8}`),
  item: rows.map((i) => `i${Math.floor(i / 8)}`),
  copy: rows.map((i) => (i % 4) * 10),
};

describe("explain", () => {
  test("as text", () => {
    const text = formatExplanation(explain("y ~ x * f + (x | school/class) + (1 | item)", table));
    expect(text).toBe(`y ~ x * f + (x | school/class) + (1 | item)

rows: 24
response: y
variable x: numbers
variable f: factor of 3 levels (u, v, w), treatment contrasts

fixed effects: 6 columns
  (Intercept)
  x: 1 column
  f: 2 columns
  x:f: 2 columns

random effects:
  x | class:school: 8 levels × 2 ((Intercept), x) = 16 columns, correlated
  x | school: 4 levels × 2 ((Intercept), x) = 8 columns, correlated
  1 | item: 3 levels × 1 ((Intercept)) = 3 columns

grouping factors:
  class:school: 8 levels, 3 rows each
  school: 4 levels, 6 rows each
  item: 3 levels, 8 rows each
  class:school is nested in school
  class:school and item are crossed (24 combinations)
  school and item are crossed (12 combinations)`);
  });

  test("as JSON it is the same", () => {
    const explanation = explain("log(y + 1) ~ f:x + (1 | school)", {
      ...table,
      x: [null, ...table.x.slice(1)],
    });
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
    expect(explanation.rows).toEqual({ table: 24, used: 23, missing: { x: 1 } });
    expect(explanation.fixed).toEqual([
      { term: "f:x", columns: ["fu:x", "fv:x", "fw:x"], coding: [{ variable: "f", coding: "indicator" }] },
    ]);
    expect(explanation.notes).toEqual(["x is missing in 1 row."]);
  });

  test("names columns that say nothing new, and what they are made of", () => {
    const data = {
      ...table,
      twice: table.x.map((v) => 2 * v),
      zero: table.x.map(() => 0),
      same: table.x.map(() => 3),
    };
    expect(explain("y ~ x + twice + zero + same + f:school", data).aliased?.slice(0, 3)).toEqual([
      { column: "twice", of: [{ column: "x", coefficient: 2 }] },
      { column: "zero", of: [] },
      { column: "same", of: [{ column: "(Intercept)", coefficient: 3 }] },
    ]);
    expect(explain("y ~ x + twice", data).notes).toEqual(["Column twice says nothing new: it is 2 × x."]);
    expect(explain("y ~ f + I(f == 'w')", data).notes).toEqual([
      'Column I(f == "w")TRUE says nothing new: it is fw.',
    ]);
    const notes = explain("y ~ 0 + f + same", data).notes;
    expect(notes).toEqual(["Column same says nothing new: it is 3 × fu + 3 × fv + 3 × fw."]);
    expect(explain("y ~ poly(x, 3) * f", data).aliased).toEqual([]);
  });

  test("tells grouping factors that are the same, partially crossed, or as fine as the rows", () => {
    const some = { ...table, part: rows.map((i) => (i % 4 === 0 ? "p0" : `p${i % 3}`)), row: rows };
    const { relations, notes } = explain("y ~ 1 + (1 | school) + (1 | copy) + (1 | part) + (1 | row)", some);
    expect(relations.map((r) => `${r.first} ${r.relation} ${r.second}`)).toEqual([
      "school same copy",
      "school partially crossed part",
      "row nested school",
      "copy partially crossed part",
      "row nested copy",
      "row nested part",
    ]);
    expect(notes).toContain("school and copy part the rows in the same way.");
    expect(notes).toContain(
      "row has a level for every row: its intercepts cannot be told from the residuals.",
    );
  });
});
