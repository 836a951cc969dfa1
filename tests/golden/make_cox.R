# Makes tests/golden/cox_r.json: Rscript tests/golden/make_cox.R > tests/golden/cox_r.json
# Cox models and logistic regressions on the public data sets of R's survival package, iterated to full convergence.
# R is never needed to run the tests; numbers are printed with as many digits as they have. Days are whole: heart is in
# half days, so that its times are doubled.
suppressPackageStartupMessages(library(survival))

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, function(r) json(as.list(unname(r)))), collapse = ","), "]"))
  if (is.list(x)) {
    if (is.null(names(x))) return(paste0("[", paste(vapply(x, json, ""), collapse = ","), "]"))
    return(paste0("{", paste(sprintf("\"%s\":%s", names(x), vapply(x, json, "")), collapse = ","), "}"))
  }
  one <- function(v) {
    if (is.na(v)) return("null")
    if (is.character(v)) return(sprintf("\"%s\"", v))
    short <- sprintf("%.15g", v)
    if (as.numeric(short) == v) short else sprintf("%.17g", v)
  }
  x <- unname(if (is.factor(x)) as.character(x) else if (is.logical(x)) as.integer(x) else x)
  if (length(x) == 1) one(x) else paste0("[", paste(vapply(x, one, ""), collapse = ","), "]")
}
vec <- function(x) as.list(unname(x))
control <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 60)

fit_one <- function(d, ties, part) {
  X <- d$X
  y <- if (is.null(d$entry)) Surv(d$exit, d$event) else Surv(d$entry, d$exit, d$event)
  frame <- data.frame(X)
  frame$y <- y
  right <- paste(colnames(X), collapse = " + ")
  if (!is.null(d$stratum)) { frame$st <- d$stratum; right <- paste(right, "+ strata(st)") }
  if (!is.null(d$shift)) { frame$sh <- d$shift; right <- paste(right, "+ offset(sh)") }
  frame$w <- if (is.null(d$weight)) 1 else d$weight
  f <- as.formula(paste("y ~", right))
  args <- list(f, data = frame, ties = ties, control = control, x = TRUE, y = TRUE)
  if (!is.null(d$weight)) args$weights <- frame$w
  if (!is.null(d$cluster)) { frame$cl <- d$cluster; args$data <- frame; args$cluster <- frame$cl }
  args$model <- TRUE
  fit <- suppressWarnings(do.call(coxph, args))
  if (!inherits(fit, "coxph")) class(fit) <- "coxph"  # version 3.5-3 forgets it for exact ties with entry
  s <- summary(fit)
  out <- list(coef = vec(coef(fit)), se = vec(sqrt(diag(if (is.null(fit$naive.var)) fit$var else fit$naive.var))),
              p = vec(s$coefficients[, ncol(s$coefficients)]), low = vec(s$conf.int[, 3]), high = vec(s$conf.int[, 4]),
              loglik = vec(fit$loglik), lr = vec(s$logtest), wald = unname(fit$wald.test), score = vec(s$sctest))
  if (!is.null(fit$naive.var)) out <- c(out, list(robust_se = vec(sqrt(diag(fit$var))), robust_score = vec(s$robscore)))
  if (ties == "exact" || !part) return(out)
  cc <- concordance(fit)
  m <- residuals(fit, "martingale")
  head_of <- function(type, most = 12) { r <- as.matrix(residuals(fit, type)); lapply(seq_len(min(most, nrow(r))), function(i) vec(r[i, ])) }
  zph <- lapply(c(km = "km", rank = "rank", identity = "identity", log = "log"), function(g) {
    z <- cox.zph(fit, transform = g, terms = FALSE)$table
    list(chisq = vec(z[, 1]), p = vec(z[, 3]))
  })
  h <- basehaz(fit, centered = FALSE)
  first <- if (is.null(d$stratum)) rep(TRUE, nrow(h)) else h$strata == levels(h$strata)[1]
  h <- h[first, ]
  days <- unname(quantile(d$exit, c(0.1, 0.25, 0.5, 0.7), type = 1))
  out <- c(out, list(
    concordance = list(c = unname(cc$concordance), se = unname(sqrt(cc$var)), counts = vec(colSums(rbind(cc$count))[1:3])),
    martingale = vec(head(m, 12)), martingale_ss = sum(m^2), deviance = vec(head(residuals(fit, "deviance"), 12)),
    schoenfeld = head_of("schoenfeld", 60), scaled = head_of("scaledsch", 60), score_rows = head_of("score"), dfbeta = head_of("dfbeta"),
    zph = zph, hazard = list(day = vec(h$time), value = vec(h$hazard))))
  if (is.null(d$stratum) && is.null(d$cluster)) {  # with clusters R takes the robust variance
    new <- data.frame(t(colMeans(X) + c(1, rep(0, ncol(X) - 1))))
    names(new) <- colnames(X)
    s <- summary(survfit(fit, newdata = new, conf.type = "log-log"), times = days)
    out$predicted <- list(x = vec(unlist(new)), day = vec(days), survival = vec(s$surv), se = vec(s$std.err),
                          low = vec(s$lower), high = vec(s$upper))
  }
  out
}

num <- function(d, ...) { m <- as.matrix(data.frame(lapply(d[c(...)], as.numeric))); colnames(m) <- make.names(c(...)); m }
cases <- list()
l <- lung[complete.cases(lung[, c("age", "sex", "ph.ecog")]), ]
cases$lung <- list(exit = l$time, event = l$status == 2, X = num(l, "age", "sex", "ph.ecog"))
l2 <- lung[complete.cases(lung[, c("age", "sex", "wt.loss", "ph.ecog")]), ]
cases$lung_stratified <- list(exit = l2$time, event = l2$status == 2, X = num(l2, "age", "sex", "wt.loss"), stratum = l2$ph.ecog)
l3 <- l[!is.na(l$inst), ]
cases$lung_clusters <- list(exit = l3$time, event = l3$status == 2, X = num(l3, "age", "sex", "ph.ecog"), cluster = l3$inst)
set.seed(4)
cases$lung_weighted <- list(exit = l3$time, event = l3$status == 2, X = num(l3, "age", "sex", "ph.ecog"),
                            weight = round(runif(nrow(l3), 0.3, 2.7), 3), cluster = l3$inst)
cases$lung_rows_weighted <- cases$lung_weighted[c("exit", "event", "X", "weight")]
cases$lung_offset <- list(exit = l3$time, event = l3$status == 2, X = num(l3, "age", "sex", "ph.ecog"),
                          shift = round(rnorm(nrow(l3)) / 3, 3))
v <- veteran
v$smallcell <- v$celltype == "smallcell"; v$adeno <- v$celltype == "adeno"; v$large <- v$celltype == "large"
cases$veteran <- list(exit = v$time, event = v$status == 1, X = num(v, "trt", "karno", "diagtime", "age", "prior", "smallcell", "adeno", "large"))
cases$veteran_stratified <- list(exit = v$time, event = v$status == 1, X = num(v, "trt", "karno", "age"), stratum = as.integer(v$celltype))
o <- ovarian
cases$ovarian <- list(exit = o$futime, event = o$fustat == 1, X = num(o, "age", "resid.ds", "rx", "ecog.ps"))
a <- aml; a$off <- a$x == "Nonmaintained"
cases$aml <- list(exit = a$time, event = a$status == 1, X = num(a, "off"))
h <- heart; h$tx <- as.numeric(as.character(h$transplant))
cases$heart <- list(entry = 2 * h$start, exit = 2 * h$stop, event = h$event == 1, X = num(h, "age", "year", "surgery", "tx"), cluster = h$id)
cases$heart_three <- list(entry = 2 * h$start, exit = 2 * h$stop, event = h$event == 1, X = num(h, "tx", "age", "surgery"))
cases$heart_stratified <- list(entry = 2 * h$start, exit = 2 * h$stop, event = h$event == 1, X = num(h, "age", "year", "tx"), stratum = h$surgery)
g <- mgus2[complete.cases(mgus2[, c("age", "sex", "hgb", "mspike")]), ]; g$male <- g$sex == "M"
cases$mgus2 <- list(exit = g$futime, event = g$death == 1, X = num(g, "age", "male", "hgb", "mspike"))
y <- myeloid; y$b <- y$trt == "B"; y$male <- y$sex == "m"
cases$myeloid <- list(exit = y$futime, event = y$death == 1, X = num(y, "b", "male"))

results <- lapply(cases, function(d) {
  how <- if (is.null(d$cluster) && is.null(d$weight)) c("efron", "breslow", "exact") else c("efron", "breslow")
  list(data = list(exit = vec(d$exit), event = vec(as.integer(d$event)), entry = if (!is.null(d$entry)) vec(d$entry),
                   stratum = if (!is.null(d$stratum)) vec(d$stratum), cluster = if (!is.null(d$cluster)) vec(d$cluster),
                   weight = if (!is.null(d$weight)) vec(d$weight), offset = if (!is.null(d$shift)) vec(d$shift),
                   covariates = d$X),
       fits = sapply(how, function(t) fit_one(d, t, is.null(d$weight) && is.null(d$shift)), simplify = FALSE))
})

glm_case <- function(outcome, X, w = NULL, shift = NULL) {
  frame <- data.frame(X); frame$y <- as.integer(outcome)
  frame$w <- if (is.null(w)) 1 else w
  frame$sh <- if (is.null(shift)) 0 else shift
  tight <- glm.control(epsilon = 1e-15, maxit = 100)
  f <- as.formula(paste("y ~ offset(sh) +", paste(colnames(X), collapse = " + ")))
  fit <- suppressWarnings(glm(f, binomial, frame, weights = w, control = tight))
  null <- glm(y ~ offset(sh), binomial, frame, weights = w, control = tight)
  s <- summary(fit)$coefficients
  list(outcome = vec(frame$y), covariates = X, weight = if (!is.null(w)) vec(w), offset = if (!is.null(shift)) vec(shift),
       coef = vec(s[, 1]), se = vec(s[, 2]), p = vec(s[, 4]), loglik = as.numeric(logLik(fit)), loglik_null = as.numeric(logLik(null)),
       score = anova(null, fit, test = "Rao")$Rao[2])
}
l$w <- 1 + (seq_len(nrow(l)) %% 3)
logistic <- list(
  lung = glm_case(l$time > 365, num(l, "age", "sex", "ph.ecog")),
  lung_weighted = glm_case(l$time > 365, num(l, "age", "sex", "ph.ecog"), w = l$w, shift = l$age / 100),
  veteran = glm_case(v$time > 90, num(v, "trt", "karno", "age", "smallcell", "adeno", "large")),
  mgus2 = glm_case(g$pstat == 1, num(g, "age", "male", "hgb", "mspike"))
)
cat(json(list(`_provenance` = sprintf("make_cox.R, %s, survival %s; coxph.control(eps = 1e-14, toler.chol = 1e-16), glm.control(epsilon = 1e-15)",
                                      R.version.string, packageVersion("survival")),
              cox = results, logistic = logistic)), "\n")
