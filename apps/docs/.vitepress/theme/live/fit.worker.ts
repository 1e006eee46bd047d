/// <reference lib="webworker" />
import { loadDataset } from "@lmmkit/datasets";
import { FormulaError, formatFormulaError } from "@lmmkit/formula";
import { formatSummary, lmm } from "@lmmkit/lmm";
import { previewOf } from "./preview";
import type { Request, Response } from "./protocol";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const send = (response: Response) => scope.postMessage(response);

/** Progress is sent at most this often, in milliseconds: a fit of sleepstudy takes less. */
const progressInterval = 100;

scope.onmessage = async (event: MessageEvent<Request>) => {
  const request = event.data;
  try {
    const dataset = await loadDataset(request.dataset);
    if (request.kind === "open") {
      send({ kind: "opened", preview: previewOf(dataset) });
      return;
    }
    const started = performance.now();
    let reported = started;
    const model = lmm(request.formula, dataset.table, {
      method: request.method,
      onEvaluation: (_theta, criterion, evaluations) => {
        const now = performance.now();
        if (now - reported < progressInterval) return;
        reported = now;
        send({ kind: "progress", evaluations, criterion });
      },
    });
    const seconds = (performance.now() - started) / 1000;
    send({
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
    });
  } catch (error) {
    if (error instanceof FormulaError) {
      send({ kind: "failed", text: formatFormulaError(error), span: error.span ?? null });
    } else {
      send({ kind: "failed", text: error instanceof Error ? error.message : String(error), span: null });
    }
  }
};
