# What make_*.R print with: named lists as objects, vectors as arrays, numbers with 17 significant digits, NA as null.
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste(sprintf("\"%s\":%s", names(x), parts), collapse = ",\n"), "}"))
  }
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) as.list(unname(x[i, ])))))
  one <- function(v) {
    if (is.na(v)) return("null")
    if (is.character(v)) return(sprintf("\"%s\"", v))
    if (is.logical(v)) return(tolower(as.character(v)))
    sprintf("%.17g", v)
  }
  x <- unname(x)
  if (length(x) == 1 && !inherits(x, "AsIs")) return(one(x))
  paste0("[", paste(vapply(unclass(x), one, ""), collapse = ","), "]")
}
provenance <- function(script) {
  paste(R.version.string, "survival", as.character(packageVersion("survival")), paste0("tests/golden/", script))
}
