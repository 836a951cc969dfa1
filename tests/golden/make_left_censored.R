# Makes tests/golden/left_censored.json: Rscript tests/golden/make_left_censored.R > tests/golden/left_censored.json (from the root)
suppressPackageStartupMessages(library(survival))
source("tests/golden/json.R")
set.seed(41)

floor_at <- function(x, floor) list(value = ifelse(x < floor, floor, x), below = x < floor)
draw <- function(n, mean, floors) floor_at(signif(rlnorm(n, mean, 1), 2), sample(floors, n, replace = TRUE))
FLIP <- 1000
groups <- lapply(list(list(15, 15, 0.4, 0.5), list(40, 30, 0.6, c(0.5, 1, 2)), list(8, 9, 0.2, c(0.7, 1.5)), list(60, 60, 0, 0.2)), function(k) {
  a <- draw(k[[1]], 0, k[[4]]); b <- draw(k[[2]], k[[3]], k[[4]])
  value <- c(a$value, b$value); below <- c(a$below, b$below); group <- rep(0:1, c(k[[1]], k[[2]]))
  y <- Surv(FLIP - value, !below)
  test <- lapply(c(pp = 1, lr = 0), function(rho) survdiff(y ~ group, rho = rho)$chisq)
  fit <- survfit(y ~ 1)
  # a quarter of the flipped values lies above the third quartile
  q <- FLIP - quantile(fit, c(0.75, 0.5, 0.25), conf.int = FALSE)
  list(value = value, below = below, group = group, peto_prentice = test$pp, log_rank = test$lr, quartiles = unname(q))
})

# without timefix, which would tie again what is 1e-7 apart
# the survival of the flipped values with one more patient, at risk throughout; tied values one after another, then the mean
prentice <- function(value, below) {
  apart <- value
  for (v in unique(value[!below])) {
    at <- which(value == v & !below)
    apart[at] <- v + (seq_along(at) - 1) * 1e-7
  }
  apart[below] <- apart[below] - 1e-5
  fit <- survfit(Surv(c(FLIP - apart, 2 * FLIP), c(!below, FALSE)) ~ 1, timefix = FALSE)
  S <- stepfun(fit$time, c(1, fit$surv))(FLIP - apart + 1e-9)
  score <- numeric(length(value))
  for (v in unique(value[!below])) score[value == v & !below] <- 2 * mean(S[value == v & !below]) - 1
  score[below] <- S[below] - 1
  score
}
kaplan_meier <- function(value, below) {
  apart <- ifelse(below, value - 1e-5, value)
  fit <- survfit(Surv(FLIP - apart, !below) ~ 1, timefix = FALSE)
  S <- stepfun(fit$time, c(1, fit$surv))
  ifelse(below, S(FLIP - apart + 1e-9) - 1, S(FLIP - apart - 1e-9) + S(FLIP - apart + 1e-9) - 1)
}
atrazine <- list(
  before = c(.38, .04, .01, .03, .03, .05, .02, .01, .01, .01, .11, .09, .01, .01, .01, .01, .02, .03, .02, .02, .05, .03, .05, .01),
  before_below = c(0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1) == 1,
  after = c(2.66, .63, .59, .05, .84, .58, .02, .01, .01, .01, .09, .31, .02, .01, .5, .03, .09, .06, .03, .01, .1, .25, .03, 88.36),
  after_below = c(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0) == 1)
draw_pairs <- function(n, floors) {
  base <- rnorm(n, 0, 0.7)
  a <- floor_at(signif(exp(base + rnorm(n, 0, 0.6)), 2), floors[1]); b <- floor_at(signif(exp(base + 0.5 + rnorm(n, 0, 0.6)), 2), floors[2])
  list(before = a$value, before_below = a$below, after = b$value, after_below = b$below)
}
pairs <- lapply(list(atrazine, draw_pairs(12, c(0.6, 0.6)), draw_pairs(30, c(0.5, 0.5)), draw_pairs(25, c(0, 0))), function(k) {
  value <- c(k$before, k$after); below <- c(k$before_below, k$after_below); n <- length(k$before)
  d <- matrix(prentice(value, below), ncol = 2); d <- d[, 2] - d[, 1]
  e <- matrix(kaplan_meier(value, below), ncol = 2)
  t <- t.test(e[, 2], e[, 1], paired = TRUE)
  z <- sum(d) / sqrt(sum(d^2))
  c(k, list(Z = z, p = 2 * pnorm(-abs(z)), t = unname(t$statistic), t_p = t$p.value))
})
cat(json(list(provenance = provenance("make_left_censored.R"), groups = groups, pairs = pairs)), "\n")
