# ---- reading: the cells as they stand, then numbers, whole days, events
raw <- read.table(file, header = FALSE, sep = delimiter, quote = "\"", colClasses = "character", fill = TRUE,
                  blank.lines.skip = FALSE, comment.char = "", na.strings = character(0), strip.white = TRUE,
                  col.names = paste0("V", seq_len(n_columns)), fileEncoding = encoding)
cell <- function(j) {
  x <- trimws(raw[rows, j])
  x[tolower(x) %in% c("", "na", "n/a", "nan", "null", ".", "?")] <- NA
  x
}
num <- function(x) suppressWarnings(as.numeric(if (decimal_comma) sub(",", ".", x, fixed = TRUE) else x))
days <- function(x) floor(round(num(x) * days_per_unit, 6) + 0.5)
same <- function(x, code) {
  a <- num(x)
  b <- num(code)
  !is.na(x) & (tolower(x) == tolower(code) | (!is.na(a) & !is.na(b) & a == b))
}
