/// <reference lib="webworker" />
import { type Dataset, loadDataset } from "@lmmkit/datasets";
import { FormulaError, formatFormulaError } from "@lmmkit/formula";
import { confint, formatConfint, formatSummary, type LinearMixedModel, lmm } from "@lmmkit/lmm";
import { previewOf } from "./preview";
import type { Request, Response } from "./protocol";

type Fit = Exclude<Request, { kind: "open" }>;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const send = (response: Response) => scope.postMessage(response);

/** Progress is sent at most this often, in milliseconds: a fit of sleepstudy takes less. */
const progressInterval = 100;

/** The last fit, for what is asked of it afterwards. */
let last: { readonly key: string; readonly model: LinearMixedModel } | null = null;

const keyOf = ({ dataset, formula, method }: Fit) => JSON.stringify([dataset, formula, method]);

function fit(request: Fit, { table }: Dataset): LinearMixedModel {
  let reported = performance.now();
  const model = lmm(request.formula, table, {
    method: request.method,
    onEvaluation: (_theta, criterion, evaluations) => {
      const now = performance.now();
      if (now - reported < progressInterval) return;
      reported = now;
      if (request.kind === "fit") send({ kind: "progress", evaluations, criterion });
    },
  });
  last = { key: keyOf(request), model };
  return model;
}

function fitted(request: Fit, dataset: Dataset): Response {
  const started = performance.now();
  const model = fit(request, dataset);
  const seconds = (performance.now() - started) / 1000;
  return {
    kind: "fitted",
    outcome: {
      summary: formatSummary(model),
      criterion: model.criterion,
      evaluations: model.optimizer.evaluations,
      converged: model.converged,
      singular: model.singular,
      warnings: [...model.warnings],
      seconds,
    },
  };
}

/** A worker that took the place of a cancelled one has no fit yet. */
function intervals(request: Fit, dataset: Dataset): Response {
  try {
    const model = last?.key === keyOf(request) ? last.model : fit(request, dataset);
    return { kind: "intervals", text: formatConfint(confint(model)) };
  } catch (error) {
    return { kind: "intervals", text: error instanceof Error ? error.message : String(error) };
  }
}

scope.onmessage = async (event: MessageEvent<Request>) => {
  const request = event.data;
  try {
    const dataset = await loadDataset(request.dataset);
    if (request.kind === "open") send({ kind: "opened", preview: previewOf(dataset) });
    else send(request.kind === "fit" ? fitted(request, dataset) : intervals(request, dataset));
  } catch (error) {
    if (error instanceof FormulaError) {
      send({ kind: "failed", text: formatFormulaError(error), span: error.span ?? null });
    } else {
      send({ kind: "failed", text: error instanceof Error ? error.message : String(error), span: null });
    }
  }
};
