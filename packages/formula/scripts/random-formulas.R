# Random formulas and the model matrices that R makes of them, to test beyond the fixture.
#
#   Rscript random-formulas.R SEED COUNT OUT.ndjson
#
# The first line of OUT is the data; each other line is one formula with, per column, its name and all entries
# to 17 digits. Run check-random-formulas.ts on it. Needs jsonlite and splines (both with Debian's R).
suppressMessages({library(jsonlite); library(splines)})
args <- commandArgs(TRUE); seed <- as.integer(args[1]); count <- as.integer(args[2]); out <- file(args[3], "w")
set.seed(seed)
n <- 40
pick <- function(levels) factor(sample(levels, n, TRUE), levels = levels)
d <- data.frame(
  y = round(rnorm(n), 4),
  a = pick(c("lo", "hi")), b = pick(c("blue", "green", "red")),
  c = factor(pick(c("s", "m", "l", "xl")), ordered = TRUE),
  e = factor(pick(c("k1", "k2", "k3", "k4", "k5")), levels = c("k1", "unused", "k2", "k3", "k4", "k5")),
  x = round(runif(n, 0.5, 5), 3), z = round(rexp(n) + 0.1, 3), w = round(runif(n, -1, 1), 3),
  k = sample(1:4, n, TRUE), p = sample(c(TRUE, FALSE), n, TRUE))
d$`odd name` <- round(rnorm(n), 3)
# Odd seeds have missing values, in a few columns.
if (seed %% 2 == 1) for (v in c("w", "e", "p")) d[[v]][sample(n, 2)] <- NA
cat(toJSON(list(R = paste(R.version$major, R.version$minor, sep = "."), seed = seed, count = count,
  data = lapply(d, function(v) if (is.factor(v)) list(levels = levels(v), ordered = is.ordered(v), values = as.character(v)) else v)),
  auto_unbox = TRUE, digits = NA, na = "null"), "\n", file = out, sep = "")

numeric <- c("x", "z", "w", "k", "`odd name`", "log(z)", "sqrt(x)", "I(x^2)", "I(x * w)", "I((x - 3)/2)", "exp(w)", "abs(w)",
  "poly(x, 2)", "poly(z, 3)", "scale(x)", "ns(x, 3)", "bs(z, df = 4)", "log1p(z)", "cos(x)", "sin(2 * pi * w)", "poly(x, 2, raw = TRUE)",
  "log(x, 2)", "I(-x)", "I(x %% 2)", "I(x %/% 2)", "pmin(x, 2)", "pmax(z, w, 0)", "ifelse(w > 0, x, z)", "round(x, 1)", "floor(z)",
  "I(x + z - w * 2)", "I(1/x)", "I(x^-1)", "as.numeric(a)", "as.numeric(p)", "bs(x, knots = c(2, 3), degree = 2)",
  "ns(z, knots = c(1, 2), Boundary.knots = c(0.2, 3))", "cbind(x, w)", "scale(z, scale = FALSE)", "poly(w, 1)", "I(as.numeric(b) * x)",
  "exp(-z)", "tanh(w)", "expm1(w)", "log10(x)", "I(x > 2 & w < 0.5) + 0", "sqrt(abs(w))", "ceiling(x)",
  "poly(log(z), 2)", "scale(poly(x, 2))", "ns(log(x), 2)", "bs(sqrt(z), df = 5, intercept = TRUE)", "log(I(x + 1))", "center2(x)", "ns(x, df = 2, intercept = TRUE)",
  "round(z * 10)/10", "I(round(x) %in% c(2, 3)) * 1", "log(abs(w) + 1, base = 10)", "poly(x, degree = 3, raw = TRUE)", "I(pi * x^0.5)", "trunc(x)", "sign(w)",
  "atan(w)", "asin(w)", "acos(w)", "sinh(w)", "cosh(w)", "tan(w)", "as.integer(x)", "bs(x, df = 3, degree = 1)", "ns(x, knots = 2.5)", "log2(z)")
numeric <- setdiff(numeric, c("center2(x)", "round(z * 10)/10", "I(round(x) %in% c(2, 3)) * 1"))
numeric <- setdiff(numeric, "I(x > 2 & w < 0.5) + 0")
factors <- c("a", "b", "c", "e", "p", "I(x > 3)", "factor(k)", "(w > 0)", "relevel(b, ref = \"red\")", "factor(b, levels = c(\"red\", \"blue\", \"green\"))",
  "cut(x, c(0, 2, 3, 6))", "cut(z, 3)", "ordered(k)", "C(b, sum)", "C(b, contr.helmert)", "I(a == \"hi\")", "(!p)",
  "factor(p)", "I(c > \"m\")", "I(b != \"red\" | x > 4)", "interaction(a, p)",
  "cut(x, c(-Inf, 2, Inf), labels = c(\"below\", \"above\"))", "cut(z, breaks = c(0, 1, 2, 9), right = FALSE, include.lowest = TRUE)", "ordered(b, levels = c(\"red\", \"green\", \"blue\"))",
  "factor(k, labels = c(\"one\", \"two\", \"three\", \"four\"))", "as.factor(k)", "is.na(w)", "I(a:b)", "C(b, contr.treatment(3, base = 2))", "C(c, \"contr.poly\")", "I(k %in% c(1, 3))", "xor(p, x > 3)")
atom <- function() if (runif(1) < 0.1) sample(numeric, 1) else if (runif(1) < 0.45) sample(c("x", "z", "w", "k"), 1) else if (runif(1) < 0.25) sample(factors, 1) else sample(c("a", "b", "c", "e", "p"), 1)
tree <- function(depth) {
  if (depth == 0 || runif(1) < 0.3) return(atom())
  op <- sample(c(" + ", ":", " * ", "/", " %in% ", "^", " - ", "("), 1, prob = c(5, 3, 3, 1.5, 1, 1, 1, 1))
  if (op == "^") return(paste0("(", tree(depth - 1), " + ", tree(depth - 1), ")^", sample(2:3, 1)))
  if (op == "(") return(paste0("(", tree(depth - 1), ")"))
  l <- tree(depth - 1); r <- tree(depth - 1)
  wrap <- function(s) if (grepl("[-+*/:^~<>=!%& ]", s) && runif(1) < 0.8) paste0("(", s, ")") else s
  paste0(wrap(l), op, wrap(r))
}
formula <- function() {
  rhs <- paste(replicate(sample(1:3, 1), tree(sample(0:3, 1))), collapse = " + ")
  r <- runif(1)
  if (r < 0.12) rhs <- paste0("0 + ", rhs) else if (r < 0.2) rhs <- paste0(rhs, " - 1") else if (r < 0.23) rhs <- paste0("offset(w) + ", rhs) else if (r < 0.25) rhs <- paste0(rhs, " - ", atom())
  paste(sample(c("y", "log(z)", "", "I(y^2)"), 1, prob = c(8, 1, 1, 1)), "~", rhs)
}
contrasts <- c("treatment", "sum", "helmert", "poly", "SAS")
done <- 0; tried <- 0; refused <- 0
while (done < count) {
  tried <- tried + 1
  f <- formula()
  k <- list()
  for (v in c("a", "b", "c", "e")) if (runif(1) < 0.12) k[[v]] <- sample(contrasts, 1)
  m <- suppressWarnings(try({
    fo <- as.formula(f)
    mf <- model.frame(fo, d, drop.unused.levels = TRUE)
    t <- attr(mf, "terms")
    used <- intersect(names(k), names(mf)); k <- k[used]
    mm <- model.matrix(t, mf, contrasts.arg = if (length(k)) lapply(k, function(s) paste0("contr.", s)) else NULL)
    if (ncol(mm) > 400) stop("wide")
    list(formula = f, contrasts = if (length(k)) k else NULL, names = colnames(mm), labels = I(attr(t, "term.labels")), assign = I(attr(mm, "assign")), nrow = nrow(mm),
      columns = I(unname(apply(mm, 2, function(v) I(as.numeric(v)), simplify = FALSE))))
  }, silent = TRUE))
  if (inherits(m, "try-error")) {
    refused <- refused + 1
    cat(toJSON(list(formula = f, error = conditionMessage(attr(m, "condition"))), auto_unbox = TRUE), "\n", file = out, sep = "")
    next
  }
  done <- done + 1
  cat(toJSON(m, auto_unbox = TRUE, digits = 17, null = "null"), "\n", file = out, sep = "")
}
close(out)
cat(sprintf("seed %d: %d formulas, %d more that R refuses, R %s\n", seed, done, refused, getRversion()))
