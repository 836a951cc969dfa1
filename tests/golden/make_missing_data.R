# Makes tests/golden/missing_data.json: Rscript tests/golden/make_missing_data.R > tests/golden/missing_data.json (from the root)
# The formulas of Rubin 1987, Barnard & Rubin 1999 and Li, Raghunathan & Rubin 1991, written down in R.
source("tests/golden/json.R")
set.seed(8)
pool <- function(q, se, complete) {
  m <- length(q); W <- mean(se^2); B <- var(q); total <- W + (1 + 1 / m) * B
  lambda <- (1 + 1 / m) * B / total; r <- (1 + 1 / m) * B / W
  usual <- (m - 1) / lambda^2
  observed <- (complete + 1) / (complete + 3) * complete * (1 - lambda)
  df <- if (is.infinite(complete)) usual else 1 / (1 / usual + 1 / observed)
  half <- qt(0.975, df) * sqrt(total)
  list(estimates = q, errors = se, complete = if (is.infinite(complete)) NA else complete, estimate = mean(q), se = sqrt(total), df = df,
       fmi = (r + 2 / (df + 3)) / (r + 1), p = 2 * pt(-abs(mean(q) / sqrt(total)), df), low = mean(q) - half, high = mean(q) + half)
}
joint <- function(m, k) {
  Q <- matrix(rnorm(m * k, 0.5, 0.2), m); U <- lapply(1:m, function(i) crossprod(matrix(rnorm(3 * k * k), ncol = k)) / (20 * k))
  W <- Reduce(`+`, U) / m; r <- (1 + 1 / m) * sum(diag(var(Q) %*% solve(W))) / k
  F <- as.vector(colMeans(Q) %*% solve(W) %*% colMeans(Q)) / (k * (1 + r)); t <- k * (m - 1)
  df <- if (t > 4) 4 + (t - 4) * (1 + (1 - 2 / t) / r)^2 else t * (1 + 1 / k) * (1 + 1 / r)^2 / 2
  list(Q = lapply(1:m, function(i) I(Q[i, ])), U = lapply(U, function(u) lapply(1:k, function(i) I(u[i, ]))), F = F, df = df, r = r, p = pf(F, k, df, lower.tail = FALSE))
}
cat(json(list(provenance = provenance("make_missing_data.R"),
  pooled = list(pool(c(0.51, 0.62, 0.44, 0.70, 0.58), c(0.20, 0.22, 0.19, 0.21, 0.20), Inf), pool(c(0.51, 0.62, 0.44), c(0.20, 0.22, 0.19), 25),
                pool(round(rnorm(20, -0.3, 0.1), 4), round(runif(20, 0.2, 0.3), 4), 90)),
  joint = list(joint(5, 2), joint(20, 3), joint(3, 2), joint(4, 1)))), "\n")
