import { PlsWorkspace } from "../pls/workspace";
import type { LinearMixedModel } from "./linear-mixed-model";

const workspaces = new WeakMap<object, PlsWorkspace>();

/**
 * A workspace for questions that need the factor again, made from the model's own design and
 * cross-products when first asked for. Whoever uses it evaluates at the θ wanted first.
 */
export function workspaceOf(model: Pick<LinearMixedModel, "design" | "products">): PlsWorkspace {
  let workspace = workspaces.get(model);
  if (workspace === undefined) {
    workspace = new PlsWorkspace(model.design, model.products);
    workspaces.set(model, workspace);
  }
  return workspace;
}
