import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Column, type Dataset, datasets, loadDataset, tableSchema, toCsv } from "./index";
import { InstEval } from "./inst-eval";
import { sleepstudy } from "./sleepstudy";

/** What R says of each column; written by scripts/export-datasets.R beside the data. */
interface ColumnReference {
  readonly kind: "factor" | "number";
  readonly ordered: boolean;
  readonly levels: readonly string[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly sumsq: number;
  readonly weighted: number;
  /** Seventeen digits, as text. */
  readonly first: string;
  readonly last: string;
}

interface Reference {
  readonly source: string;
  readonly datasets: Readonly<
    Record<string, { readonly nrows: number; readonly columns: Readonly<Record<string, ColumnReference>> }>
  >;
}

const reference = JSON.parse(
  readFileSync(new URL("./data/r-reference.json", import.meta.url), "utf8"),
) as Reference;

const names = datasets.map((info) => info.name);

// Sums of at most 73,421 doubles in R's long double against ours in double, and 15 digits of JSON.
const SUM_TOLERANCE = 1e-12;

function expectColumn(column: Column, nrows: number, expected: ColumnReference): void {
  if (column instanceof Float64Array) {
    expect(expected.kind).toBe("number");
    expect(column).toHaveLength(nrows);
    let [sum, sumsq, weighted] = [0, 0, 0];
    column.forEach((v, i) => {
      sum += v;
      sumsq += v * v;
      weighted += (i + 1) * v;
    });
    const scale = Math.sqrt(nrows * sumsq);
    expect(Math.abs(sum - expected.sum) / scale).toBeLessThan(SUM_TOLERANCE);
    expect(Math.abs(sumsq - expected.sumsq) / sumsq).toBeLessThan(SUM_TOLERANCE);
    expect(Math.abs(weighted - expected.weighted) / (nrows * scale)).toBeLessThan(SUM_TOLERANCE);
    expect([column[0], column[nrows - 1]]).toEqual([Number(expected.first), Number(expected.last)]);
    return;
  }
  expect(expected.kind).toBe("factor");
  expect(column.codes).toHaveLength(nrows);
  expect(column.ordered).toBe(expected.ordered);
  expect(column.levels).toEqual(expected.levels);
  const counts = new Array<number>(column.levels.length).fill(0);
  let weighted = 0;
  column.codes.forEach((code, i) => {
    counts[code]++;
    weighted += (i + 1) * (code + 1);
  });
  expect(counts).toEqual(expected.counts);
  // Whole numbers below 2^53: exact in R and here.
  expect(weighted).toBe(expected.weighted);
}

describe("the catalogue", () => {
  it("lists what the R script exported, in alphabetical order", () => {
    expect([...names].sort()).toEqual(Object.keys(reference.datasets).sort());
    expect(names).toEqual([...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  it.each(datasets.map((info) => [info.name, info] as const))("describes %s in full", (_, info) => {
    for (const text of [info.title, info.description, info.citation, info.example]) {
      expect(text.length).toBeGreaterThan(8);
    }
    expect(info.source).toContain(reference.source.split(", ")[1]);
    for (const column of info.columns) expect(column.description).not.toBe("");
  });

  it("gives the row counts that R gives", () => {
    for (const info of datasets)
      expect([info.name, info.nrows]).toEqual([info.name, reference.datasets[info.name].nrows]);
  });
});

describe.each(names)("%s", (name) => {
  it("holds the values that R holds", async () => {
    const { table, nrows } = await loadDataset(name);
    const expected = reference.datasets[name];
    expect(Object.keys(table)).toEqual(Object.keys(expected.columns));
    for (const [key, column] of Object.entries(table)) expectColumn(column, nrows, expected.columns[key]);
  });

  it("says of each column the kind that it is", async () => {
    const { table, columns } = await loadDataset(name);
    expect(columns.map((column) => column.name)).toEqual(Object.keys(table));
    for (const { name: key, kind } of columns) expect([key, kindOf(table[key])]).toEqual([key, kind]);
  });
});

function kindOf(column: Column): string {
  if (!(column instanceof Float64Array)) return column.ordered ? "ordered" : "factor";
  return column.every(Number.isInteger) ? "integer" : "number";
}

describe("a data set", () => {
  it("is typed column by column when imported by its own path", () => {
    const reaction: Float64Array = sleepstudy.table.Reaction;
    expect(reaction[0]).toBe(249.56);
    expect(sleepstudy.table.Subject.levels[sleepstudy.table.Subject.codes[179]]).toBe("372");
    expect(InstEval.table.y[73420]).toBe(Number(reference.datasets.InstEval.columns.y.last));
  });

  it("decodes its table once", () => {
    expect(sleepstudy.table).toBe(sleepstudy.table);
  });

  it("is the same value whichever way it is loaded", async () => {
    expect(await loadDataset("sleepstudy")).toBe(sleepstudy as Dataset);
  });
});

describe("loadDataset", () => {
  it.each([
    ["sleepstdy", 'unknown data set: "sleepstdy"; did you mean "sleepstudy"?'],
    ["insteval", 'unknown data set: "insteval"; did you mean "InstEval"?'],
    ["iris", `unknown data set: "iris"; there are ${names.join(", ")}`],
    ["constructor", `unknown data set: "constructor"; there are ${names.join(", ")}`],
  ])("refuses %s and says what there is", async (name, message) => {
    await expect(loadDataset(name)).rejects.toMatchObject({
      name: "UnknownDatasetError",
      code: "unknown-dataset",
      value: name,
      message,
    });
  });
});

describe("toCsv and tableSchema", () => {
  it("write sleepstudy as R's write.csv(row.names = FALSE, quote = FALSE) does", () => {
    const lines = toCsv(sleepstudy).split("\n");
    expect(lines).toHaveLength(182);
    expect(lines.slice(0, 3)).toEqual(["Reaction,Days,Subject", "249.56,0,308", "258.7047,1,308"]);
    expect(lines[181]).toBe("");
  });

  it.each(names)("carry every value of %s", async (name) => {
    const dataset = await loadDataset(name);
    const [header, ...rows] = toCsv(dataset).trimEnd().split("\n");
    const { fields, missingValues } = tableSchema(dataset);
    expect(header.split(",")).toEqual(fields.map((field) => field.name));
    expect(missingValues).toEqual([""]);
    expect(rows).toHaveLength(dataset.nrows);
    const wrong: string[] = [];
    rows.forEach((row, i) => {
      row.split(",").forEach((text, j) => {
        const { name: key, categories } = fields[j];
        const column = dataset.table[key];
        const same =
          column instanceof Float64Array
            ? Number(text) === column[i]
            : categories?.[column.codes[i]] === text;
        if (!same) wrong.push(`${key}[${i}]`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it("say what is ordered, whole and measured", async () => {
    const { fields } = tableSchema(await loadDataset("cake"));
    expect(fields.map((field) => [field.name, field.type, field.categoriesOrdered ?? false])).toEqual([
      ["replicate", "string", false],
      ["recipe", "string", false],
      ["temperature", "string", true],
      ["angle", "integer", false],
      ["temp", "integer", false],
    ]);
    expect(fields[3].unit).toBe("deg");
    expect(fields[1].categories).toEqual(["A", "B", "C"]);
  });

  it("quote what a comma-separated file would misread, and leave missing values empty", () => {
    const made: Dataset = {
      ...sleepstudy,
      nrows: 3,
      columns: [
        { name: "a,b", kind: "factor", description: "awkward level names" },
        { name: "x", kind: "number", description: "with a missing value" },
      ],
      table: {
        "a,b": {
          kind: "factor",
          levels: ['say "no"', " blank", "plain"],
          codes: Int32Array.of(0, 1, -1),
          ordered: false,
        },
        x: Float64Array.of(0.1, Number.NaN, 1e-300),
      },
    };
    expect(toCsv(made)).toBe('"a,b",x\n"say ""no""",0.1\n" blank",\n,1e-300\n');
  });
});
