# ---- competing risks. causes: the codes that occur; cause_names: what they are called in an id
incidence_counts <- function(head, k) {
  out(paste0(head, "rows", c(".N", ".censored")), c(sum(k), sum(cause[k] == 0)))
  for (c in causes) out(paste0(head, "rows@cause_", c, ".events"), sum(cause[k] == c))
}
incidence_rows <- function(head, k) {
  if (!any(k)) return(invisible())
  event <<- cause > 0
  free <- survfit(surv(k) ~ 1, conf.type = "log-log", timefix = FALSE)
  state <- factor(cause[k], c(0, causes))
  y <- if (is.null(entry)) Surv(time[k], state) else Surv(entry[k], time[k], state)
  # with one row each the marginal incidences are those of one state left for several
  many <- if (is.null(entry)) survfit(y ~ 1, timefix = FALSE) else
    survfit(y ~ 1, id = seq_len(sum(k)), timefix = FALSE)
  found <- lapply(seq_along(causes), function(i) incidence_of(k, causes[i], free, many, i))
  last <- max(time[k])
  for (day in at_days) {
    s <- summary(free, times = day, extend = TRUE)$surv
    shown <- at_names[match(day, at_days)]
    out(paste0(head, "incidence@", shown, ".at_risk"), n_at_risk(k, day))
    if (day > last && s > 0) next
    if (!is.null(entry) && !any(entry[k] < day)) next
    at <- sum(many$time <= day)
    f <- vapply(found, function(x) if (at) x$f[at] else 0, 0)
    out(paste0(head, "event_free@", shown, ".estimate"), s)
    out(paste0(head, "closure@", shown, ".estimate"), s + sum(f))
    for (i in seq_along(causes)) {
      x <- found[[i]]
      row <- if (at && f[i] > 0) c(f[i], x$se[at], x$low[at], x$high[at]) else
        c(0, 0, 0, 1 - none_had_it(fewest(k, min(day, last), time, entry)))
      out(paste0(head, "incidence@", cause_names[i], "_", shown, c(".estimate", ".se", ".low", ".high")), row)
    }
  }
  for (i in seq_along(causes)) {
    name <- paste0(head, "incidence_curve@", cause_names[i], "_", many$time, "d")
    out(paste0(name, ".estimate"), found[[i]]$f)
    out(paste0(name, ".low"), found[[i]]$low)
    out(paste0(name, ".high"), found[[i]]$high)
  }
  risk_rows(head, k)
}
# one cause: incidence, its error by Aalen's variance, limits on the log-log scale and exact ones at 0 and 1
incidence_of <- function(k, c, free, many, i) {
  f <- many$pstate[, i + 1]
  se <- if (is.null(entry)) gray_error(k, c, many$time) else aalen_error(k, c, free, f)
  inner <- f > 0 & f < 1 - 1e-12
  low <- high <- rep(NA, length(f))
  width <- z95 * se / f / log(f)
  low[inner] <- (f^exp(-width))[inner]
  high[inner] <- (f^exp(width))[inner]
  low[f == 0] <- 0
  if (any(f == 0)) high[f == 0] <- 1 - none_had_it(fewest(k, many$time[f == 0], time, entry))
  for (j in which(f >= 1 - 1e-12)) {
    low[j] <- 1 - all_had_it(free$n.risk[1:j], free$n.event[1:j])
    high[j] <- 1
  }
  list(f = f, se = se, low = low, high = high)
}
gray_error <- function(k, c, days) {
  found <- cmprsk::cuminc(time[k], cause[k], cencode = 0)
  name <- paste("1", c)
  if (name %in% names(found)) as.vector(sqrt(cmprsk::timepoints(found[name], days)$var)) else rep(NA, length(days))
}
# cmprsk knows no late entry: sums over the days with an event (Aalen & Johansen 1978)
aalen_error <- function(k, c, free, f) {
  own <- vapply(free$time, function(t) sum(k & time == t & cause == c), 0)
  other <- free$n.event - own
  y <- free$n.risk
  before <- c(1, free$surv[-length(free$surv)])
  tied <- function(d) ifelse(d > 1, d * (1 - (d - 1) / pmax(y - 1, 1)), d)
  left <- ifelse(free$surv > 0, 1 / free$surv, 0)
  vapply(seq_along(f), function(t) {
    u <- seq_len(t)
    still <- (f[t] - f[u]) * left[u]
    sqrt(sum((before[u] / y[u])^2 * ((1 - still)^2 * tied(own)[u] + still^2 * tied(other)[u])))
  }, 0)
}
gray_rows <- function(head, k, g, stratum = NULL) {
  if (!is.null(stratum)) k <- k & !is.na(stratum)
  if (length(unique(g[k])) < 2) return(invisible())
  if (!is.null(entry)) {
    for (i in seq_along(causes)) {
      own <- gray_with_entry(k, g, causes[i], if (is.null(stratum)) rep(1, n) else stratum)
      triple(paste0(head, "@", cause_names[i]), own$chi2, own$df)
    }
    return(invisible())
  }
  test <- if (is.null(stratum)) cmprsk::cuminc(time[k], cause[k], g[k], cencode = 0)$Tests else
    cmprsk::cuminc(time[k], cause[k], g[k], strata = stratum[k], cencode = 0)$Tests
  for (c in rownames(test)) {
    name <- cause_names[match(as.numeric(c), causes)]
    out(paste0(head, "@", name, c(".statistic", ".df", ".p")), test[c, c("stat", "df", "pv")])
  }
}
# Gray 1988, Ann Stat 16:1141, section 3, with numbers at risk that can grow: cmprsk has no late entry
gray_with_entry <- function(k, g, c, stratum) {
  lev <- sort(unique(g[k]))
  u <- e <- rep(0, length(lev))
  v <- diag(0, length(lev))
  for (s in unique(stratum[k])) {
    part <- gray_stratum(k & stratum == s, g, c, lev)
    u <- u + part$u
    e <- e + part$e
    v <- v + part$v
  }
  j <- which(e > 0)
  list(chi2 = if (length(j) > 1) attempt(sum(u[j[-1]] * solve(v[j[-1], j[-1], drop = FALSE], u[j[-1]]))) else NA,
       df = length(j) - 1)
}
gray_stratum <- function(k, g, c, lev) {
  days <- sort(unique(time[k & cause > 0]))
  of_levels <- function(f, t) vapply(lev, function(l) f(t, k & g == l), 0)
  count <- function(f) matrix(vapply(days, function(t) of_levels(f, t), lev + 0), length(lev))
  y <- count(function(t, i) n_at_risk(i, t))
  own <- count(function(t, i) sum(i & time == t & cause == c))
  other <- count(function(t, i) sum(i & time == t & cause > 0 & cause != c))
  rate <- function(a, b) ifelse(b > 0, a / b, 0)
  along <- function(x, f) matrix(apply(x, 1, f), ncol = length(days), byrow = TRUE)
  previous <- function(x, first) cbind(rep(first, nrow(x)), x)[, seq_along(days), drop = FALSE]
  free <- along(1 - rate(own + other, y), cumprod)
  h <- rate(y, previous(free, 1))
  own[h == 0] <- 0
  other[h == 0] <- 0
  at_risk <- h * (1 - previous(along(rate(own, h), cumsum), 0))
  d <- colSums(own)
  total <- colSums(h)
  step <- rate(d, total)
  pooled <- cumsum(step)
  hazard <- rate(step, 1 - c(0, pooled)[seq_along(days)])
  expected <- t(t(at_risk) * rate(d, colSums(at_risk)))
  tied <- function(d, y) ifelse(d > 1 & y > 1, 1 - (d - 1) / (y - 1), 1)
  v <- diag(0, length(lev))
  for (j in seq_along(lev)) {
    # what an event in group j adds to the score of every group: on its day, and by who is left afterwards
    a <- t(vapply(seq_along(lev), function(i) h[j, ] * ((i == j) - rate(h[i, ], total)), days + 0))
    a <- matrix(a, length(lev))
    steps <- t(t(a) * hazard)
    later <- rowSums(steps) - along(steps, cumsum)
    later[abs(later) < 1e-13 * rowSums(abs(steps))] <- 0
    ratio <- rate(1 - pooled, free[j, ])
    of_own <- a + t(t(later) * (1 - ratio))
    of_other <- t(t(later) * ratio)
    v1 <- rate(1, h[j, ]) * step * tied(d, total * previous(free, 1)[j, ])
    v2 <- rate(1, h[j, ])^2 * other[j, ] * tied(other[j, ], y[j, ])
    v <- v + of_own %*% (t(of_own) * v1) + of_other %*% (t(of_other) * v2)
  }
  list(u = rowSums(own) - rowSums(expected), e = rowSums(expected), v = v)
}
# head: with the name of the model; names: of each coefficient
fine_gray_rows <- function(head, k, c, columns, names) {
  X <- model.matrix(~ ., data.frame(columns))[, -1, drop = FALSE]
  # a day later for everybody: the model depends on the order of the days alone, and crr takes a censoring on day 0
  # as if it had not been at risk on that day
  model <- function(...) cmprsk::crr(time[k] + 1, cause[k], X, failcode = c, cencode = 0, ...)
  near <- model(gtol = 1e-10, maxiter = 50)
  # the search of crr ends where the likelihood does not rise any more: one step on what is left of the score
  b <- unname(near$coef + drop(near$invinf %*% colSums(as.matrix(near$res))))
  fit <- model(init = b, gtol = 1e-6)
  coefficients_of(head, names, b, sqrt(diag(fit$var)))
  out(paste0(head, "loglik@", c("null", "model"), ".estimate"), c(fit$loglik.null, fit$loglik))
}
