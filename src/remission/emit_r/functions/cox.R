# ---- Cox models. columns: data frame of covariates; names: id of each coefficient, as c(variable, category)
coefficients_of <- function(head, names, b, se, robust = NULL, low_high = NULL, p = NULL) {
  used <- if (is.null(robust)) se else robust
  if (is.null(low_high)) low_high <- cbind(b - z95 * used, b + z95 * used)
  if (is.null(p)) p <- 2 * pnorm(-abs(b / used))
  at <- function(suffix, stat) paste0(head, names[, 1], suffix, names[, 2], ".", stat)
  out(at("", "ratio"), exp(b))
  out(at("", "low"), exp(low_high[, 1]))
  out(at("", "high"), exp(low_high[, 2]))
  out(at("", "p"), p)
  out(at("_log", "estimate"), b)
  out(at("_log", "low"), low_high[, 1])
  out(at("_log", "high"), low_high[, 2])
  out(at("_log", "se"), se)
  out(at("_log", "statistic"), b / used)
  if (!is.null(robust)) out(at("_log_robust", "se"), robust)
}
cox_fit <- function(y, columns, stratum = NULL, cluster = NULL, ties_ = ties, init = NULL) {
  d <- data.frame(columns)
  f <- paste("y ~", paste(names(d), collapse = " + "))
  if (!is.null(stratum)) {
    d$stratum_ <- stratum
    f <- paste(f, "+ strata(stratum_)")
  }
  call <- list(as.formula(f, env = environment()), data = d, ties = ties_, control = exact_fit, x = TRUE, y = TRUE)
  if (!is.null(cluster)) call$cluster <- cluster
  if (!is.null(init)) {  # held at given coefficients
    call$init <- init
    call$control <- coxph.control(iter.max = 0)
  }
  suppressWarnings(do.call(coxph, call))
}
errors_of <- function(fit) {
  robust <- !is.null(fit$naive.var)
  list(se = sqrt(diag(if (robust) fit$naive.var else fit$var)), robust = if (robust) sqrt(diag(fit$var)) else NULL)
}
# what a model rests on. model, rate: ids of the counts and of the events per coefficient
model_counts <- function(model, rate, y, coefficients) {
  ev <- y[, ncol(y)]
  out(paste0(model, c(".N", ".events", ".censored")), c(length(ev), sum(ev), sum(!ev)))
  out(paste0(rate, ".estimate"), sum(ev) / coefficients)
}
# tests: what the ids of the tests begin with. terms: id of each covariate and of the global test.
# whole: every coefficient has a maximum; else there are the tests that need none
cox_rows <- function(head, tests, y, columns, names, terms, stratum = NULL, cluster = NULL, whole = TRUE) {
  fit <- cox_fit(y, columns, stratum, cluster)
  df <- sum(!is.na(coef(fit)))
  triple(paste0(tests, "lr"), 2 * diff(fit$loglik), df)
  triple(paste0(tests, "score"), fit$score, df)
  out(paste0(tests, c("loglik@null.estimate", "loglik@model.estimate")), fit$loglik)
  if (!whole) return(invisible())
  e <- errors_of(fit)
  coefficients_of(head, names, unname(coef(fit)), e$se, e$robust)
  triple(paste0(tests, "wald"), unname(fit$wald.test), df)
  if (!is.null(fit$rscore)) triple(paste0(tests, "robust_score"), fit$rscore, df)
  checks_of(tests, fit, terms)
}
checks_of <- function(tests, fit, terms) {
  c0 <- unname(fit$concordance["concordance"])
  se <- unname(fit$concordance["std"])
  out(paste0(tests, "concordance", c(".estimate", ".se", ".low", ".high")),
      c(c0, se, max(0, c0 - z95 * se), min(1, c0 + z95 * se)))
  if (fit$method == "exact") return(invisible())
  zph <- tryCatch(cox.zph(fit)$table, error = function(e) NULL)  # singular in a handful of rows
  if (is.null(zph)) return(invisible())
  # a covariate without a coefficient is in the model and not in the test
  labels <- c(attr(fit$terms, "term.labels"), "GLOBAL")
  labels <- labels[!grepl("^(strata|cluster)\\(", labels)]
  for (i in which(labels %in% rownames(zph))) {
    out(paste0(tests, "ph@", terms[i], c(".statistic", ".df", ".p")), zph[labels[i], c("chisq", "df", "p")])
  }
}
# one model by itself: its coefficients and nothing else
single_rows <- function(head, y, columns, names, stratum = NULL, cluster = NULL) {
  fit <- cox_fit(y, columns, stratum, cluster)
  e <- errors_of(fit)
  coefficients_of(head, names, unname(coef(fit)), e$se, e$robust)
}
