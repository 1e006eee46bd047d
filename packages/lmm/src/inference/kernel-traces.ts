import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import type { PlsWorkspace } from "../pls/workspace";
import type { CovarianceElement, CovarianceElements } from "./covariance-elements";
import { EliminatedFactor } from "./eliminated-factor";
import { InferenceError } from "./inference-error";
import { type LevelSlot, levelSlots } from "./level-slots";
import { kernelBuffers, type ProjectedSystem, timesKernelInPlace } from "./projected-system";

/** Traces of products of K = Z'V⁻¹Z with the directions B_k in which ΛΛ' can change. */
export interface KernelTraces {
  /** tr(K B_k). */
  readonly single: Float64Array;
  /** tr(K B_k K B_l), elements × elements, symmetric. */
  readonly pairs: Float64Array;
}

/** Multiply–adds beyond which the traces are refused (minutes; InstEval of lme4 takes 3e9). */
const MOST_WORK = 2e11;
/** Columns solved together, and numbers held for them at most. */
const PANEL = 32;
const PANEL_NUMBERS = 4e6;
/** Numbers that the elimination of a factor may take up (400 MB). */
const MOST_NUMBERS = 5e7;

/**
 * Computes the traces by columns of K, a panel at a time: memory is a few panels of q × 32 numbers, however
 * dense K may be. Columns of levels that never meet are solved as one, and those of the factor with most
 * columns follow from the others (`EliminatedFactor`) where there is room for that.
 *
 * @param eliminate false to solve for the columns of every factor
 * @throws InferenceError `too-large` when the solves would take many minutes; the message says how much work
 * Cost: one solve for every column of Z but those of one factor, and far fewer where data are nested.
 */
export function kernelTraces(
  system: ProjectedSystem,
  covariance: CovarianceElements,
  eliminate = true,
): KernelTraces {
  const { elements } = covariance;
  const { design } = system.workspace;
  const { q, factors } = design;
  const n = elements.length;
  const single = new Float64Array(n);
  const pairs = new Float64Array(n * n);
  const byFactor = factors.map((_, f) => elements.flatMap((element, k) => (element.factor === f ? [k] : [])));
  const { slots, parts, chosen, work } = tracePlan(system.workspace, eliminate);
  const eliminated = chosen < 0 ? null : new EliminatedFactor(system, covariance, chosen, slots, parts);
  if (work > MOST_WORK) {
    throw new InferenceError(
      "too-large",
      `too large design: ${work.toExponential(1)} operations for degrees of freedom`,
      work,
      "test without them (asymptotic): with so many levels they hardly matter",
    );
  }
  const width = Math.max(
    Math.min(PANEL, Math.floor(PANEL_NUMBERS / q)),
    Math.max(...factors.map(({ ncols }) => ncols)),
  );
  const panel = new Float64Array(q * width);
  const buffers = kernelBuffers(system, width);
  for (let first = 0; first < slots.length; ) {
    let used = 0;
    let last = first;
    panel.fill(0);
    for (; last < slots.length; last++) {
      const { factor: f, levels } = slots[last];
      const { ncols: k, start } = factors[f];
      if (used + k > width) break;
      for (let c = 0; c < k; c++) for (const l of levels) panel[(used + c) * q + start + l * k + c] = 1;
      used += k;
    }
    timesKernelInPlace(system, panel, used, buffers);
    let offset = 0;
    for (let s = first; s < last; s++) {
      const { factor: f, levels } = slots[s];
      const { ncols: k, start } = factors[f];
      for (const e of byFactor[f]) {
        const { row, col } = elements[e];
        for (const l of levels) {
          const value = panel[offset + row * q + start + l * k + col];
          single[e] += row === col ? value : 2 * value;
        }
      }
      for (let g = 0; g < factors.length; g++) {
        // Of two factors solved for, the pair is taken once.
        if (g < f && g !== chosen) continue;
        for (const e of byFactor[f]) {
          for (const d of byFactor[g]) {
            if (g === f && d < e) continue;
            pairs[e * n + d] += pairTrace(panel, offset, q, factors[g], elements[d], elements[e]);
          }
        }
      }
      eliminated?.addSlot(s, panel, offset);
      offset += k * q;
    }
    first = last;
  }
  if (eliminated !== null) eliminated.addTracesInto(byFactor[chosen], single, pairs);
  // Of each pair, one of the two places was added to.
  for (let e = 0; e < n; e++) {
    for (let d = 0; d < e; d++) {
      const value = pairs[e * n + d] + pairs[d * n + e];
      pairs[e * n + d] = value;
      pairs[d * n + e] = value;
    }
  }
  return { single, pairs };
}

/** What is solved for. */
interface TracePlan {
  readonly slots: readonly LevelSlot[];
  readonly parts: readonly Int32Array[];
  /** The factor whose columns follow from the others, −1 when there is none. */
  readonly chosen: number;
  /** Multiply–adds. */
  readonly work: number;
}

function tracePlan({ design, products, factor }: PlsWorkspace, eliminate: boolean): TracePlan {
  const { q, factors } = design;
  const { slots: all, parts } = levelSlots(design, products);
  const widthOf = (slots: readonly LevelSlot[]) =>
    slots.reduce((sum, slot) => sum + factors[slot.factor].ncols, 0);
  const largest = mostColumns(all, factors);
  const others = all.filter((slot) => slot.factor !== largest);
  const { levels, ncols } = factors[largest];
  const room = (q - levels.length * ncols) * widthOf(others) * ncols ** 2 <= MOST_NUMBERS;
  const chosen = eliminate && room ? largest : -1;
  const slots = chosen < 0 ? all : others;
  return { slots, parts, chosen, work: widthOf(slots) * (4 * factor.nnz + 10 * q) };
}

/**
 * About how many multiply–adds the degrees of freedom of a model will take (10⁹ take one to two seconds), to ask
 * before they are computed.
 */
export function ddfWork(model: LinearMixedModel): number {
  return tracePlan(workspaceOf(model), true).work;
}

/** The factor whose columns take most solves. */
function mostColumns(slots: readonly LevelSlot[], factors: readonly { readonly ncols: number }[]): number {
  const counts = factors.map(
    ({ ncols }, f) => ncols * slots.reduce((sum, slot) => sum + (slot.factor === f ? 1 : 0), 0),
  );
  return counts.indexOf(Math.max(...counts));
}

/**
 * Σ over the blocks R of these columns of tr(B_d R B_e R') = 2(R_ac R_bd + R_ad R_bc), halved for each element
 * on a diagonal.
 */
function pairTrace(
  panel: Float64Array,
  offset: number,
  q: number,
  { start, ncols: k, levels }: { start: number; ncols: number; levels: readonly string[] },
  { row: a, col: b }: CovarianceElement,
  { row: c, col: d }: CovarianceElement,
): number {
  const atC = offset + c * q + start;
  const atD = offset + d * q + start;
  const end = levels.length * k;
  let sum = 0;
  if (a === b && c === d) {
    for (let i = a; i < end; i += k) sum += panel[atC + i] * panel[atC + i];
    return sum;
  }
  for (let i = 0; i < end; i += k) {
    sum += panel[atC + i + a] * panel[atD + i + b] + panel[atD + i + a] * panel[atC + i + b];
  }
  return a === b || c === d ? sum : 2 * sum;
}
