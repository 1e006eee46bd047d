# What lme4 makes of random-effects terms:   Rscript random-terms.R > ../fixtures/random-terms.json
# For each formula, per term in lme4's order: the grouping factor, its levels, each row's level and the design's columns
# (from the transposed Z: per column its name and the sum of each effect over rows weighted by sin(1), sin(2), ...).
suppressMessages({library(lme4); library(jsonlite); library(splines)})
set.seed(11); n <- 60
d <- data.frame(y = round(rnorm(n), 3), x = round(rnorm(n), 3), w = round(runif(n), 3), k = sample(c(10, 9, 2.5, 100), n, TRUE),
  a = factor(sample(c("u", "v", "t"), n, TRUE), levels = c("u", "v", "t")), b = factor(sample(c("p", "q", "r", "unused"), n, TRUE, c(3, 2, 1, 0)), levels = c("r", "unused", "q", "p")),
  g = sample(c("g10", "g9", "G1", "g1"), n, TRUE), h = sample(letters[1:6], n, TRUE), s = factor(sample(c("lo", "mid", "hi"), n, TRUE), levels = c("lo", "mid", "hi"), ordered = TRUE),
  l = sample(c(TRUE, FALSE), n, TRUE))
d$g <- factor(d$g, levels = sort(unique(d$g), method = "radix"))
d$x[3] <- NA; d$h[7] <- NA
formulas <- c("y ~ x + (x | g)", "y ~ 1 + (1 | h) + (1 | g)", "y ~ 1 + (1 | g) + (1 | h)", "y ~ (1 | a/b)", "y ~ (1 | a/b/h)", "y ~ (x | a/b)", "y ~ (1 | a:b)", "y ~ (1 | b:a)", "y ~ (1 | a:b:h)",
  "y ~ (x || g)", "y ~ (x * w || h)", "y ~ (0 + x || g)", "y ~ (x + w || a/b)", "y ~ (a | h)", "y ~ (0 + a | h)", "y ~ (s | h)", "y ~ (a:x | h)", "y ~ (0 + a:x | h)", "y ~ (a * x | g)", "y ~ (1 | k)", "y ~ (x | k)",
  "y ~ (poly(w, 2) | h)", "y ~ (ns(w, 2) | h)", "y ~ (log(w) | h)", "y ~ (I(x^2) | h)", "y ~ (x - 1 | h)", "y ~ (x + 0 | h)", "y ~ (x + w | h) + (1 | a) + (0 + w | k)", "y ~ (l | h)", "y ~ (0 + l | h)",
  "y ~ a + (1 | a) + (1 | b) + (1 | s)", "y ~ (1 | l)", "y ~ ((x | g)) + ((1 | h))", "y ~ x * a + (1 | h) + (a || g)", "y ~ scale(x) + (scale(x) | h)", "y ~ (1 | k:a)", "y ~ (1 | g) + (x - 1 | g) + (w - 1 | h)", "y ~ offset(w) + (1 | h)", "y ~ . - h - g + (1 | g)")
one <- function(f) {
  lf <- lFormula(as.formula(f), d, control = lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nlev.gtr.1 = "ignore", check.nobs.vs.rankZ = "ignore", check.scaleX = "ignore", check.rankX = "ignore"))
  re <- lf$reTrms; ws <- sin(seq_len(nrow(lf$fr))); fl <- re$flist[attr(re$flist, "assign")]
  list(formula = f, nobs = nrow(lf$fr), fixed = I(colnames(lf$X)), fixedWeighted = I(as.numeric(ws %*% lf$X)),
    terms = lapply(seq_along(re$cnms), function(i) list(group = names(re$cnms)[i], effects = I(re$cnms[[i]]), levels = I(levels(fl[[i]])), codes = I(as.integer(fl[[i]]) - 1L),
      # rows of this term's Zt: level by level, effect within level
      weighted = I(as.numeric(re$Ztlist[[i]] %*% ws)))))
}
cat(toJSON(list(source = paste("R", getRversion(), "lme4", packageVersion("lme4")),
  data = lapply(d, function(v) if (is.factor(v)) list(levels = levels(v), ordered = is.ordered(v), values = as.character(v)) else v),
  cases = lapply(formulas, one)), auto_unbox = TRUE, digits = 16, na = "null"))
