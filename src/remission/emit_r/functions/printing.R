# ---- printing: id and value, 17 digits; what is not defined is not printed
out <- function(id, value) {
  keep <- !is.na(value) & is.finite(value)
  if (any(keep)) cat(sprintf("%s %.17g\n", id[keep], value[keep]), sep = "")
}
# why R gave no number: "! ", what the ids begin with, R's own words
stopped <- function(id, error) cat("! ", id, " ", gsub("[[:space:]]+", " ", conditionMessage(error)), "\n", sep = "")
attempt <- function(value) tryCatch(value, error = function(e) structure(NA_real_, why = e))
triple <- function(id, test, df) {
  if (!is.null(attr(test, "why"))) stopped(id, attr(test, "why"))
  out(paste0(id, c(".statistic", ".df", ".p")), c(test, df, pchisq(test, df, lower.tail = FALSE)))
}
z95 <- qnorm(0.975)
exact_fit <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 60)

# ---- who is at risk on a day: entry before it, and last day on it or later
surv <- function(k, ev = event, at = time, from = entry) {
  if (is.null(from)) Surv(at[k], ev[k]) else Surv(from[k], at[k], ev[k])
}
n_at_risk <- function(k, days, at = time, from = entry) {
  here <- function(d) sum(at[k] >= d & (if (is.null(from)) TRUE else from[k] < d))
  vapply(days, here, 0)
}
