import { denseFixed } from "../inference/dense-fixed";
import type { DenseMatrix } from "./dense-matrix";
import type { LinearMixedModel } from "./linear-mixed-model";

/** X, rows × p: the columns that were kept, written out. */
export function fixedMatrix(model: LinearMixedModel): DenseMatrix {
  const values = denseFixed(model);
  return { nrows: model.frame.nobs, ncols: model.beta.length, values, columnNames: model.fixedNames };
}
