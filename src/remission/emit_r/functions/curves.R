# ---- limits where nobody or everybody has had the event
# nobody of m: the limit of binom.test(m, m); with late entry m is the least number at risk so far
fewest <- function(k, days, at, from) {
  axis <- sort(unique(c(at[k], if (!is.null(from)) from[k], days)))
  risk <- n_at_risk(k, axis, at, from)
  least <- cummin(ifelse(cumsum(risk) > 0, risk, Inf))
  ifelse(is.finite(least), least, 0)[match(days, axis)]
}
none_had_it <- function(m) ifelse(m > 0, qbeta(0.025, pmax(m, 1), 1), 0)
# everybody: the product of one beta variable a day, taken as the beta with its mean and its variance
all_had_it <- function(y, d) {
  mean <- prod((y - d + 1) / (y + 1))
  square <- prod((y - d + 1) * (y - d + 2) / (y + 1) / (y + 2))
  size <- (mean - square) / (square - mean^2)
  qbeta(0.975, mean * size, (1 - mean) * size)
}
# ---- curves
crossing <- function(time, height, target, rule = median_rule) {
  below <- which(height <= target * (1 + 1e-9))
  if (!length(below)) return(NA)
  first <- below[1]
  if (abs(height[first] - target) > 1e-9 * target || rule == "first") return(time[first])
  lower <- which(height < target * (1 - 1e-9))
  if (length(lower)) return((time[first] + time[lower[1]]) / 2)
  if (rule == "midpoint-inside") NA else (time[first] + time[length(time)]) / 2
}
# where the band comes down to a height
limits_at <- function(fit, height) {
  inner <- fit$surv > 0 & fit$surv < 1
  begun <- fit$surv < 1
  low <- ifelse(fit$surv == 0, 0, fit$lower)
  high <- fit$upper[inner]
  above <- which(high > height * (1 + 1e-9))
  keep <- seq_along(high) > max(0, above)
  c(crossing(fit$time[begun], low[begun], height, "midpoint"),
    crossing(fit$time[inner][keep], high[keep], height, "midpoint"))
}
limits_of <- function(fit, k, at = time, from = entry) {
  low <- fit$lower
  high <- fit$upper
  none <- fit$surv == 1
  if (any(none)) low[none] <- none_had_it(fewest(k, fit$time[none], at, from))
  high[none] <- 1
  for (i in which(fit$surv == 0)) {
    low[i] <- 0
    high[i] <- all_had_it(fit$n.risk[1:i], fit$n.event[1:i])
  }
  list(low = low, high = high)
}
curve_points <- function(head, fit, k, at = time, from = entry, switched = numeric(0)) {
  name <- paste0(head, "curve@", fit$time, "d")
  limits <- limits_of(fit, k, at, from)
  out(paste0(name, ".estimate"), fit$surv)
  out(paste0(name, ".low"), limits$low)
  out(paste0(name, ".high"), limits$high)
  out(paste0(name, ".events"), fit$n.event)
  gone <- vapply(fit$time, function(t) sum(switched == t), 0)
  out(paste0(name, ".censored"), fit$n.censor - gone)
}
at_days_of <- function(head, fit, k, edge = FALSE, counts = TRUE, ev = event, at = time, from = entry) {
  last <- max(at[k])
  limits <- limits_of(fit, k, at, from)
  for (day in at_days) {
    name <- paste0(head, "survival@", at_names[match(day, at_days)])
    s <- summary(fit, times = day, extend = TRUE)
    out(paste0(name, ".at_risk"), n_at_risk(k, day, at, from))
    if (counts) out(paste0(name, ".events"), sum(ev[k] & at[k] <= day))
    if (day > last && min(fit$surv) > 0) next
    seen <- if (is.null(from)) TRUE else any(from[k] < day)
    if (!seen) next
    out(paste0(name, ".estimate"), s$surv)
    if (s$surv > 0) out(paste0(name, ".se"), s$std.err)
    low_high <- if (s$surv < 1) c(limits$low, limits$high)[sum(fit$time <= day) + c(0, length(fit$time))] else
      c(if (edge) 1 else none_had_it(fewest(k, day, at, from)), 1)
    out(paste0(name, c(".low", ".high")), low_high)
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
    # observation begins after the landmark day: everybody who goes on is at risk from it
    risk <- if (!is.null(start) && day == start) sum(k) else n_at_risk(k, day, at, from)
    out(paste0(head, "at_risk@", day, "d.at_risk"), risk)
    out(paste0(head, "at_risk@", day, "d.events"), sum(ev[k] & at[k] <= day))
    if (censored) out(paste0(head, "at_risk@", day, "d.censored"), sum(!ev[k] & at[k] <= day))
  }
}
count_rows <- function(id, k) out(paste0(id, c(".N", ".events", ".censored")), c(sum(k), sum(event[k]), sum(!event[k])))
level_rows <- function(head, k, from = entry, start = NULL, counts = "rows") {
  count_rows(paste0(head, counts), k)
  if (!any(k)) return(invisible())
  fit <- survfit(surv(k, from = from) ~ 1, conf.type = conf_type, timefix = FALSE)
  for (q in list(list("quartile1", 0.75), list("median", 0.5), list("quartile3", 0.25))) {
    out(paste0(head, q[[1]], ".estimate"), crossing(fit$time, fit$surv, q[[2]]))
    out(paste0(head, q[[1]], c(".low", ".high")), limits_at(fit, q[[2]]))
  }
  at_days_of(head, fit, k, edge = edge_is_one, from = from)
  if (length(tau) && is.null(start)) {
    m <- restricted(k, tau, from)
    name <- paste0(head, "rmst@", tau_name)
    out(paste0(name, c(".estimate", ".se", ".low", ".high")),
        c(m, max(0, m[1] - z95 * m[2]), min(tau, m[1] + z95 * m[2])))
  }
  curve_points(head, fit, k, from = from)
  risk_rows(head, k, from, start)
}
follow_up_rows <- function(id, ended = event) {
  # events leave before follow-up ends on the same day
  fit <- survfit(surv(rep(TRUE, n), !ended, time - ended / 4) ~ 1, conf.type = "log-log", timefix = FALSE)
  fit$time <- ceiling(fit$time)  # back on their days, for the midpoint of a flat piece
  out(paste0(id, c(".estimate", ".low", ".high")),
      c(crossing(fit$time, fit$surv, 0.5, "midpoint"), limits_at(fit, 0.5)))
}

