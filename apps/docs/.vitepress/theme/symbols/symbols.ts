/** One symbol of the theory pages and its name in the code. */
export interface SymbolEntry {
  /** TeX source. */
  readonly tex: string;
  /** Names in the packages' source; empty where the quantity is never formed. */
  readonly code: readonly string[];
  /** TeX source of the size. */
  readonly size: string;
  readonly meaning: string;
}

/** The one symbol table of the project: pages and code use these names. */
export const symbols: readonly SymbolEntry[] = [
  { tex: "n", code: ["nobs"], size: "", meaning: "observations" },
  { tex: "y", code: ["response"], size: "n", meaning: "the response" },
  { tex: "X", code: ["fixed"], size: "n\\times p", meaning: "fixed-effects model matrix" },
  { tex: "\\beta", code: ["beta"], size: "p", meaning: "fixed effects" },
  { tex: "Z", code: [], size: "n\\times q", meaning: "random-effects model matrix, never formed" },
  {
    tex: "b",
    code: ["modes"],
    size: "q",
    meaning: "random effects, b = Λu; at the fit, their conditional modes",
  },
  { tex: "u", code: ["u"], size: "q", meaning: "spherical random effects" },
  {
    tex: "\\theta",
    code: ["theta"],
    size: "\\sum k_t(k_t+1)/2",
    meaning: "covariance parameters, the lower triangles of the templates",
  },
  {
    tex: "T_t",
    code: ["template"],
    size: "k_t\\times k_t",
    meaning: "template of term t: relative covariance factor of one level",
  },
  {
    tex: "\\Lambda_\\theta",
    code: [],
    size: "q\\times q",
    meaning: "relative covariance factor: the templates, repeated once per level",
  },
  { tex: "\\sigma", code: ["sigma"], size: "", meaning: "residual standard deviation" },
  { tex: "A", code: ["system"], size: "q\\times q", meaning: "Λ'Z'ZΛ + I" },
  { tex: "P", code: ["permutation"], size: "q\\times q", meaning: "fill-reducing permutation" },
  { tex: "L", code: ["factor"], size: "q\\times q", meaning: "sparse Cholesky factor of PAP'" },
  { tex: "c_u", code: ["rzx"], size: "q", meaning: "solves L c_u = P Λ'Z'y; the last column of rzx" },
  { tex: "\\RZX", code: ["rzx"], size: "q\\times p", meaning: "solves L R_ZX = P Λ'Z'X" },
  {
    tex: "\\RX",
    code: ["rxt"],
    size: "p\\times p",
    meaning: "Cholesky factor of X'X − R_ZX'R_ZX; the code keeps its transpose",
  },
  { tex: "c_\\beta", code: ["cBeta"], size: "p", meaning: "solves R_X'c_β = X'y − R_ZX'c_u" },
  {
    tex: "r^2_\\theta",
    code: ["pwrss"],
    size: "",
    meaning: "smallest penalized (weighted) residual sum of squares",
  },
  { tex: "\\log|L|^2", code: ["logDetL2"], size: "", meaning: "log determinant of A" },
  {
    tex: "\\log|\\RX|^2",
    code: ["logDetRX2"],
    size: "",
    meaning: "log determinant of X'V⁻¹X, V = I + ZΛΛ'Z'",
  },
  {
    tex: "d(\\theta),\\ d_R(\\theta)",
    code: ["profiledDeviance", "criterion"],
    size: "",
    meaning: "profiled deviance (ML), profiled REML criterion",
  },
  {
    tex: "\\rho",
    code: ["rho", "rhobeg", "rhoend"],
    size: "",
    meaning: "lower limit of BOBYQA's trust-region radius",
  },
];
