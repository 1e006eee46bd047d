import type { CscPattern, Triangle } from "@lmmkit/sparse";
import { type AnalyzeOptions, analyze } from "./analyze";
import { CholmodError } from "./errors";
import type { FactorKind, MatrixForm, Symbolic } from "./symbolic";

/** A symbolic factorization as plain JSON: what it was made from, with the ordering that was found. */
export interface SymbolicJson {
  readonly format: "cholmod-ts/symbolic";
  readonly version: 1;
  readonly form: MatrixForm;
  readonly uplo: Triangle;
  readonly kind: FactorKind;
  readonly nrows: number;
  readonly ncols: number;
  readonly colPtr: readonly number[];
  readonly rowIdx: readonly number[];
  readonly permutation: readonly number[];
}

/**
 * A symbolic factorization as an object that JSON can carry. Ordering is the costly part and is kept; what
 * follows from it is worked out again by `symbolicFromJson`. (`structuredClone` and `postMessage` take a
 * `Symbolic` as it is.) Entries that modifications of a factor added to L are not kept.
 */
export function symbolicToJson(symbolic: Symbolic): SymbolicJson {
  const { form, uplo, kind, pattern, permutation } = symbolic;
  return {
    format: "cholmod-ts/symbolic",
    version: 1,
    form,
    uplo,
    kind,
    nrows: pattern.nrows,
    ncols: pattern.ncols,
    colPtr: Array.from(pattern.colPtr),
    rowIdx: Array.from(pattern.rowIdx.subarray(0, pattern.colPtr[pattern.ncols])),
    permutation: Array.from(permutation),
  };
}

/**
 * The symbolic factorization that `symbolicToJson` wrote. Throws `CholmodError` on anything else: "unsupported-format"
 * where a part is missing or of another kind, and what `analyze` throws where the parts do not fit together.
 */
export function symbolicFromJson(json: SymbolicJson): Symbolic {
  if (json?.format !== "cholmod-ts/symbolic" || json.version !== 1) {
    throw new CholmodError(
      "unsupported-format",
      "unknown format",
      `${json?.format} ${json?.version}`,
      "need cholmod-ts/symbolic 1",
    );
  }
  for (const name of ["colPtr", "rowIdx", "permutation"] as const) {
    if (Array.isArray(json[name]) && json[name].every((entry) => (entry | 0) === entry)) continue;
    throw malformed(name, json[name], "need a list of whole numbers");
  }
  if (json.form !== "symmetric" && json.form !== "AAt") {
    throw malformed("form", json.form, 'need "symmetric" or "AAt"');
  }
  if (json.uplo !== "lower" && json.uplo !== "upper") {
    throw malformed("uplo", json.uplo, 'need "lower" or "upper"');
  }
  if (json.kind !== "simplicial" && json.kind !== "supernodal") {
    throw malformed("kind", json.kind, 'need "simplicial" or "supernodal"');
  }
  const pattern: CscPattern = {
    nrows: json.nrows,
    ncols: json.ncols,
    colPtr: Int32Array.from(json.colPtr),
    rowIdx: Int32Array.from(json.rowIdx),
  };
  const options: AnalyzeOptions = {
    form: json.form,
    ordering: json.permutation,
    kind: json.kind,
    ...(json.form === "symmetric" ? { uplo: json.uplo } : {}),
  };
  return analyze(pattern, options);
}

function malformed(name: keyof SymbolicJson, value: unknown, hint: string): CholmodError {
  return new CholmodError("unsupported-format", `invalid ${name}`, value, hint);
}
