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
  # singular where everybody has the event on one day
  chi2 <- if (length(j) > 1) attempt(sum(u[j[-1]] * solve(v[j[-1], j[-1], drop = FALSE], u[j[-1]]))) else NA
  list(chi2 = chi2, df = length(j) - 1, expected = e, observed = u + e, variance = v, levels = lev)
}
group_tests <- function(head, k, g, level_heads, from = entry) {
  for (w in list(c("logrank", "one"), c("peto_peto", "rho"), c("gehan", "gehan"), c("tarone_ware", "tarone"))) {
    own <- weighted(k, g, w[2], from = from)
    chi2 <- own$chi2
    if (is.null(from) && w[2] %in% c("one", "rho"))
      chi2 <- attempt(survdiff(Surv(time[k], event[k]) ~ g[k], rho = as.numeric(w[2] == "rho"))$chisq)
    triple(paste0(head, w[1]), chi2, own$df)
    if (w[1] == "logrank") out(paste0(level_heads[own$levels], "expected.estimate"), own$expected)
  }
}
stratified_test <- function(head, k, g, stratum, from = entry) {
  k <- k & !is.na(stratum)
  own <- weighted(k, g, stratum = stratum, from = from)
  chi2 <- own$chi2
  if (is.null(from)) chi2 <- attempt(survdiff(Surv(time[k], event[k]) ~ g[k] + strata(stratum[k]))$chisq)
  triple(paste0(head, "logrank_stratified"), chi2, own$df)
}
# every arrangement of two groups: the sum of the scores of the smaller one, scores being event less hazard
permutation_p <- function(id, k, g) {
  fit <- survfit(Surv(time[k], event[k]) ~ 1, timefix = FALSE)
  score <- event[k] - fit$cumhaz[match(time[k], fit$time)]
  sizes <- table(g[k])
  small <- names(sizes)[which.min(sizes)]
  sums <- combn(sum(k), min(sizes), function(i) sum(score[i]))
  seen <- abs(sum(score[g[k] == small]))
  out(paste0(id, ".p"), mean(abs(sums) >= seen * (1 - 1e-9)))
}
pair_tests <- function(head, k, g, pairs, names, from = entry) {
  p <- vapply(seq_len(nrow(pairs)), function(i) {
    own <- weighted(k & g %in% pairs[i, ], g, from = from)
    if (!is.null(attr(own$chi2, "why"))) stopped(paste0(head, "pairs@", names[i]), attr(own$chi2, "why"))
    out(paste0(head, "pairs@", names[i], ".statistic"), own$chi2)
    pchisq(as.numeric(own$chi2), 1, lower.tail = FALSE)
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

