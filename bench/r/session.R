# A long-lived R process for the benchmarks: one JSON request per line on standard input, one JSON answer per
# line on standard output. Only the calls of lmer and refit themselves are timed.
suppressMessages({library(lme4); library(jsonlite); library(splines)})

typed <- function(csv, schema) {
  fields <- fromJSON(schema, simplifyVector = FALSE)$fields
  d <- read.csv(csv, colClasses = "character", na.strings = "", check.names = FALSE)
  for (f in fields) {
    v <- d[[f$name]]
    d[[f$name]] <- if (!is.null(f$categories)) factor(v, levels = unlist(f$categories), ordered = isTRUE(f$categoriesOrdered))
      else if (f$type %in% c("number", "integer")) as.numeric(v)
      else if (f$type == "boolean") as.logical(v)
      else v
  }
  d
}

seconds <- function(expr) { t0 <- Sys.time(); force(expr); as.numeric(Sys.time() - t0, units = "secs") }
criterion <- function(m) unname(m@devcomp$cmp[[if (isREML(m)) "REML" else "dev"]])
# lmer's defaults; only the checks that refuse or comment on a model are off.
control <- lmerControl(check.nobs.vs.nRE = "ignore", check.nobs.vs.nlev = "ignore",
                       check.rankX = "silent.drop.cols", check.scaleX = "ignore")
d <- NULL
m <- NULL

fit <- function(r) {
  call <- list(formula = as.formula(r$formula), data = quote(d), REML = isTRUE(r$reml), control = control)
  if (!is.null(r$weights)) call$weights <- as.name(r$weights)
  if (!is.null(r$offset)) call$offset <- as.name(r$offset)
  if (!is.null(r$contrasts)) call$contrasts <- lapply(r$contrasts, function(k) paste0("contr.", k))
  environment(call$formula) <- globalenv()
  said <- character(0)
  t <- seconds(m <<- withCallingHandlers(suppressMessages(do.call(lmer, call)),
    warning = function(w) { said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning") }))
  list(seconds = t, criterion = criterion(m), theta = I(unname(getME(m, "theta"))),
       evaluations = m@optinfo$feval, warnings = I(unique(said)))
}

# Names as they are, so that intervals can be compared; what lme4 says on the way goes nowhere.
intervals <- function() {
  ci <- NULL
  t <- seconds(utils::capture.output(ci <- suppressMessages(suppressWarnings(
    confint(m, method = "profile", oldNames = FALSE, quiet = TRUE)))))
  list(seconds = t, names = I(rownames(ci)), lower = I(unname(ci[, 1])), upper = I(unname(ci[, 2])))
}

answer <- function(r) switch(r$op,
  versions = { s <- sessionInfo(); list(R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
    Matrix = as.character(packageVersion("Matrix")), BLAS = basename(s$BLAS)) },
  load = { d <<- typed(r$csv, r$schema); gc(); list(rows = nrow(d)) },
  fit = fit(r),
  intervals = intervals(),
  refit = list(seconds = I(vapply(r$responses, function(y) { y <- unlist(y)
    seconds(suppressMessages(suppressWarnings(refit(m, y)))) }, 0))))

input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  out <- tryCatch(answer(fromJSON(line, simplifyVector = FALSE)), error = function(e) list(error = conditionMessage(e)))
  cat(toJSON(out, auto_unbox = TRUE, digits = NA), "\n", sep = "")
  flush(stdout())
}
