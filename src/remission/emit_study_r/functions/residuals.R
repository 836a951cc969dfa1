# ---- scaled Schoenfeld residuals of a model, and a smooth line through them
residual_rows <- function(head, y, columns, labels, stratum = NULL) {
  fit <- cox_fit(y, columns, stratum)
  zph <- cox.zph(fit, terms = FALSE)
  o <- order(zph$time)  # they come by stratum
  zph$time <- zph$time[o]
  zph$y <- zph$y[o, , drop = FALSE]
  k <- sprintf("%05d", seq_along(zph$time) - 1)
  for (j in seq_along(labels)) {
    out(paste0(head, "schoenfeld@", labels[j], "_", k, "_", zph$time, "d.estimate"), zph$y[, j])
    smooth_rows(paste0(head, "schoenfeld_smooth@", labels[j], "_"), zph$time, zph$y[, j])
  }
}
# local lines with tricube weights over three quarters of the points (Cleveland 1979), each by lm
smooth_rows <- function(head, days, values, span = 0.75, places = 25) {
  if (length(days) < 5 || diff(range(days)) == 0) return(invisible())
  near <- max(ceiling(span * length(days)), 5)
  weights_at <- function(place) {
    distance <- abs(days - place)
    reach <- sort(distance)[near]
    w <- pmax(1 - (distance / (if (reach > 0) reach * 1.000001 else 1))^3, 0)^3
    moved <- cbind(1, days - place)
    # the height of the line at the place is this combination of the values
    if (length(unique(days[w > 0])) < 2) return(w / sum(w))
    drop(w * (moved %*% solve(crossprod(moved * w, moved))[, 1]))
  }
  places <- seq(min(days), max(days), length.out = places)
  rows <- t(vapply(places, weights_at, days + 0))
  hat <- t(vapply(days, weights_at, days + 0))
  line <- drop(rows %*% values)
  freedom <- max(length(days) - sum(diag(hat)), 1)
  se <- sqrt(sum((values - hat %*% values)^2) / freedom * rowSums(rows^2))
  id <- paste0(head, sprintf("%05d", seq_along(places) - 1), "_", round(places), "d")
  out(paste0(id, ".estimate"), line)
  out(paste0(id, ".low"), line - z95 * se)
  out(paste0(id, ".high"), line + z95 * se)
}
