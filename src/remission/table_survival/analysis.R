# ---- reading: the cells as they stand, then numbers, whole days, events
raw <- read.table(file, header = FALSE, sep = delimiter, quote = "\"", colClasses = "character", fill = TRUE,
                  blank.lines.skip = FALSE, comment.char = "", na.strings = character(0), strip.white = TRUE,
                  col.names = paste0("V", seq_len(n_columns)), fileEncoding = encoding)
cell <- function(j) {
  x <- trimws(raw[rows, j])
  x[tolower(x) %in% c("", "na", "n/a", "nan", "null", ".", "?")] <- NA
  x
}
num <- function(x) suppressWarnings(as.numeric(if (decimal_comma) sub(",", ".", x, fixed = TRUE) else x))
days <- function(x) floor(round(num(x) * days_per_unit, 6) + 0.5)
same <- function(x, code) {
  a <- num(x)
  b <- num(code)
  !is.na(x) & (tolower(x) == tolower(code) | (!is.na(a) & !is.na(b) & a == b))
}

# ---- printing: id and value, 17 digits; what is not defined is not printed
out <- function(id, value) {
  keep <- !is.na(value) & is.finite(value)
  if (any(keep)) cat(sprintf("%s %.17g\n", id[keep], value[keep]), sep = "")
}
triple <- function(head, category, test, p = pchisq(test, df, lower.tail = FALSE), df) {
  out(paste0(head, category, c(".statistic", ".df", ".p")), c(test, df, p))
}
z95 <- qnorm(0.975)
exact_fit <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 60)

surv <- function(k, ev = event, at = time, from = entry) {
  if (is.null(from)) Surv(at[k], ev[k]) else Surv(from[k], at[k], ev[k])
}

# ---- curves
crossing <- function(time, height, target) {
  below <- which(height <= target * (1 + 1e-9))
  if (!length(below)) return(NA)
  first <- below[1]
  if (abs(height[first] - target) > 1e-9 * target || median_rule == "first") return(time[first])
  lower <- which(height < target * (1 - 1e-9))
  if (length(lower)) return((time[first] + time[lower[1]]) / 2)
  if (median_rule == "midpoint-inside") NA else (time[first] + time[length(time)]) / 2
}
curve_points <- function(head, fit, switched = numeric(0)) {
  name <- paste0(head, "curve@", fit$time, "d")
  inner <- fit$surv > 0 & fit$surv < 1
  out(paste0(name, ".estimate"), fit$surv)
  out(paste0(name, ".low")[inner], fit$lower[inner])
  out(paste0(name, ".high")[inner], fit$upper[inner])
  out(paste0(name, ".events"), fit$n.event)
  gone <- vapply(fit$time, function(t) sum(switched == t), 0)
  out(paste0(name, ".censored"), fit$n.censor - gone)
}
at_days_of <- function(head, fit, k, edge = FALSE, counts = TRUE, ev = event, at = time, from = entry) {
  last <- max(at[k])
  for (day in at_days) {
    name <- paste0(head, "survival@", at_names[match(day, at_days)])
    s <- summary(fit, times = day, extend = TRUE)
    risk <- sum(at[k] >= day & (if (is.null(from)) TRUE else from[k] < day))
    out(paste0(name, ".at_risk"), risk)
    if (counts) out(paste0(name, ".events"), sum(ev[k] & at[k] <= day))
    if (day > last && min(fit$surv) > 0) next
    seen <- if (is.null(from)) TRUE else any(from[k] < day)
    if (!seen) next
    out(paste0(name, ".estimate"), s$surv)
    if (s$surv > 0) out(paste0(name, ".se"), s$std.err)
    if (s$surv > 0 && (s$surv < 1 || edge)) out(paste0(name, c(".low", ".high")), c(s$lower, s$upper))
  }
}
restricted <- function(k, tau, from = entry) {
  fit <- survfit(surv(k, from = from) ~ 1, timefix = FALSE)
  if (tau > max(time[k]) && min(fit$surv) > 0) return(c(NA, NA))
  unname(summary(fit, rmean = tau)$table[c("rmean", "se(rmean)")])
}
risk_rows <- function(head, k, from = entry, start = NULL, censored = TRUE, ev = event, at = time) {
  for (day in ticks) {
    if (!is.null(start) && day < start) next
    risk <- sum(at[k] >= day & (if (is.null(from)) TRUE else from[k] < day))
    if (!is.null(start) && day == start) risk <- sum(k)
    out(paste0(head, "at_risk@", day, "d.at_risk"), risk)
    out(paste0(head, "at_risk@", day, "d.events"), sum(ev[k] & at[k] <= day))
    if (censored) out(paste0(head, "at_risk@", day, "d.censored"), sum(!ev[k] & at[k] <= day))
  }
}
level_rows <- function(head, k, from = entry, start = NULL) {
  out(paste0(head, "rows", c(".N", ".events", ".censored")), c(sum(k), sum(event[k]), sum(!event[k])))
  if (!any(k)) return(invisible())
  fit <- survfit(surv(k, from = from) ~ 1, conf.type = conf_type, timefix = FALSE)
  inner <- fit$surv > 0 & fit$surv < 1
  begun <- fit$surv < 1
  for (q in list(list("quartile1", 0.75), list("median", 0.5), list("quartile3", 0.25))) {
    rule <- median_rule
    out(paste0(head, q[[1]], ".estimate"), crossing(fit$time, fit$surv, q[[2]]))
    median_rule <<- "midpoint"
    low <- ifelse(fit$surv == 0, 0, fit$lower)
    high <- fit$upper[inner]
    above <- which(high > q[[2]] * (1 + 1e-9))
    from_here <- if (length(above)) max(above) + 1 else 1
    keep <- seq_along(high) >= from_here
    out(paste0(head, q[[1]], ".low"), crossing(fit$time[begun], low[begun], q[[2]]))
    out(paste0(head, q[[1]], ".high"), crossing(fit$time[inner][keep], high[keep], q[[2]]))
    median_rule <<- rule
  }
  at_days_of(head, fit, k, edge = edge_is_one, from = from)
  if (length(tau) && is.null(start)) {
    m <- restricted(k, tau, from)
    name <- paste0(head, "rmst@", tau, "d")
    out(paste0(name, c(".estimate", ".se", ".low", ".high")),
        c(m, max(0, m[1] - z95 * m[2]), min(tau, m[1] + z95 * m[2])))
  }
  curve_points(head, fit)
  risk_rows(head, k, from, start)
}
follow_up_rows <- function(head) {
  # events leave before follow-up ends on the same day
  fit <- survfit(surv(rep(TRUE, n), !event, time - event / 4) ~ 1, conf.type = "log-log", timefix = FALSE)
  q <- quantile(fit, 0.5)
  out(paste0(head, "follow_up", c(".estimate", ".low", ".high")), c(q$quantile, q$lower, q$upper))
}

# ---- tests of groups: sums over the risk sets, so that late entry is possible
weighted <- function(k, g, weight = "one", stratum = rep(1, n), ev = event, at = time, from = entry) {
  lev <- sort(unique(g[k]))
  u <- e <- rep(0, length(lev))
  v <- matrix(0, length(lev), length(lev))
  for (s in unique(stratum[k])) {
    i <- k & stratum == s
    left <- 1
    for (t in sort(unique(at[i & ev]))) {
      r <- i & at >= t & (if (is.null(from)) TRUE else from < t)
      y <- vapply(lev, function(l) sum(r & g == l), 0)
      d <- vapply(lev, function(l) sum(r & g == l & at == t & ev), 0)
      w <- switch(weight, one = 1, rho = left, gehan = sum(y), tarone = sqrt(sum(y)))
      left <- left * (1 - sum(d) / sum(y))
      p <- y / sum(y)
      u <- u + w * (d - sum(d) * p)
      e <- e + w * sum(d) * p
      if (sum(y) > 1) v <- v + w^2 * sum(d) * (sum(y) - sum(d)) / (sum(y) - 1) * (diag(p, length(p)) - outer(p, p))
    }
  }
  j <- which(e > 0)
  list(chi2 = if (length(j) > 1) sum(u[j[-1]] * solve(v[j[-1], j[-1], drop = FALSE], u[j[-1]])) else NA,
       df = length(j) - 1, expected = e, observed = u + e, variance = v, levels = lev)
}
group_tests <- function(head, k, g, level_heads, from = entry) {
  for (w in list(c("logrank", "one"), c("peto_peto", "rho"), c("gehan", "gehan"), c("tarone_ware", "tarone"))) {
    own <- weighted(k, g, w[2], from = from)
    chi2 <- own$chi2
    if (is.null(from) && w[2] %in% c("one", "rho"))
      chi2 <- survdiff(Surv(time[k], event[k]) ~ g[k], rho = as.numeric(w[2] == "rho"))$chisq
    triple(paste0(head, w[1]), "", chi2, df = own$df)
    if (w[1] == "logrank") out(paste0(level_heads[own$levels], "expected.estimate"), own$expected)
  }
}
stratified_test <- function(head, k, g, stratum, from = entry) {
  k <- k & !is.na(stratum)
  own <- weighted(k, g, stratum = stratum, from = from)
  chi2 <- own$chi2
  if (is.null(from)) chi2 <- survdiff(Surv(time[k], event[k]) ~ g[k] + strata(stratum[k]))$chisq
  triple(paste0(head, "logrank_stratified"), "", chi2, df = own$df)
}
pair_tests <- function(head, k, g, pairs, names, from = entry) {
  p <- vapply(seq_len(nrow(pairs)), function(i) {
    own <- weighted(k & g %in% pairs[i, ], g, from = from)
    out(paste0(head, "pairs@", names[i], ".statistic"), own$chi2)
    pchisq(own$chi2, 1, lower.tail = FALSE)
  }, 0)
  out(paste0(head, "pairs@", names, ".p"), p)
  out(paste0(head, "pairs_holm@", names, ".p"), p.adjust(p, "holm"))
}
observed_expected <- function(head, k, g, level, from = entry) {
  own <- weighted(k, g, from = from)
  ratio_rows <- function(name, b, se) {
    out(paste0(head, name, level, c(".ratio", ".low", ".high")), exp(b + c(0, -1, 1) * z95 * se))
    out(paste0(head, name, "_log", level, c(".estimate", ".se")), c(b, se))
  }
  o <- own$observed
  e <- own$expected
  ratio_rows("hazard_ratio", log((o[2] / e[2]) / (o[1] / e[1])), sqrt(1 / e[1] + 1 / e[2]))
  v <- own$variance[2, 2]
  ratio_rows("hazard_ratio_mantel_haenszel", (o[2] - e[2]) / v, 1 / sqrt(v))
}
rmst_contrast <- function(head, k1, k2, category) {
  a <- restricted(k1, tau)
  b <- restricted(k2, tau)
  d <- b[1] - a[1]
  se <- sqrt(a[2]^2 + b[2]^2)
  out(paste0(head, "rmst_difference@", category, c(".estimate", ".se", ".low", ".high", ".p")),
      c(d, se, d - z95 * se, d + z95 * se, 2 * pnorm(-abs(d / se))))
  r <- log(b[1] / a[1])
  se <- sqrt((a[2] / a[1])^2 + (b[2] / b[1])^2)
  out(paste0(head, "rmst_ratio@", category, c(".ratio", ".low", ".high", ".p")),
      c(exp(r + c(0, -1, 1) * z95 * se), 2 * pnorm(-abs(r / se))))
}

# ---- Cox models. columns: data frame of covariates; names: id of each coefficient, as c(variable, category)
coefficients_of <- function(head, names, b, se, robust = NULL) {
  used <- if (is.null(robust)) se else robust
  at <- function(suffix, stat) paste0(head, names[, 1], suffix, names[, 2], ".", stat)
  out(at("", "ratio"), exp(b))
  out(at("", "low"), exp(b - z95 * used))
  out(at("", "high"), exp(b + z95 * used))
  out(at("", "p"), 2 * pnorm(-abs(b / used)))
  out(at("_log", "estimate"), b)
  out(at("_log", "low"), b - z95 * used)
  out(at("_log", "high"), b + z95 * used)
  out(at("_log", "se"), se)
  out(at("_log", "statistic"), b / used)
  if (!is.null(robust)) out(at("_log_robust", "se"), robust)
}
cox_fit <- function(y, columns, stratum = NULL, cluster = NULL) {
  d <- data.frame(columns)
  f <- paste("y ~", paste(names(d), collapse = " + "))
  if (!is.null(stratum)) {
    d$stratum_ <- stratum
    f <- paste(f, "+ strata(stratum_)")
  }
  call <- list(as.formula(f, env = environment()), data = d, ties = ties, control = exact_fit, x = TRUE, y = TRUE)
  if (!is.null(cluster)) call$cluster <- cluster
  call$timefix <- NULL
  do.call(coxph, call)
}
errors_of <- function(fit) {
  robust <- !is.null(fit$naive.var)
  list(se = sqrt(diag(if (robust) fit$naive.var else fit$var)), robust = if (robust) sqrt(diag(fit$var)) else NULL)
}
cox_rows <- function(head, prefix, y, columns, names, terms, stratum = NULL, cluster = NULL, left_out = 0) {
  fit <- cox_fit(y, columns, stratum, cluster)
  e <- errors_of(fit)
  coefficients_of(paste0(head, prefix, "_"), names, unname(coef(fit)), e$se, e$robust)
  one <- function(name, value) out(paste0(head, prefix, "_", name), value)
  one("model.N", fit$n)
  one("model.events", fit$nevent)
  one("model.censored", fit$n - fit$nevent)
  one("model_left_out.n", left_out)
  one("events_per_parameter.estimate", fit$nevent / length(coef(fit)))
  df <- sum(!is.na(coef(fit)))
  triple(paste0(head, prefix, "_lr"), "", 2 * diff(fit$loglik), df = df)
  triple(paste0(head, prefix, "_score"), "", fit$score, df = df)
  triple(paste0(head, prefix, "_wald"), "", unname(fit$wald.test), df = df)
  if (!is.null(fit$rscore)) triple(paste0(head, prefix, "_robust_score"), "", fit$rscore, df = df)
  one(c("loglik@null.estimate", "loglik@model.estimate"), fit$loglik)
  c0 <- unname(fit$concordance["concordance"])
  se <- unname(fit$concordance["std"])
  one(c("concordance.estimate", "concordance.se", "concordance.low", "concordance.high"),
      c(c0, se, max(0, c0 - z95 * se), min(1, c0 + z95 * se)))
  if (ties == "exact") return(invisible())
  zph <- cox.zph(fit)$table
  # a covariate without a coefficient is in the model and not in the test
  labels <- c(attr(fit$terms, "term.labels"), "GLOBAL")
  labels <- labels[!grepl("^(strata|cluster)\\(", labels)]
  for (i in which(labels %in% rownames(zph))) {
    out(paste0(head, prefix, "_ph@", terms[i], c(".statistic", ".df", ".p")), zph[labels[i], c("chisq", "df", "p")])
  }
}
pieces_of <- function(k) {
  from <- if (is.null(entry)) rep(-1, n) else entry
  counts <- !is.na(switch_day) & switch_day < time
  first <- counts & switch_day <= pmax(from, 0)
  inside <- counts & !first
  a <- which(k)
  b <- which(k & inside)
  list(who = c(a, b), from = c(from[a], switch_day[b]), at = c(ifelse(inside, switch_day, time)[a], time[b]),
       ev = c((event & !inside)[a], event[b]), after = c(as.numeric(first)[a], rep(1, length(b))),
       ends = c(inside[a], rep(FALSE, length(b))))
}

# ---- competing risks
incidence_rows <- function(head, k) {
  out(paste0(head, "rows", c(".N", ".censored")), c(sum(k), sum(cause[k] == 0)))
  for (c in seq_len(n_causes)) out(paste0(head, "rows@cause_", c, ".events"), sum(cause[k] == c))
  if (!any(k)) return(invisible())
  event <<- cause > 0
  free <- survfit(surv(k) ~ 1, conf.type = "log-log", timefix = FALSE)
  state <- factor(cause[k], 0:n_causes)
  y <- if (is.null(entry)) Surv(time[k], state) else Surv(entry[k], time[k], state)
  many <- if (is.null(entry)) survfit(y ~ 1, timefix = FALSE) else
    survfit(y ~ 1, id = seq_len(sum(k)), timefix = FALSE)
  ci <- if (is.null(entry)) cmprsk::cuminc(time[k], cause[k], cencode = 0) else NULL
  at <- function(t) vapply(seq_len(n_causes), function(c) {
    i <- sum(many$time <= t)
    if (i) many$pstate[i, c + 1] else 0
  }, 0)
  limits <- function(f, se) f^exp(c(-1, 1) * z95 * se / f / log(f))
  error <- function(c, t) {
    name <- paste("1", c)
    if (is.null(ci) || !name %in% names(ci)) NA else sqrt(cmprsk::timepoints(ci[name], t)$var)
  }
  last <- max(time[k])
  for (day in at_days) {
    s <- summary(free, times = day, extend = TRUE)$surv
    out(paste0(head, "incidence@", at_names[match(day, at_days)], ".at_risk"), sum(time[k] >= day & (if (is.null(entry)) TRUE else entry[k] < day)))
    if (day > last && s > 0) next
    f <- at(day)
    out(paste0(head, "event_free@", at_names[match(day, at_days)], ".estimate"), s)
    out(paste0(head, "closure@", at_names[match(day, at_days)], ".estimate"), s + sum(f))
    for (c in seq_len(n_causes)) {
      name <- paste0(head, "incidence@", cause_names[c], "_", at_names[match(day, at_days)])
      out(paste0(name, ".estimate"), f[c])
      se <- error(c, day)
      if (f[c] > 0 && f[c] < 1 && !is.na(se)) {
        lim <- limits(f[c], se)
        out(paste0(name, c(".se", ".low", ".high")), c(se, min(lim), max(lim)))
      }
    }
  }
  for (c in seq_len(n_causes)) {
    f <- many$pstate[, c + 1]
    out(paste0(head, "incidence_curve@", cause_names[c], "_", many$time, "d.estimate"), f)
    se <- as.vector(error(c, many$time))
    ok <- f > 0 & f < 1 & !is.na(se)
    if (!any(ok)) next
    lim <- mapply(function(f, se) range(limits(f, se)), f[ok], se[ok])
    out(paste0(head, "incidence_curve@", cause_names[c], "_", many$time[ok], "d.low"), lim[1, ])
    out(paste0(head, "incidence_curve@", cause_names[c], "_", many$time[ok], "d.high"), lim[2, ])
  }
  risk_rows(head, k)
}
gray_rows <- function(head, k, g, stratum = NULL) {
  if (!is.null(entry)) return(invisible())
  if (!is.null(stratum)) k <- k & !is.na(stratum)
  test <- if (is.null(stratum)) cmprsk::cuminc(time[k], cause[k], g[k], cencode = 0)$Tests else
    cmprsk::cuminc(time[k], cause[k], g[k], strata = stratum[k], cencode = 0)$Tests
  for (c in rownames(test)) {
    out(paste0(head, "@", cause_names[as.numeric(c)], c(".statistic", ".df", ".p")), test[c, c("stat", "df", "pv")])
  }
}
fine_gray_rows <- function(head, k, c, columns, names) {
  X <- model.matrix(~ ., data.frame(columns))[, -1, drop = FALSE]
  fit <- cmprsk::crr(time[k], cause[k], X, failcode = c, cencode = 0, gtol = 1e-10, maxiter = 50)
  b <- unname(fit$coef)
  se <- sqrt(diag(fit$var))
  variable <- paste0(head, "fine_gray", c, "_")
  at <- function(suffix, stat) paste0(variable, names[, 1], suffix, names[, 2], ".", stat)
  out(at("", "ratio"), exp(b))
  out(at("", "low"), exp(b - z95 * se))
  out(at("", "high"), exp(b + z95 * se))
  out(at("", "p"), 2 * pnorm(-abs(b / se)))
  out(at("_log", "estimate"), b)
  out(at("_log", "se"), se)
  out(at("_log", "statistic"), b / se)
  out(paste0(variable, "loglik@", c("null", "model"), ".estimate"), c(fit$loglik.null, fit$loglik))
}

# ---- what happens later
later_rows <- function(head) {
  every <- rep(TRUE, n)
  p <- pieces_of(every)
  ever <- seq_len(n) %in% p$who[p$after == 1]
  out(paste0(head, "switched.n"), sum(ever))
  naive <- cox_fit(surv(every), list(x = as.numeric(ever)))
  right <- cox_fit(Surv(p$from, p$at, p$ev), list(x = p$after))
  coefficients_of(head, cbind("naive", ""), unname(coef(naive)), errors_of(naive)$se)
  coefficients_of(head, cbind("time_dependent", ""), unname(coef(right)), errors_of(right)$se)
  out(paste0(head, "bias.ratio"), exp(unname(coef(right) - coef(naive))))
  all_pieces <- rep(TRUE, length(p$who))
  own <- weighted(all_pieces, p$after, stratum = all_pieces, ev = p$ev, at = p$at, from = p$from)
  triple(paste0(head, "mantel_byar"), "", own$chi2, df = own$df)
  for (s in 0:1) {
    k <- p$after == s
    state <- paste0("survival.by_state.", c("before.", "after.")[s + 1])
    fit <- survfit(Surv(p$from[k], p$at[k], p$ev[k]) ~ 1, conf.type = conf_type, timefix = FALSE)
    at_days_of(state, fit, k, counts = FALSE, ev = p$ev, at = p$at, from = p$from)
    curve_points(state, fit, p$at[k & p$ends])
    risk_rows(state, k, p$from, censored = FALSE, ev = p$ev, at = p$at)
  }
}
landmark_rows <- function(head, day) {
  k <- time > day
  after <- as.numeric(!is.na(switch_day) & switch_day <= day)
  name <- paste0("@", day, "d.")
  fit <- cox_fit(Surv(time[k], event[k]), list(x = after[k]))
  b <- unname(coef(fit))
  se <- errors_of(fit)$se
  out(paste0(head, "landmark", name, c("ratio", "low", "high", "p")),
      c(exp(b + c(0, -1, 1) * z95 * se), 2 * pnorm(-abs(b / se))))
  test <- survdiff(Surv(time[k], event[k]) ~ after[k])
  out(paste0(head, "landmark_logrank", name, c("statistic", "df", "p")),
      c(test$chisq, 1, pchisq(test$chisq, 1, lower.tail = FALSE)))
  for (s in 0:1) {
    i <- k & after == s
    out(paste0(head, c("landmark_before", "landmark_after")[s + 1], name, c("N", "events", "censored")),
        c(sum(i), sum(event[i]), sum(!event[i])))
  }
  out(paste0(head, "landmark_lost", name, "n"), sum(!k))
}

# ---- Firth's penalised likelihood, from coxph held at given coefficients
firth_rows <- function(head, prefix, y, columns, names, stratum = NULL, left_out = 0) {
  d <- data.frame(columns)
  X <- model.matrix(~ ., d)[, -1, drop = FALSE]
  # a constant, or a combination of earlier columns, has no coefficient
  asked <- ncol(X)
  found <- qr(cbind(1, X))
  varies <- sort(found$pivot[seq_len(found$rank)])[-1] - 1
  X <- X[, varies, drop = FALSE]
  names <- names[varies, , drop = FALSE]
  scale <- apply(X, 2, sd)
  X <- scale(X, TRUE, scale)
  held <- function(b) {
    f <- if (is.null(stratum)) y ~ X else y ~ X + strata(stratum)
    fit <- suppressWarnings(coxph(f, init = b, ties = ties, control = coxph.control(iter.max = 0)))
    -(fit$loglik[2] - determinant(fit$var)$modulus / 2)
  }
  p <- ncol(X)
  best <- optim(rep(0, p), held, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))
  for (i in 1:5) best <- optim(best$par, held, method = "BFGS", control = list(reltol = 1e-16, maxit = 500))
  other <- function(j, x) {
    if (p == 1) return(held(x))
    g <- function(r) held(append(r, x, j - 1))
    found <- optim(best$par[-j], g, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))
    optim(found$par, g, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))$value
  }
  at <- function(suffix, stat) paste0(head, prefix, "_", names[, 1], suffix, names[, 2], ".", stat)
  limit <- function(j, side) {
    f <- function(x) 2 * (other(j, best$par[j] + side * x) - best$value) - qchisq(0.95, 1)
    top <- 1
    while (f(top) < 0 && top < 60) top <- top * 1.5
    if (f(top) < 0) NA else best$par[j] + side * uniroot(f, c(0, top), tol = 1e-11)$root
  }
  low <- vapply(seq_len(p), limit, 0, side = -1) / scale
  high <- vapply(seq_len(p), limit, 0, side = 1) / scale
  lr <- vapply(seq_len(p), function(j) 2 * (other(j, 0) - best$value), 0)
  out(at("", "ratio"), exp(best$par / scale))
  out(at("", "low"), exp(low))
  out(at("", "high"), exp(high))
  out(at("", "p"), pchisq(lr, 1, lower.tail = FALSE))
  out(at("_log", "estimate"), best$par / scale)
  out(at("_log", "low"), low)
  out(at("_log", "high"), high)
  f <- if (is.null(stratum)) y ~ X else y ~ X + strata(stratum)
  top <- suppressWarnings(coxph(f, init = best$par, ties = ties, control = coxph.control(iter.max = 0)))
  se <- sqrt(diag(top$var)) / scale
  out(at("_log", "se"), se)
  out(at("_log", "statistic"), best$par / scale / se)
  one <- function(name, value) out(paste0(head, prefix, "_", name), value)
  ev <- y[, ncol(y)]
  one("model.N", nrow(d))
  one("model.events", sum(ev))
  one("model.censored", sum(!ev))
  one("model_left_out.n", left_out)
  one("events_per_parameter.estimate", sum(ev) / asked)
  triple(paste0(head, prefix, "_lr"), "", 2 * (held(rep(0, p)) - best$value), df = p)
}
