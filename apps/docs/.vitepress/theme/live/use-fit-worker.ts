import { onBeforeUnmount, ref, shallowRef } from "vue";
import type { AskedFit } from "./code-samples";
import type { FitOutcome, Preview, Request, Response } from "./protocol";

/** A fit that the page shows. */
export interface ShownFit {
  /** Counts the fits of this visit. */
  readonly number: number;
  readonly asked: AskedFit;
  readonly outcome: FitOutcome;
}

/** A place in the formula. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The worker of the page and what it has told: fits one at a time, and intervals of the last fit.
 *
 * @param underline called with the place of a mistake in the formula
 */
export function useFitWorker(underline: (span: Span) => void) {
  const running = ref(false);
  /** What a screen reader is told; changes only when a fit starts and ends. */
  const status = ref("");
  const progress = ref("");
  const failure = ref("");
  const shown = shallowRef<ShownFit | null>(null);
  const preview = shallowRef<Preview | null>(null);
  /** Intervals of the fit shown, as text; "" until they are there. */
  const intervals = ref("");

  let worker: Worker | null = null;
  let clock: ReturnType<typeof setInterval> | undefined;
  /** Whether the worker is computing intervals, and hears nothing else. */
  let occupied = false;
  let asked: AskedFit | null = null;
  let fits = 0;

  function freshWorker(): Worker {
    worker?.terminate();
    occupied = false;
    worker = new Worker(new URL("./fit.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<Response>) => receive(event.data);
    worker.onerror = (event) => fail(event.message || "the worker could not be started", null);
    return worker;
  }

  function ask(request: Request) {
    // Nobody waits for intervals of a fit that is left behind.
    if (occupied) intervals.value = "Interrupted.";
    (worker === null || occupied ? freshWorker() : worker).postMessage(request);
  }

  function receive(response: Response) {
    if (response.kind === "opened") {
      preview.value = response.preview;
    } else if (response.kind === "progress") {
      progress.value = `${response.evaluations} evaluations, criterion ${response.criterion.toFixed(4)}`;
    } else if (response.kind === "fitted") {
      stop();
      if (asked !== null) shown.value = { number: fits++, asked, outcome: response.outcome };
      intervals.value = "";
      failure.value = "";
      const { seconds, evaluations } = response.outcome;
      status.value = `Fitted in ${duration(seconds)}, ${evaluations} evaluation${evaluations === 1 ? "" : "s"}.`;
    } else if (response.kind === "intervals") {
      occupied = false;
      intervals.value = response.text;
    } else {
      fail(response.text, response.span);
    }
  }

  function fail(text: string, span: Span | null) {
    stop();
    shown.value = null;
    failure.value = text;
    status.value = "Not fitted.";
    if (span !== null) underline(span);
  }

  function stop() {
    running.value = false;
    progress.value = "";
    clearInterval(clock);
  }

  function fit(wanted: AskedFit) {
    running.value = true;
    status.value = `Fitting ${wanted.dataset}.`;
    progress.value = "";
    const startedAt = performance.now();
    clock = setInterval(() => {
      if (progress.value === "") progress.value = duration((performance.now() - startedAt) / 1000);
    }, 250);
    asked = wanted;
    ask({ kind: "fit", ...wanted });
  }

  /** Intervals of the fit shown; once. */
  function askIntervals() {
    if (occupied || running.value || shown.value === null) return;
    ask({ kind: "intervals", ...shown.value.asked });
    occupied = true;
  }

  /** A fit runs without pause in its worker, so cancelling means ending the worker. */
  function cancel() {
    if (!running.value) return;
    freshWorker();
    stop();
    status.value = "Cancelled.";
  }

  /** Forgets the fit and loads the first rows of another data set. */
  function open(dataset: string) {
    cancel();
    shown.value = null;
    failure.value = "";
    status.value = "";
    preview.value = null;
    ask({ kind: "open", dataset });
  }

  onBeforeUnmount(() => {
    worker?.terminate();
    worker = null;
    clearInterval(clock);
  });

  return {
    running,
    status,
    progress,
    failure,
    shown,
    preview,
    intervals,
    fit,
    askIntervals,
    cancel,
    open,
  };
}

function duration(seconds: number): string {
  return seconds < 0.9995 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
}
