# ---- the patients of one analysis: its lines of the table, those without a time aside
use <- function(name) {
  x <<- sheet[sheet$analysis == name, , drop = FALSE]
  timed <- !is.na(x$days)
  not_evaluable <<- sum(!timed)
  x <<- x[timed, , drop = FALSE]
  time <<- as.numeric(x$days)
  cause <<- as.numeric(x$cause)
  event <<- cause == 1
  n <<- length(time)
}
# an analysis that counts patients or records: every line of it
use_lines <- function(name) {
  x <<- sheet[sheet$analysis == name, , drop = FALSE]
  n <<- nrow(x)
  cause <<- NULL
}
numbers <- function(j) as.numeric(x[[j]])
factors <- function(j, levels) factor(x[[j]], levels)
incidence_counts <- function(head, k) {
  out(paste0(head, "patients", c(".N", ".censored")), c(sum(k), sum(cause[k] == 0)))
  for (i in 1:2) {
    out(paste0(head, "patients@", cause_names[i], ".events"), sum(cause[k] == i))
    out(paste0(head, "at_risk@", cause_names[i], "_", ticks, "d.events"),
        vapply(ticks, function(t) sum(cause[k] == i & time[k] <= t), 0))
  }
}
# levels of a covariate among those in the model
level_counts <- function(id, column, k, levels, names) {
  for (i in seq_along(levels)) {
    here <- k & column %in% levels[i]
    out(paste0(id, "_level@", names[i], c(".N", ".events")), c(sum(here), sum(event[here])))
  }
}
