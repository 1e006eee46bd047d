# What R's functions give on the data they learn from and, through `predict`'s way (predvars), on new data
# that reaches beyond it:   Rscript function-values.R > ../fixtures/function-values.json
suppressMessages({library(jsonlite); library(splines); library(MASS)})
d <- data.frame(x = c(0.3, 1.1, 1.9, 2.2, 3.7, 4.4, 5.2, 6.1, 7.7, 9.3), z = c(4, 8, 15, 16, 23, 42, 4, 8, 15, 16) + 1e4,
  f = factor(c("u", "v", "w", "u", "v", "w", "u", "v", "w", "t")), k = c(3, 1, 2, 3, 1, 2, 3, 1, 2, 4))
new <- data.frame(x = c(-1, 0.3, 2, 5, 9.3, 12), z = c(1, 4, 10, 20, 42, 60) + 1e4, f = factor(c("u", "v", "w", "t", "u", "v"), levels = levels(d$f)), k = c(1, 2, 3, 4, 1, 2))
exprs <- c("ns(x, 3)", "ns(x, df = 5)", "ns(x, knots = c(2, 5))", "ns(x, knots = c(2, 5), intercept = TRUE)", "ns(x, df = 4, Boundary.knots = c(1, 8))",
  "bs(x)", "bs(x, df = 5)", "bs(x, degree = 1)", "bs(x, df = 4, degree = 2)", "bs(x, knots = c(2, 5), intercept = TRUE)", "bs(x, df = 6, Boundary.knots = c(0, 10))", "bs(x, knots = c(2, 2, 5))",
  "poly(x, 1)", "poly(x, 4)", "poly(z, 3)", "poly(x, 3, raw = TRUE)", "scale(x)", "scale(z, scale = FALSE)", "scale(x, center = FALSE)", "scale(x, center = 2, scale = 3)",
  "cut(x, c(-2, 1, 4, 13))", "cut(x, c(-Inf, 2, 6, Inf), right = FALSE)", "factor(k)", "ordered(k)", "C(f, sum)", "C(f, poly)", "C(f, contr.treatment(4, base = 3))", "C(f, contr.poly(4, scores = c(1, 2, 4, 8)))",
  "as.numeric(as.character(factor(k)))", "cut(x, 3, labels = FALSE)", "ifelse(x > 2, 'lo', 'hi')", "I(x - mean(x))", "I((z - min(z)) / sd(z))", "I(x > median(x))", "I(x / max(x) + sum(k) + var(x))", "C(f, contr.sdif)", "C(f, treatment)", "C(f, contr.SAS)", "C(f, \"contr.SAS\")", "C(f, treatment, base = 2)", "C(f, helmert, 2)", "C(f, poly, 1)", "relevel(f, ref = 'w')", "log(x + 2)", "log(x + 2, 3)", "round(x)", "round(x / 7, 2)", "round(x * 1000, -2)", "I(x %% 2)", "I(-x %% 3)", "I(x %/% 2)", "pmin(x, 3, k)", "ifelse(x > 2, x, -x)", "as.numeric(f)", "expm1(x / 10)",
  "I(f == 'u')", "I('u' != f)", "I(f == relevel(f, 'w'))", "I(f %in% c('u', 'v'))", "I(k %in% 2:3)", "I(k %in% c(1, 4) | f %in% 'w')", "I(ordered(k) > '2')", "I(ordered(k) <= 3)", "I('2' < ordered(k))", "I(!(x > 2))", "I(x > 2 & k != 3)",
  "I((x > 2 | k == 3) == (k > 1))", "xor(x > 2, k > 1)", "as.logical(k - 1)", "as.integer(x)", "as.integer(x > 2)", "cut(x, 3, labels = c('a', 'b', 'c'))", "cut(x, c(0, 5, 10), labels = FALSE)", "cut(z, c(10000, 10010, 10050), dig.lab = 5)", "cut(x, 4, ordered_result = TRUE)",
  "I(f:factor(k))", "interaction(f, k)", "interaction(f, k, sep = '_', lex.order = TRUE)", "cbind(x, twice = 2 * k)", "I(cbind(x, k) * 2)", "I(2 * cbind(x, k) - x)", "scale(cbind(x, k))", "factor(k, levels = c(3, 1), labels = c('three', 'one'))", "factor(k > 2)", "ordered(f, levels = c('w', 'v', 'u', 't'))", "as.factor(k)", "as.character(f)", "pmax(x, k)", "trunc(-x)",
  "I(-x %/% 2)", "I(x^-2 + x^0.3 + 2^k)", "identity(x)", "sign(x - 3)", "log(x, base = 10)", "I(T * x)", "I(x * pi)", "ifelse(k > 2, x > 3, FALSE)",
  "tanh(x)", "I(x^3 - 2 * x)", "I(1 / (x + 2))", "I((x > 2) + (k == 3))")
one <- function(e) {
  mf <- model.frame(as.formula(paste("~", e)), d, drop.unused.levels = TRUE)
  t <- terms(mf)
  a <- model.matrix(t, mf)
  # contrasts set by C() do not reach new data in R, nor do means and the like (they are taken anew); levels do
  p <- suppressWarnings(try(model.matrix(t, model.frame(t, new, xlev = .getXlevels(t, mf))), silent = TRUE))
  list(expression = e, names = I(colnames(a)), fitted = unname(a), predicted = if (inherits(p, "try-error") || grepl("^(C|cut|factor|ordered|relevel|ifelse|interaction|as[.]factor|as[.]character|I[(]f:|I[(].*ordered|I[(]f == rel|scale[(]cbind|I[(].*(mean|min|median|max))", e)) NULL else unname(p))
}
cat(toJSON(list(source = paste("R", getRversion()), data = d, new = new, values = lapply(exprs, one)), auto_unbox = TRUE, digits = 16, dataframe = "columns", null = "null", pretty = FALSE))
