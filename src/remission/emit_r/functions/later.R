# ---- what happens later: follow-up is cut at the day of the change
pieces_of <- function(k) {
  from <- if (is.null(entry)) rep(-1, n) else entry
  counts <- !is.na(switch_day) & switch_day < time
  first <- counts & switch_day <= pmax(from, 0)
  inside <- counts & !first
  a <- which(k)
  b <- which(k & inside)
  list(who = c(a, b), from = c(from[a], switch_day[b]), at = c(ifelse(inside, switch_day, time)[a], time[b]),
       ev = c((event & !inside)[a], event[b]), after = c(as.numeric(first)[a], rep(1, length(b))),
       ends = c(inside[a], rep(FALSE, length(b))), cause = c(ifelse(inside, 0, cause_of())[a], cause_of()[b]))
}
cause_of <- function() if (is.null(cause)) as.numeric(event) else cause
later_rows <- function(head) {
  every <- rep(TRUE, n)
  p <- pieces_of(every)
  ever <- seq_len(n) %in% p$who[p$after == 1]
  out(paste0(head, "switched.n"), sum(ever))
  if (all(ever) || !any(ever)) return(invisible())
  naive <- cox_fit(surv(every), list(x = as.numeric(ever)))
  right <- cox_fit(Surv(p$from, p$at, p$ev), list(x = p$after))
  coefficients_of(head, cbind("naive", ""), unname(coef(naive)), errors_of(naive)$se)
  coefficients_of(head, cbind("time_dependent", ""), unname(coef(right)), errors_of(right)$se)
  out(paste0(head, "bias.ratio"), exp(unname(coef(right) - coef(naive))))
  all_pieces <- rep(TRUE, length(p$who))
  own <- weighted(all_pieces, p$after, stratum = all_pieces, ev = p$ev, at = p$at, from = p$from)
  triple(paste0(head, "mantel_byar"), own$chi2, own$df)
}
# Simon-Makuch curves. heads: of the state before and after; nobody is in both
state_curves <- function(heads, keep = rep(TRUE, n)) {
  p <- pieces_of(keep)
  for (s in 0:1) {
    k <- p$after == s
    if (!any(k)) next
    fit <- survfit(Surv(p$from[k], p$at[k], p$ev[k]) ~ 1, conf.type = conf_type, timefix = FALSE)
    at_days_of(heads[s + 1], fit, k, counts = FALSE, ev = p$ev, at = p$at, from = p$from)
    curve_points(heads[s + 1], fit, k, p$at, p$from, p$at[k & p$ends])
    # in the table of numbers at risk who changes state is not censored
    risk_rows(heads[s + 1], k, p$from, censored = FALSE, ev = p$ev, at = p$at)
    ended <- k & !p$ev & !p$ends
    out(paste0(heads[s + 1], "at_risk@", ticks, "d.censored"), vapply(ticks, function(d) sum(p$at[ended] <= d), 0))
  }
}
# those still under observation after a day, by what had happened until then
landmark_rows <- function(head, day, p_of = "wald") {
  k <- time > day
  after <- as.numeric(!is.na(switch_day) & switch_day <= day & switch_day < time)
  name <- paste0("@", day, "d.")
  for (s in 0:1) {
    i <- k & after == s
    out(paste0(head, c("landmark_before", "landmark_after")[s + 1], name, c("N", "events", "censored")),
        c(sum(i), sum(event[i]), sum(!event[i])))
  }
  out(paste0(head, "landmark_lost", name, "n"), sum(!k))
  if (length(unique(after[k])) < 2 || !any(event[k])) return(invisible())
  fit <- cox_fit(Surv(time[k], event[k]), list(x = after[k]))
  b <- unname(coef(fit))
  se <- errors_of(fit)$se
  chi2 <- survdiff(Surv(time[k], event[k]) ~ after[k])$chisq
  p <- c(wald = 2 * pnorm(-abs(b / se)), logrank = pchisq(chi2, 1, lower.tail = FALSE))[[p_of]]
  out(paste0(head, "landmark", name, c("ratio", "low", "high", "p")), c(exp(b + c(0, -1, 1) * z95 * se), p))
  triple(paste0(head, "landmark_logrank@", day, "d"), chi2, 1)
}
