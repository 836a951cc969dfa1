# ---- a part that R cannot compute says so, and the others are still computed
guarded <- function(f) {
  force(f)
  # the first argument is what the ids of a part begin with
  function(...) tryCatch(f(...), error = function(e) for (id in ..1) stopped(id, e))
}
for (name in c("level_rows", "follow_up_rows", "group_tests", "stratified_test", "permutation_p", "pair_tests",
               "observed_expected", "rmst_contrast", "cox_rows", "single_rows", "firth_rows", "firth_coefficients",
               "incidence_counts", "incidence_rows", "gray_rows", "fine_gray_rows", "later_rows", "state_curves",
               "landmark_rows")) assign(name, guarded(get(name)))
