# ---- Firth's penalised likelihood: the score plus half the derivative of log det information, by Newton steps
# (Firth 1993, Biometrika 80:27; Heinze & Schemper 2001, Biometrics 57:114)
firth_design <- function(y, X, stratum = NULL) {
  s <- if (is.null(stratum)) rep(1, nrow(X)) else stratum
  at <- y[, ncol(y) - 1]
  ev <- y[, ncol(y)] == 1
  key <- paste(s, at)
  cells <- data.frame(s, at)[ev & !duplicated(ifelse(ev, key, NA)), , drop = FALSE]
  cell_of <- match(key[ev], paste(cells$s, cells$at))
  d <- tabulate(cell_of, nrow(cells))
  list(X = X, pairs = X[, rep(seq_len(ncol(X)), ncol(X))] * X[, rep(seq_len(ncol(X)), each = ncol(X))],
       ev = ev, cell_of = cell_of, left = later_than(s, at, cells),
       late = if (ncol(y) == 3) later_than(s, y[, 1], cells) else NULL,
       cell = rep(seq_along(d), d), part = if (ties == "breslow") 0 else (sequence(d) - 1) / rep(d, d))
}
# rows in the order of falling days within a stratum, and where the rows of a cell's day or later end
later_than <- function(s, day, cells) {
  lapply(unique(cells$s), function(stratum) {
    i <- which(s == stratum)
    i <- i[order(-day[i])]
    here <- which(cells$s == stratum)
    list(rows = i, cells = here, upto = length(i) - findInterval(cells$at[here], rev(day[i]), left.open = TRUE))
  })
}
tail_sums <- function(where, columns, cells) {
  sums <- matrix(0, cells, ncol(columns))
  for (w in where) {
    added <- matrix(apply(columns[w$rows, , drop = FALSE], 2, cumsum), ncol = ncol(columns))
    sums[w$cells, ] <- rbind(0, added)[w$upto + 1, ]
  }
  sums
}
# sums over the risk set at each event; of tied events each sees the others partly gone (Efron)
firth_sums <- function(s, columns) {
  cells <- max(s$cell)
  sums <- tail_sums(s$left, columns, cells)
  if (!is.null(s$late)) sums <- sums - tail_sums(s$late, columns, cells)
  own <- rowsum(columns[s$ev, , drop = FALSE], s$cell_of)
  sums[s$cell, , drop = FALSE] - s$part * own[s$cell, , drop = FALSE]
}
firth_point <- function(s, b) {
  p <- length(b)
  eta <- drop(s$X %*% b)
  eta <- eta - max(eta)
  w <- exp(eta)
  sums <- firth_sums(s, w * cbind(1, s$X, s$pairs))
  total <- sums[, 1]
  m <- sums[, 1 + seq_len(p), drop = FALSE] / total
  square <- sums[, 1 + p + seq_len(p^2), drop = FALSE] / total
  info <- matrix(colSums(square), p) - crossprod(m)
  A <- tryCatch(solve(info), error = function(e) NULL)
  if (is.null(A) || any(!is.finite(A)) || any(total <= 0)) return(NULL)
  # trace of A dI/db_j: the third central moment about the mean of the risk set, contracted with A
  q <- rowSums((s$X %*% A) * s$X)
  third <- firth_sums(s, w * cbind(q, q * s$X)) / total
  Am <- m %*% A
  mAm <- rowSums(Am * m)
  MAm <- vapply(seq_len(p), function(j) rowSums(square[, (j - 1) * p + seq_len(p), drop = FALSE] * Am), total)
  bend <- colSums(third[, -1, drop = FALSE] - 2 * matrix(MAm, ncol = p) + 2 * mAm * m - third[, 1] * m)
  list(loglik = sum(eta[s$ev]) - sum(log(total)) + determinant(info)$modulus[1] / 2, info = info,
       score = colSums(s$X[s$ev, , drop = FALSE]) - colSums(m) + bend / 2)
}
# the maximum over the free coefficients, the others held; NULL where there is none within reach
firth_climb <- function(s, b, free = seq_along(b)) {
  point <- firth_point(s, b)
  if (is.null(point)) return(NULL)
  for (i in seq_len(500)) {
    if (!length(free)) break
    step <- solve(point$info[free, free], point$score[free])
    step <- step * min(1, 5 / max(abs(step)))
    for (half in 1:40) {
      there <- b
      there[free] <- b[free] + step
      found <- firth_point(s, there)
      if (!is.null(found) && found$loglik >= point$loglik - 1e-12 * abs(point$loglik)) break
      step <- step / 2
    }
    b <- there
    point <- found
    if (max(abs(step)) < 1e-11 * (1 + max(abs(b)))) break
  }
  c(point, list(b = b))
}
firth_fit <- function(y, columns, stratum = NULL) {
  whole <- model.matrix(~ ., data.frame(columns))
  covariate <- attr(whole, "assign")[-1]
  X <- whole[, -1, drop = FALSE]
  # a constant within strata, or a combination of earlier columns, has no coefficient
  inside <- X - apply(X, 2, ave, if (is.null(stratum)) rep(1, nrow(X)) else stratum)
  found <- qr(inside, tol = 1e-9)
  spread <- sqrt(colSums(inside^2)) > 1e-9 * sqrt(colSums(X^2))
  varies <- sort(intersect(found$pivot[seq_len(found$rank)], which(spread)))
  if (!length(varies)) return(NULL)
  X <- X[, varies, drop = FALSE]
  covariate <- covariate[varies]
  with_one <- unique(covariate)
  kept <- lapply(with_one, function(i) I(X[, covariate == i, drop = FALSE]))
  scale <- apply(X, 2, sd)
  X <- scale(X, TRUE, scale)
  s <- firth_design(y, X, stratum)
  p <- ncol(X)
  best <- firth_climb(s, rep(0, p))
  se <- sqrt(diag(solve(best$info)))
  held <- function(j, x, start) {
    start[j] <- x
    firth_climb(s, start, seq_len(p)[-j])
  }
  lr <- vapply(seq_len(p), function(j) 2 * (best$loglik - held(j, 0, best$b)$loglik), 0)
  list(b = best$b / scale, se = se / scale, low = firth_limits(s, best, se, held, -1) / scale,
       high = firth_limits(s, best, se, held, 1) / scale, p = pchisq(lr, 1, lower.tail = FALSE),
       null = firth_point(s, rep(0, p)), best = best, shift = sum(log(scale)), varies = varies, with_one = with_one,
       kept = structure(kept, names = paste0("v", with_one), class = "data.frame", row.names = seq_len(nrow(X))))
}
# where the root of the loss meets the normal quantile: almost a straight line, each point starting at the last one
firth_limits <- function(s, best, se, held, side) {
  vapply(seq_along(best$b), function(j) {
    start <- best$b
    root <- function(x) {
      found <- held(j, best$b[j] + side * x, start)
      if (is.null(found)) return(Inf)
      start <<- found$b
      sqrt(max(2 * (best$loglik - found$loglik), 0)) - z95
    }
    far <- 100 / diff(range(s$X[, j])) + 2 * z95 * se[j]
    top <- z95 * se[j]
    height <- root(top)
    while (height < 0 && top < far) {
      top <- 1.5 * top
      height <- root(top)
    }
    if (height < 0) return(NA)
    for (shorter in 1:200) {
      if (is.finite(height)) break
      top <- 0.9 * top
      height <- root(top)
    }
    if (!is.finite(height) || height < 0) return(NA)
    start <- best$b
    best$b[j] + side * uniroot(root, c(0, top), f.lower = -z95, f.upper = height, tol = 1e-12)$root
  }, 0)
}
firth_coefficients <- function(head, names, fit) {
  if (is.null(fit)) return(invisible())
  coefficients_of(head, names[fit$varies, , drop = FALSE], fit$b, fit$se, NULL, cbind(fit$low, fit$high), fit$p)
}
firth_rows <- function(head, tests, y, columns, names, terms, stratum = NULL) {
  fit <- firth_fit(y, columns, stratum)
  if (is.null(fit)) return(invisible())
  firth_coefficients(head, names, fit)
  p <- length(fit$b)
  triple(paste0(tests, "lr"), 2 * (fit$best$loglik - fit$null$loglik), p)
  triple(paste0(tests, "score"), sum(fit$null$score * solve(fit$null$info, fit$null$score)), p)
  triple(paste0(tests, "wald"), sum(fit$best$b * (fit$best$info %*% fit$best$b)), p)
  out(paste0(tests, c("loglik@null.estimate", "loglik@model.estimate")),
      c(fit$null$loglik, fit$best$loglik) + fit$shift)
  # concordance and proportional hazards are those of a Cox model held at these coefficients
  held <- cox_fit(y, fit$kept, stratum, ties_ = ties_of_firth(), init = fit$b)
  checks_of(tests, held, terms[c(fit$with_one, length(terms))])
}
# the exact method has no penalty: Efron's then
ties_of_firth <- function() if (ties == "breslow") "breslow" else "efron"
