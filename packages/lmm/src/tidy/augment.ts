import { openTable } from "@lmmkit/formula";
import { observationDiagnostics } from "../diagnostics/observation-diagnostics";
import { LmmError } from "../errors";
import type { LmmTable } from "../fit/lmm";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { ColumnTable } from "./column-table";

/**
 * The data, row by row, with what the fit says of each row beside it: .fitted, .resid, .hat, .cooksd, .fixed, …, the
 * columns of `observationDiagnostics`, named as broom.mixed names them.
 *
 * @param table the table that the model was fitted to: its columns come first, on the rows that were used. Without
 *   it they are the response and the grouping factors.
 * @throws LmmError `response-length` for a table of another length
 */
export function augment(model: LinearMixedModel, table?: LmmTable): ColumnTable {
  return {
    ...(table === undefined ? ownColumns(model) : tableColumns(model, table)),
    ...observationDiagnostics(model),
  };
}

function ownColumns({ design, frame, response, responseName }: LinearMixedModel): ColumnTable {
  const groups = design.factors.map(({ name, levels }, f): [string, readonly string[]] => {
    const term = design.terms.find(({ factor }) => factor === f);
    const { codes } = frame.random[term === undefined ? 0 : term.frameIndex].group;
    return [name, Array.from(codes, (code) => levels[code])];
  });
  return Object.fromEntries([[responseName, response.slice()], ...groups]);
}

function tableColumns({ nrowsTable, rows }: LinearMixedModel, table: LmmTable): ColumnTable {
  const view = openTable(table);
  if (view.nrows !== nrowsTable) {
    throw new LmmError(
      "response-length",
      `wrong length of table: ${view.nrows}`,
      view.nrows,
      `the model was fitted to a table of ${nrowsTable} rows`,
    );
  }
  const kept = rows ?? Int32Array.from({ length: nrowsTable }, (_, r) => r);
  const out: Record<string, Float64Array | readonly (string | null)[]> = {};
  for (const name of view.names) {
    const column = view.column(name);
    if (column === null) continue;
    if (column.kind === "factor") {
      const { levels, codes } = column;
      out[name] = Array.from(kept, (r) => (codes[r] < 0 ? null : levels[codes[r]]));
    } else out[name] = Float64Array.from(kept, (r) => column.values[r]);
  }
  return out;
}
