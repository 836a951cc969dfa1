# ---- counts, proportions with exact intervals, summaries, tests of tables and samples
proportion_limits <- function(count, total, method) {
  tail <- c(0.025, 0.975)
  switch(method,
    "clopper-pearson" = binom.test(count, total)$conf.int,
    "wilson" = suppressWarnings(prop.test(count, total, correct = FALSE))$conf.int,
    "jeffreys" = c(if (count == 0) 0 else qbeta(0.025, count + 0.5, total - count + 0.5),
                   if (count == total) 1 else qbeta(0.975, count + 0.5, total - count + 0.5)),
    "mid-p" = {
      above <- function(p) pbinom(count, total, p, lower.tail = FALSE) + dbinom(count, total, p) / 2
      where <- function(level) uniroot(function(p) above(p) - level, c(0, 1), tol = 1e-15)$root
      c(if (count == 0) 0 else where(tail[1]), if (count == total) 1 else where(tail[2]))
    })
}
share <- function(id, having, among, method = "") {
  count <- sum(having & among)
  total <- sum(among)
  out(paste0(id, ".n"), count)
  if (!total) return(invisible())
  out(paste0(id, ".estimate"), count / total)
  if (nzchar(method)) out(paste0(id, c(".low", ".high")), proportion_limits(count, total, method))
}
# shares of those with a value, each with its denominator; missing and N of all who are looked at
shares <- function(id, values, k, levels, names) {
  for (i in seq_along(levels)) {
    share(paste0(id, "@", names[i]), values %in% levels[i], k & !is.na(values))
    out(paste0(id, "@", names[i], ".N"), sum(k & !is.na(values)))
  }
  out(paste0(id, c(".missing", ".N")), c(sum(k & is.na(values)), sum(k)))
}
summaries <- function(id, values, k, type) {
  v <- values[k & !is.na(values)]
  out(paste0(id, c(".n", ".missing")), c(length(v), sum(k) - length(v)))
  if (!length(v)) return(invisible())
  q <- quantile(v, c(0.25, 0.5, 0.75), type = type, names = FALSE)
  out(paste0(id, c(".mean", ".sd", ".median", ".q1", ".q3", ".min", ".max")),
      c(mean(v), sd(v), q[2], q[1], q[3], range(v)))
}
# Fisher's test where an expected count is below 5, else chi-square without correction; empty rows and columns aside
table_test <- function(id, rows, columns) {
  m <- table(rows, columns)
  m <- m[rowSums(m) > 0, colSums(m) > 0, drop = FALSE]
  if (min(dim(m)) < 2) return(invisible())
  chi2 <- suppressWarnings(chisq.test(m, correct = FALSE))
  if (min(chi2$expected) < 5) {
    out(paste0(id, ".p"), tryCatch(fisher.test(m, workspace = 2e7)$p.value, error = function(e) NA))
  } else {
    out(paste0(id, c(".statistic", ".df", ".p")), c(chi2$statistic, chi2$parameter, chi2$p.value))
  }
}
# exact is said by the method of the row
sample_test <- function(id, values, g, exact) {
  k <- !is.na(values) & !is.na(g)
  test <- if (nlevels(g) == 2) suppressWarnings(wilcox.test(values[k & g == levels(g)[1]],
    values[k & g == levels(g)[2]], exact = exact)) else kruskal.test(values[k], droplevels(g[k]))
  out(paste0(id, c(".statistic", ".p")), c(test$statistic, test$p.value))
}
# one line is one event: who had it, which, how bad; a patient counts once, by the worst grade
# who has an event without a grade and none that is known to be severe
adverse_unknown <- function(id, term, severe_from) {
  here <- !is.na(x$x2) & (if (is.na(term)) TRUE else x$x2 == term)
  bad <- unique(x$x1[here & !is.na(x$x3) & numbers("x3") >= severe_from])
  out(paste0(id, "@severe.missing"), length(setdiff(unique(x$x1[here & is.na(x$x3)]), bad)))
}
adverse_rows <- function(id, term, severe_from, population) {
  here <- !is.na(x$x2) & (if (is.na(term)) TRUE else x$x2 == term)
  who <- unique(x$x1[here])
  bad <- unique(x$x1[here & !is.na(x$x3) & numbers("x3") >= severe_from])
  out(paste0(id, c("@any.n", "@any.estimate", "@severe.n", "@severe.estimate", "@records.events")),
      c(length(who), length(who) / population, length(bad), length(bad) / population, sum(here)))
}
