# R's minqa on the 53 problems, without bounds and in the box x0 ± 1, with npt = 2n + 1. Prints one JSON object per run.
#
#   gcc -O2 -ffp-contract=off -shared -fPIC -o problems.so problems.c -lm
#   Rscript minqa-runs.R least.txt       (Debian: r-cran-minqa)
suppressMessages(library(minqa))
dyn.load("problems.so")
least <- commandArgs(trailingOnly = TRUE)
least <- if (length(least) > 0) scan(least[1], quiet = TRUE) else rep(0, 106)
line <- 0
for (box in c(FALSE, TRUE)) {
  for (index in 0:52) {
    line <- line + 1
    p <- .C("problem_start", as.integer(index), least[line], 1L, n = integer(1), x0 = double(12), rhobeg = double(1))
    x0 <- p$x0[seq_len(p$n)]
    rhobeg <- if (box) min(p$rhobeg, 0.5) else p$rhobeg
    f <- function(x) .C("problem_value", as.double(x), f = double(1))$f
    lower <- if (box) x0 - 1 else rep(-Inf, p$n)
    upper <- if (box) x0 + 1 else rep(Inf, p$n)
    invisible(suppressWarnings(try(silent = TRUE, bobyqa(x0, f, lower, upper, control = list(
      npt = 2 * p$n + 1, rhobeg = rhobeg, rhoend = 1e-6, maxfun = 3000 * p$n
    )))))
    r <- .C("problem_report", evaluations = integer(1), least = double(1), counts = integer(7), hash = double(1))
    cat(sprintf(
      '{"index": %d, "box": %s, "evaluations": %d, "f": %.17g, "hash": %.0f, "counts": [%s]}\n', index + 1,
      if (box) "true" else "false", r$evaluations, r$least, r$hash, paste(r$counts, collapse = ", ")
    ))
  }
}
