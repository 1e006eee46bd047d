// Writes pictures/*.json: the patterns of Λ'Z'ZΛ + I and of L that the theory pages show.
// Run: pnpm --filter @lmmkit/docs pictures
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadDataset } from "@lmmkit/datasets";
import { modelFrame } from "@lmmkit/formula";
import { type SparsityOptions, sparsity } from "@lmmkit/lmm";
import { type CscMatrix, valueAt } from "@lmmkit/sparse";

interface Picture {
  readonly svg: string;
  readonly caption: string;
}

interface Entry {
  readonly row: number;
  readonly col: number;
  /** Not in the matrix that was factorized. */
  readonly fill: boolean;
}

/** The lower triangle, entry by entry; `isFill` says which entries are new. */
function lowerEntries(matrix: CscMatrix, isFill: (row: number, col: number) => boolean): Entry[] {
  const entries: Entry[] = [];
  for (let col = 0; col < matrix.ncols; col++) {
    for (let k = matrix.colPtr[col]; k < matrix.colPtr[col + 1]; k++) {
      const row = matrix.rowIdx[k];
      if (row >= col) entries.push({ row, col, fill: isFill(row, col) });
    }
  }
  return entries;
}

/** One small square per entry; colours come from the page, so the picture fits light and dark. */
function draw(n: number, entries: readonly Entry[], title: string): string {
  const squares = (list: readonly Entry[]) => list.map((e) => `M${e.col} ${e.row}h.88v.88h-.88z`).join("");
  const kept = squares(entries.filter((e) => !e.fill));
  const fill = squares(entries.filter((e) => e.fill));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${n + 2} ${n + 2}" role="img">`,
    `<title>${title}</title>`,
    `<path class="frame" d="M-.5-.5h${n + 0.9}v${n + 0.9}h-${n + 0.9}z"/>`,
    `<path class="entry" d="${kept}"/>`,
    fill === "" ? "" : `<path class="fill" d="${fill}"/>`,
    "</svg>",
  ].join("");
}

/** A row of pictures: the system, then its factor for each ordering. */
async function pictureRow(
  dataset: string,
  formula: string,
  theta: readonly number[],
  orderings: Readonly<Record<string, SparsityOptions["ordering"]>>,
): Promise<Picture[]> {
  const frame = modelFrame(formula, (await loadDataset(dataset)).table);
  const row: Picture[] = [];
  for (const [words, ordering] of Object.entries(orderings)) {
    const { system, factor, permutation } = sparsity(frame, { theta, terms: "formula", ordering });
    const n = system.ncols;
    if (row.length === 0) {
      const entries = lowerEntries(system, () => false);
      const caption = `Λ′Z′ZΛ + I, lower triangle: ${entries.length} nonzeros`;
      row.push({ svg: draw(n, entries, caption), caption });
    }
    const entries = lowerEntries(
      factor,
      (i, j) =>
        valueAt(
          system,
          Math.max(permutation[i], permutation[j]),
          Math.min(permutation[i], permutation[j]),
        ) === 0,
    );
    const fill = entries.filter((entry) => entry.fill).length;
    const caption = `L, ${words}: ${entries.length} nonzeros, ${fill === 0 ? "no fill-in" : `${fill} of them fill-in`}`;
    row.push({ svg: draw(n, entries, caption), caption });
  }
  return row;
}

/** The rows of pictures of `theory/sparse-cholesky.md`, at the values of θ that the source document uses. */
export async function pictureRows(): Promise<Readonly<Record<string, Picture[]>>> {
  const order = { "in the order given": "natural" } as const;
  const both = { ...order, "permuted by AMD": "amd" } as const;
  return {
    penicillin: await pictureRow(
      "Penicillin",
      "diameter ~ 1 + (1 | plate) + (1 | sample)",
      [1.2, 2.1],
      order,
    ),
    "penicillin-reversed": await pictureRow(
      "Penicillin",
      "diameter ~ 1 + (1 | sample) + (1 | plate)",
      [2.1, 1.2],
      both,
    ),
    pastes: await pictureRow("Pastes", "strength ~ 1 + (1 | sample) + (1 | batch)", [0.4, 0.5], both),
  };
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, "..", "pictures");
  mkdirSync(folder, { recursive: true });
  for (const [name, row] of Object.entries(await pictureRows())) {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(row, null, 2)}\n`);
  }
}
