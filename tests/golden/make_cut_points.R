# Makes tests/golden/cut_points.json: Rscript tests/golden/make_cut_points.R > tests/golden/cut_points.json (from the root)
suppressPackageStartupMessages(library(survival))
source("tests/golden/json.R")
shares <- c(0.1, 0.9)
cuts_of <- function(x) {
  s <- sort(unique(x))[-length(unique(x))]
  s[sapply(s, function(cut) mean(x <= cut) >= shares[1] - 1e-12 && mean(x <= cut) <= shares[2] + 1e-12)]
}
lausen <- function(b) 4 * dnorm(b) / b + dnorm(b) * (b - 1 / b) * log(shares[2] * (1 - shares[1]) / ((1 - shares[2]) * shares[1]))
standardised <- function(a, x) sapply(cuts_of(x), function(cut) {
  n <- length(a); m <- sum(x <= cut)
  (sum(a[x <= cut]) - m * mean(a)) / sqrt(m * (n - m) / (n^2 * (n - 1)) * (n * sum(a^2) - sum(a)^2))
})
chosen <- function(z, x) {
  best <- which.max(abs(z))
  list(marker = x, cuts = cuts_of(x), z = z, cut = cuts_of(x)[best], M = abs(z[best]), p = min(1, lausen(abs(z[best]))))
}
survival_of <- function(time, status, x) {
  a <- residuals(coxph(Surv(time, status) ~ 1, ties = "breslow"), type = "martingale")
  c(list(time = time, status = status), chosen(standardised(unname(a), x), x))
}
lung <- lung[!is.na(lung$pat.karno) & !is.na(lung$wt.loss), ]
outcome <- lung$time > 300
out <- list(
  provenance = provenance("make_cut_points.R"),
  survival = list(survival_of(lung$time, lung$status == 2, lung$age), survival_of(veteran$time, veteran$status == 1, veteran$karno),
                  survival_of(ovarian$futime, ovarian$fustat == 1, ovarian$age)),
  outcome = c(list(outcome = outcome), chosen(sapply(cuts_of(lung$age), function(cut) {
    t <- table(lung$age <= cut, outcome)
    sign(t[2, 2] / sum(t[2, ]) - t[1, 2] / sum(t[1, ])) * sqrt(suppressWarnings(chisq.test(t, correct = FALSE)$statistic) * (nrow(lung) - 1) / nrow(lung))
  }), lung$age)),
  number = c(list(values = lung$wt.loss), chosen(sapply(cuts_of(lung$age), function(cut) {
    w <- suppressWarnings(wilcox.test(lung$wt.loss[lung$age <= cut], lung$wt.loss[lung$age > cut], exact = FALSE, correct = FALSE))
    m <- sum(lung$age <= cut)
    sign(w$statistic - m * (nrow(lung) - m) / 2) * qnorm(w$p.value / 2, lower.tail = FALSE)
  }), lung$age))
)
cat(json(out), "\n")
