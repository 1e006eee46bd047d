import { describe, expect, test } from "vitest";
import { readRutherfordBoeing, toDense } from "./index";

/** A file with the header that the type and the formats ask for. */
function file(
  type: string,
  size: string,
  formats: [string, string, string],
  body: string[][],
  rhs = "",
): string {
  const [pointers, indices, values] = body;
  const total = pointers.length + indices.length + values.length;
  const counts = [total, pointers.length, indices.length, values.length]
    .map((k) => String(k).padStart(14))
    .join("");
  const formatLine = formats[0].padEnd(16) + formats[1].padEnd(16) + formats[2].padEnd(20);
  return [
    `${"A small matrix".padEnd(72)}SMALL   `,
    `${counts}${rhs === "" ? "" : "             1"}`,
    `${type.padEnd(14)}${size}`,
    formatLine,
    ...(rhs === "" ? [] : [rhs]),
    ...pointers,
    ...indices,
    ...values,
    "",
  ].join("\n");
}

const symmetricBody = [
  ["    1    3    4    5"],
  ["    1    3    2    3"],
  ["  4.0000000E+00 -1.0000000E+00", "  5.0000000E+00  6.0000000E+00"],
];
const symmetric = (type: string) =>
  file(
    type,
    "             3             3             4             0",
    ["(4I5)", "(4I5)", "(2E15.7)"],
    symmetricBody,
  );

describe("reading Rutherford-Boeing", () => {
  test("real symmetric: the stored triangle, or both", () => {
    expect([...toDense(readRutherfordBoeing(symmetric("rsa")))]).toEqual([4, 0, -1, 0, 5, 0, 0, 0, 6]);
    const both = readRutherfordBoeing(symmetric("RSA"), { expand: true });
    expect([...toDense(both)]).toEqual([4, 0, -1, 0, 5, 0, -1, 0, 6]);
  });

  test("skew-symmetric turns the sign", () => {
    const both = readRutherfordBoeing(symmetric("rza"), { expand: true });
    expect(toDense(both)[6]).toBe(1);
  });

  test("a pattern has ones, an unsymmetric file is as it is", () => {
    const text = file(
      "pua",
      "             3             3             4             0",
      ["(4I5)", "(4I5)", ""],
      [symmetricBody[0], symmetricBody[1], []],
    );
    expect([...toDense(readRutherfordBoeing(text, { expand: true }))]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 1]);
  });

  test("numbers without blanks between them, D exponents, scale factors and nested groups", () => {
    const text = file(
      "rra",
      "             2             2             3             0",
      ["(3I2)", "(3I2)", "(1P,3D10.3)"],
      [[" 1 3 4"], [" 1 2 2"], ["-1.500D+00-2.500D+01 3.000D-01"]],
    );
    expect([...toDense(readRutherfordBoeing(text))]).toEqual([-1.5, -25, 0, 0.3]);
    const nested = text
      .replace("(1P,3D10.3)         ", "(3(1P,E10.3))       ")
      .replaceAll("D+", "+0")
      .replace("D-", "-0");
    expect([...toDense(readRutherfordBoeing(nested))]).toEqual([-1.5, -25, 0, 0.3]);
  });

  test("the line about right-hand sides of Harwell-Boeing is passed over", () => {
    const text = file(
      "RUA",
      "             1             1             1             0",
      ["(2I3)", "(I3)", "(F6.2)"],
      [["  1  2"], ["  1"], ["  2.50"]],
      "F                          1             0",
    );
    expect([...toDense(readRutherfordBoeing(text))]).toEqual([2.5]);
  });

  const broken: [string, string, string][] = [
    ["no header", "", "line 2: invalid header"],
    ["an unknown type", symmetric("xsa"), 'line 3: unknown matrix type: "xsa"'],
    ["complex", symmetric("csa"), "complex and Hermitian matrices are not read"],
    ["Hermitian", symmetric("rha"), "complex and Hermitian matrices are not read"],
    ["elemental", symmetric("rse"), "elemental matrices are not read"],
    [
      "a bad size",
      symmetric("rsa").replace("             3             3", "             3             x"),
      "line 3: invalid header",
    ],
    [
      "a bad format",
      symmetric("rsa").replace("(2E15.7)", "(2X15.7)"),
      'line 4: unknown Fortran format: "(2X15.7)"',
    ],
    ["a bad number", symmetric("rsa").replace("5.0000000E+00", "5.0000x00E+00"), "line 8: invalid number"],
    ["missing values", symmetric("rsa").split("\n").slice(0, 7).join("\n"), "line 8: invalid number"],
    [
      "a bad pointer",
      symmetric("rsa").replace("    1    3    4    5", "    1    3    2    5"),
      "invalid pointer of column 2",
    ],
    [
      "a bad row",
      symmetric("rsa").replace("    1    3    2    3", "    1    4    2    3"),
      "invalid row in column 1: 4",
    ],
  ];
  for (const [what, text, message] of broken) {
    test(`${what} is refused`, () => {
      expect(() => readRutherfordBoeing(text)).toThrow(
        expect.objectContaining({ code: "bad-rutherford-boeing" }),
      );
      expect(() => readRutherfordBoeing(text)).toThrow(message);
    });
  }
});
