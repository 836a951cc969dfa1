# ---- state probabilities: before and after the change, and every ending; survival's multi-state curve
occupancy_rows <- function(head, labels) {
  p <- pieces_of(rep(TRUE, n))
  o <- order(p$who, p$at)
  states <- c("before", "after", labels)
  to <- ifelse(p$ends, 2, ifelse(p$cause > 0, p$cause + 2, 0))
  y <- Surv(p$from, p$at, factor(to, c(0, 2:(length(labels) + 2)), c("censored", states[-1])))[o]
  start <- factor(states[p$after + 1], states)[o]
  fit <- survfit(y ~ 1, id = p$who[o], istate = start, timefix = FALSE)
  at <- match(states, fit$states)
  prob <- fit$pstate
  se <- fit$std.err
  for (i in seq_along(states)) {
    if (is.na(at[i])) next
    f <- prob[, at[i]]
    out(paste0(head, "occupancy_curve@", states[i], "_", fit$time, "d.estimate"), f)
    for (j in seq_along(at_days)) {
      when <- sum(fit$time <= at_days[j])
      if (!when || (at_days[j] > max(fit$time) && sum(prob[nrow(prob), at[1:2]], na.rm = TRUE) > 1e-12)) next
      v <- f[when]
      s <- se[when, at[i]]
      width <- z95 * s / v / log(v)
      inner <- v > 0 && v < 1
      out(paste0(head, "occupancy@", states[i], "_", at_names[j], c(".estimate", ".se", ".low", ".high")),
          c(v, s, if (inner) v^exp(-width) else NA, if (inner) v^exp(width) else NA))
    }
  }
  out(paste0(head, "occupancy_at_risk@", ticks, "d.at_risk"), vapply(ticks, function(t) sum(time >= t), 0))
}
