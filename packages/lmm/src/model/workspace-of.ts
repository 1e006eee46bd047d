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

/**
 * Gives a refit the workspace of the model that it is a refit of: nothing symbolic is done again for it.
 *
 * For refits that are asked and forgotten one after the other (simulation): whatever another model was told of its
 * factor through this workspace before is no longer in it.
 *
 * @param from the model of a `refitter`
 * @param to one of its refits, the next to be asked
 * @throws LmmError `unmergeable-products` when `to` is no refit of `from`
 */
export function lendWorkspace(from: LinearMixedModel, to: LinearMixedModel): void {
  const workspace = workspaceOf(from);
  workspace.useResponse(to.products);
  workspaces.set(to, workspace);
}
