import { type LinearMixedModel, lmm, simulateFrom } from "@lmmkit/lmm";

/** A design whose data sets are drawn from known parameters. */
export interface CoverageDesign {
  readonly id: string;
  readonly title: string;
  readonly formula: string;
  /** The columns but the response. */
  readonly table: Readonly<Record<string, readonly (string | number)[]>>;
  readonly beta: readonly number[];
  readonly theta: readonly number[];
  readonly sigma: number;
  /** The true value of every parameter, by its name in `confint`. */
  readonly truth: Readonly<Record<string, number>>;
}

/**
 * 18 subjects on ten days with correlated intercepts and slopes, and 24 plates crossed with 6 samples: the layouts of
 * sleepstudy and Penicillin, with rounded versions of what was estimated from them.
 */
export const coverageDesigns: readonly CoverageDesign[] = [sleepstudyLike(), penicillinLike()];

function sleepstudyLike(): CoverageDesign {
  const [sigma, intercept, slope, correlation] = [25.6, 24.7, 5.9, 0.07];
  const rows = Array.from({ length: 180 }, (_, r) => r);
  return {
    id: "sleepstudy",
    title: "18 subjects, 10 days, `y ~ Days + (Days | Subject)`",
    formula: "y ~ Days + (Days | Subject)",
    table: { Days: rows.map((r) => r % 10), Subject: rows.map((r) => `s${Math.floor(r / 10)}`) },
    beta: [251, 10.5],
    theta: [
      intercept / sigma,
      (slope * correlation) / sigma,
      (slope * Math.sqrt(1 - correlation * correlation)) / sigma,
    ],
    sigma,
    truth: {
      "(Intercept)": 251,
      Days: 10.5,
      "sd_(Intercept)|Subject": intercept,
      "cor_Days.(Intercept)|Subject": correlation,
      "sd_Days|Subject": slope,
      sigma,
    },
  };
}

function penicillinLike(): CoverageDesign {
  const [sigma, plate, sample] = [0.55, 0.85, 1.93];
  const rows = Array.from({ length: 144 }, (_, r) => r);
  return {
    id: "penicillin",
    title: "24 plates × 6 samples, crossed, `y ~ 1 + (1 | plate) + (1 | sample)`",
    formula: "y ~ 1 + (1 | plate) + (1 | sample)",
    table: { plate: rows.map((r) => `p${Math.floor(r / 6)}`), sample: rows.map((r) => `s${r % 6}`) },
    beta: [23],
    theta: [plate / sigma, sample / sigma],
    sigma,
    truth: { "(Intercept)": 23, "sd_(Intercept)|plate": plate, "sd_(Intercept)|sample": sample, sigma },
  };
}

/** Responses drawn from the design, and a fit to the first of them to start from. */
export function drawDesign(
  { formula, table, beta, theta, sigma }: CoverageDesign,
  sets: number,
  seed: number,
): { readonly responses: readonly Float64Array[]; readonly first: LinearMixedModel } {
  const { responses } = simulateFrom(formula, table, { beta, theta, sigma, nsim: sets, seed });
  return { responses, first: lmm(formula, { ...table, y: responses[0] }) };
}
