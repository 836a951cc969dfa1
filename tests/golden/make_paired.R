# Makes tests/golden/paired.json: Rscript tests/golden/make_paired.R > tests/golden/paired.json (from the root)
source("tests/golden/json.R")
set.seed(77)

# all signs of the ranks, counted: the exact distribution with ties
exact_by_counting <- function(d) {
  d <- d[d != 0]
  r <- rank(abs(d))
  signs <- as.matrix(expand.grid(rep(list(0:1), length(d))))
  V <- as.vector(signs %*% r)
  middle <- sum(r) / 2
  mean(abs(V - middle) >= abs(sum(r[d > 0]) - middle) - 1e-9)
}
differences <- list(
  untied = c(1.1, -0.4, 2.2, 3.1, -0.9, 0.7, 5.2, 0.3),
  tied = c(3, -1, 2, 2, 5, 1, -2, 4),
  zeros = c(3, -1, 2, 2, 5, 0, -2, 4, 0, 1, 6),
  few = c(0.5, 1.5, 2.5, 4),
  forty = round(rnorm(40) + 0.3, 6),
  sixty = round(rnorm(60) + 0.2, 6),
  sixty_tied = round(2 * rnorm(60) + 0.6)
)
signed <- lapply(differences, function(d) {
  plain <- !any(duplicated(abs(d))) && all(d != 0)
  normal <- suppressWarnings(wilcox.test(d, exact = FALSE, conf.int = TRUE, tol.root = 1e-12))
  out <- list(d = I(d), V = unname(normal$statistic), normal_p = normal$p.value,
              normal_low = normal$conf.int[1], normal_high = normal$conf.int[2])
  if (plain) {
    e <- suppressWarnings(wilcox.test(d, exact = TRUE, conf.int = TRUE))
    e90 <- suppressWarnings(wilcox.test(d, exact = TRUE, conf.int = TRUE, conf.level = 0.9))
    out <- c(out, list(exact_p = e$p.value, estimate = unname(e$estimate), low = e$conf.int[1], high = e$conf.int[2],
                       achieved = attr(e$conf.int, "conf.level"), low90 = e90$conf.int[1], high90 = e90$conf.int[2]))
  }
  if (sum(d != 0) <= 12) out$counted_p <- exact_by_counting(d)
  out$sign_S <- sum(d > 0)
  out$sign_p <- binom.test(sum(d > 0), sum(d != 0))$p.value
  out
})
samples <- list(
  untied = list(x = c(1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3), y = c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.061, 3.14)),
  tied = list(x = c(7, 3, 3, 9, 12, 5), y = c(3, 1, 7, 2, 2, 4, 4)),
  large = list(x = round(rexp(60), 6), y = round(rexp(55) * 1.4, 6)),
  middle = list(x = round(rnorm(45), 6), y = round(rnorm(12) + 0.7, 6))
)
two <- lapply(samples, function(s) {
  normal <- suppressWarnings(wilcox.test(s$x, s$y, exact = FALSE, conf.int = TRUE, tol.root = 1e-12))
  out <- list(x = I(s$x), y = I(s$y), normal_low = normal$conf.int[1], normal_high = normal$conf.int[2])
  if (!any(duplicated(c(s$x, s$y)))) {
    e <- wilcox.test(s$x, s$y, exact = TRUE, conf.int = TRUE)
    out <- c(out, list(estimate = unname(e$estimate), low = e$conf.int[1], high = e$conf.int[2]))
  }
  out
})
changes <- list(c(20, 3, 11, 6), c(4, 0, 6, 2), c(15, 8, 8, 1), c(90, 31, 12, 40), c(2, 1, 0, 3))
mcnemar <- lapply(changes, function(k) {
  table <- matrix(k[c(1, 3, 2, 4)], 2)
  ci <- binom.test(k[3], k[2] + k[3])$conf.int
  x <- min(k[2:3]); n <- k[2] + k[3]
  list(counts = k, exact_p = binom.test(k[2], n)$p.value,
       mid_p = min(1, 2 * pbinom(x, n, 0.5) - dbinom(x, n, 0.5)),
       chi2 = unname(mcnemar.test(table, correct = FALSE)$statistic), p = mcnemar.test(table, correct = FALSE)$p.value,
       corrected = unname(mcnemar.test(table)$statistic), corrected_p = mcnemar.test(table)$p.value,
       low = ci[1] / (1 - ci[1]), high = if (ci[2] < 1) ci[2] / (1 - ci[2]) else NA)
})
cat(json(list(provenance = provenance("make_paired.R"), signed_rank = signed, two_samples = two, mcnemar = mcnemar)), "\n")
