import {
  evaluatePolynomials,
  orthogonalPolynomials,
  type PolynomialCoefs,
} from "../../schema/orthogonal-polynomials";
import type { FormulaFunction } from "../function-call";
import type { MatrixValue } from "../value";

/** Higher degrees than this are refused. */
const MAX_DEGREE = 1000;

/** `poly(x, degree, raw)`: orthonormal polynomials of x, learned; or its plain powers. */
const poly: FormulaFunction = {
  parameters: [{ name: "x", required: true }, { name: "degree" }, { name: "raw" }, { name: "simple" }],
  evaluate(call): MatrixValue {
    const x = call.numbers("x");
    const degree = call.constant("degree") ?? 1;
    if (!Number.isInteger(degree) || degree < 1 || degree > MAX_DEGREE) {
      throw call.error("wrong-arguments", `invalid degree: ${degree} of poly()`, {
        value: degree,
        hint: `expected a whole number from 1 to ${MAX_DEGREE}`,
        at: call.expression("degree"),
      });
    }
    const names = Array.from({ length: degree }, (_, k) => String(k + 1));
    if (call.flag("raw", false)) {
      const columns: Float64Array[] = [x];
      for (let k = 1; k < degree; k++) columns.push(columns[k - 1].map((v, i) => v * x[i]));
      return { kind: "matrix", columns, names };
    }
    let fitted: Float64Array[] | null = null;
    const coefs = call.learn<PolynomialCoefs>(() => {
      const distinct = new Set<number>();
      for (let i = 0; i < x.length && distinct.size <= degree; i++)
        if (!Number.isNaN(x[i])) distinct.add(x[i]);
      if (distinct.size <= degree) {
        throw call.error("wrong-arguments", `too high degree: ${degree} of poly()`, {
          value: degree,
          hint: `it must be less than the number of distinct values, ${distinct.size}`,
        });
      }
      const result = orthogonalPolynomials(x, degree);
      fitted = result.columns;
      return result.coefs;
    });
    return { kind: "matrix", columns: fitted ?? evaluatePolynomials(x, coefs), names };
  },
};

export const POLYNOMIAL_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map([["poly", poly]]);
