# Makes tests/golden/stats_tests.json: Rscript tests/golden/make_stats.R > tests/golden/stats_tests.json
# R is never needed to run the tests; numbers are printed with 17 significant digits.
suppressPackageStartupMessages(library(survival))

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x) || !is.null(names(x))) {
    x <- as.list(x)
    if (is.null(names(x))) return(paste0("[", paste(vapply(x, json, ""), collapse = ","), "]"))
    return(paste0("{", paste(sprintf("\"%s\":%s", names(x), vapply(x, json, "")), collapse = ","), "}"))
  }
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) list_of(x[i, ]))))
  one <- function(v) {
    if (is.na(v)) return("null")
    if (is.character(v)) return(sprintf("\"%s\"", v))
    if (is.logical(v)) return(tolower(as.character(v)))
    sprintf("%.17g", v)
  }
  if (length(x) == 1) return(one(x))
  paste0("[", paste(vapply(x, one, ""), collapse = ","), "]")
}
list_of <- function(x) lapply(unname(x), identity)

tables <- list(
  matrix(c(3, 1, 9, 7), 2), matrix(c(8, 1, 2, 5), 2), matrix(c(0, 4, 5, 6), 2), matrix(c(10, 10, 10, 10), 2),
  matrix(c(120, 80, 95, 130), 2), matrix(c(1, 0, 0, 1), 2), matrix(c(700, 13, 5, 9), 2),
  matrix(c(3, 1, 2, 1, 5, 2, 4, 4, 9), 3), matrix(c(2, 0, 5, 1, 7, 3, 0, 4), 2), matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4),
  matrix(c(4, 0, 1, 3, 2, 2, 5, 0, 1, 6, 1, 1), 3), matrix(c(20, 11, 32, 11, 25, 22), 3), matrix(c(5, 5, 5, 5, 5, 5), 2)
)
fisher <- lapply(tables, function(m) list(table = m, p = fisher.test(m, workspace = 2e7)$p.value))
chi <- lapply(tables, function(m) {
  a <- suppressWarnings(chisq.test(m, correct = FALSE))
  out <- list(table = m, statistic = unname(a$statistic), df = unname(a$parameter), p = a$p.value)
  if (all(dim(m) == 2)) {
    b <- suppressWarnings(chisq.test(m, correct = TRUE))
    out <- c(out, list(yates = unname(b$statistic), yates_p = b$p.value))
  }
  out
})

set.seed(20)
samples <- list(
  list(x = c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30), y = c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.061, 3.14, 1.29001)),
  list(x = c(7, 3, 3, 9, 12), y = c(3, 1, 7, 2, 2, 4)),
  list(x = round(rexp(60), 6), y = round(rexp(55) * 1.4, 6)),
  list(x = round(rnorm(50), 6), y = round(rnorm(12) + 0.7, 6)),
  list(x = round(rexp(40) * 10), y = round(rexp(30) * 14)),
  list(x = c(1.5, 2.5), y = c(0.1, 9.9, 12.1))
)
wilcox <- lapply(samples, function(s) {
  ties <- any(duplicated(c(s$x, s$y)))
  normal <- suppressWarnings(wilcox.test(s$x, s$y, exact = FALSE))
  out <- list(x = list_of(s$x), y = list_of(s$y), W = unname(normal$statistic), normal_p = normal$p.value)
  if (!ties) out <- c(out, list(exact_p = wilcox.test(s$x, s$y, exact = TRUE)$p.value))
  out
})
paired <- lapply(list(c(1.1, -0.4, 2.2, 3.1, -0.9, 0.7, 5.2), c(3, -1, 2, 2, 5, 0, -2, 4, 0), round(rnorm(45) + 0.3, 6)), function(d) {
  plain <- suppressWarnings(wilcox.test(d, exact = FALSE))
  out <- list(d = list_of(d), V = unname(plain$statistic), normal_p = plain$p.value)
  if (!any(duplicated(abs(d))) && all(d != 0)) out <- c(out, list(exact_p = wilcox.test(d, exact = TRUE)$p.value))
  out
})
kruskal <- lapply(list(
  list(c(2.9, 3.0, 2.5, 2.6, 3.2), c(3.8, 2.7, 4.0, 2.4), c(2.8, 3.4, 3.7, 2.2, 2.0)),
  list(c(1, 2, 2, 3), c(2, 4, 4), c(5, 5, 1, 2), c(9, 1)),
  list(round(rexp(30) * 8), round(rexp(21) * 11))
), function(s) {
  k <- kruskal.test(s)
  list(samples = lapply(s, list_of), H = unname(k$statistic), df = unname(k$parameter), p = k$p.value)
})

counts <- list(c(0, 10), c(10, 10), c(7, 20), c(1, 3), c(31, 189), c(0, 1), c(1, 1), c(999, 100000))
binom <- lapply(counts, function(v) {
  ci <- binom.test(v[1], v[2])$conf.int
  ci90 <- binom.test(v[1], v[2], conf.level = 0.9)$conf.int
  wilson <- suppressWarnings(prop.test(v[1], v[2], correct = FALSE))$conf.int
  list(n = v[1], total = v[2], low = ci[1], high = ci[2], low90 = ci90[1], high90 = ci90[2],
       wilson_low = wilson[1], wilson_high = wilson[2],
       jeffreys_low = qbeta(0.025, v[1] + 0.5, v[2] - v[1] + 0.5), jeffreys_high = qbeta(0.975, v[1] + 0.5, v[2] - v[1] + 0.5))
})

values <- list(c(2, 9, 4, 7), c(1, 3, 3, 8, 10, 22, 4), round(rexp(20), 5), c(5), c(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
probs <- c(0, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.75, 0.9, 1)
quantiles <- lapply(values, function(v) {
  list(values = list(unname(v)), probs = probs, types = lapply(1:9, function(k) unname(quantile(v, probs, type = k))))
})

# end of follow-up as the event; half a day later than an event on the same day, which comes first
reverse <- lapply(list(lung = list(lung$time, lung$status == 2), myeloid = list(myeloid$futime, myeloid$death == 1),
                       ovarian = list(ovarian$futime, ovarian$fustat == 1)), function(v) {
  fit <- survfit(Surv(2 * v[[1]] + !v[[2]], !v[[2]]) ~ 1, conf.type = "log-log")
  keep <- fit$n.event > 0
  q <- quantile(fit, 0.5)
  list(exit_days = v[[1]], is_event = v[[2]], days = (fit$time[keep] - 1) / 2, at_risk = fit$n.risk[keep], surv = fit$surv[keep],
       lower = fit$lower[keep], upper = fit$upper[keep], median = unname(q$quantile) / 2, low = unname(q$lower) / 2, high = unname(q$upper) / 2)
})

# with method "exact" the Cox score test is the log-rank test with the hypergeometric variance
trend <- lapply(list(ecog = list(lung$time, lung$status == 2, lung$ph.ecog), cell = list(veteran$time, veteran$status == 1, as.integer(veteran$celltype))), function(v) {
  keep <- !is.na(v[[3]])
  fit <- coxph(Surv(v[[1]][keep], v[[2]][keep]) ~ v[[3]][keep], ties = "exact")
  list(time = v[[1]][keep], status = v[[2]][keep], group = v[[3]][keep], chi2 = unname(summary(fit)$sctest["test"]), p = unname(summary(fit)$sctest["pvalue"]))
})
late <- with(list(entry = c(0, 2, 1, 4, 0, 3, 7, 2, 5, 1, 6, 0), exit = c(5, 9, 4, 9, 12, 7, 12, 5, 11, 6, 9, 3),
                  status = c(1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1), group = c(0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0)), {
  fit <- coxph(Surv(entry, exit, status) ~ group, ties = "exact")
  s <- summary(survfit(Surv(entry, exit, status) ~ 1, conf.type = "log-log"), times = c(3, 5, 7, 9, 11))
  list(entry = entry, exit = exit, status = status, group = group, logrank = fit$score,
       days = s$time, at_risk = s$n.risk, surv = s$surv, se = s$std.err, lower = s$lower, upper = s$upper)
})
bonferroni_holm <- list(p = c(0.01, 0.04, 0.03, 0.005, 0.5), adjusted = p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm"))

cat(json(list(
  provenance = paste(R.version.string, "survival", as.character(packageVersion("survival")), "tests/golden/make_stats.R"),
  fisher = fisher, chi_square = chi, wilcox = wilcox, signed_rank = paired, kruskal = kruskal, binom = binom,
  quantiles = quantiles, reverse = reverse, trend = trend, delayed_entry = late, holm = bonferroni_holm
)), "\n")
