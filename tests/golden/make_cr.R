# Makes tests/golden/cr.json: Rscript tests/golden/make_cr.R FOLDER > tests/golden/cr.json
# FOLDER holds mgus2_cr.csv, myeloid_cr.csv, myeloid_multistate.csv, heart.csv, lung.csv: data sets of R's survival package.
# R is never needed to run the tests; numbers are printed with 17 significant digits.
suppressPackageStartupMessages({library(survival); library(cmprsk)})
folder <- commandArgs(trailingOnly = TRUE)[1]
load_csv <- function(name) read.csv(file.path(folder, name), stringsAsFactors = FALSE)

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.data.frame(x)) return(json(lapply(as.list(x), function(v) list_of(v))))
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) list_of(x[i, ]))))
  if (is.list(x)) {
    if (is.null(names(x))) return(paste0("[", paste(vapply(x, json, ""), collapse = ","), "]"))
    return(paste0("{", paste(sprintf("\"%s\":%s", names(x), vapply(x, json, "")), collapse = ","), "}"))
  }
  one <- function(v) {
    if (is.na(v)) return("null")
    if (is.infinite(v)) return(sprintf("\"%s\"", v))
    if (is.character(v)) return(sprintf("\"%s\"", v))
    if (is.logical(v)) return(tolower(as.character(v)))
    sprintf("%.17g", v)
  }
  x <- unname(x)
  if (length(x) == 1) return(one(x))
  paste0("[", paste(vapply(x, one, ""), collapse = ","), "]")
}
list_of <- function(x) lapply(unname(x), identity)

# ---------------------------------------------------------------- competing risks
mgus2 <- load_csv("mgus2_cr.csv")
mgus2$agegrp <- as.integer(cut(mgus2$age, c(0, 60, 70, 80, 200)))
mgus2 <- mgus2[, c("etime", "event", "sex", "male", "age", "agegrp")]
myeloid <- load_csv("myeloid_cr.csv")[, c("etime", "event", "trt", "sex", "armB", "male")]
myeloid$male <- as.integer(myeloid$sex == "m")
set.seed(2024)
n <- 120
ties <- data.frame(time = pmax(0, round(rexp(n) * 6)), event = sample(0:3, n, TRUE, c(.3, .3, .25, .15)),
                   group = sample(c("a", "b", "c"), n, TRUE, c(.5, .3, .2)), stratum = sample(c("x", "y"), n, TRUE),
                   z1 = round(rnorm(n), 3), z2 = rbinom(n, 1, .4))
small <- data.frame(time = c(3, 3, 5, 5, 5, 8, 9, 9, 12, 12, 15, 20), event = c(1, 2, 1, 1, 0, 2, 1, 0, 2, 0, 1, 0),
                    group = rep(c("a", "b"), 6), stratum = rep("x", 12), z1 = c(1, 4, 2, 2, 5, 3, 1, 6, 2, 8, 5, 7),
                    z2 = c(0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0))

incidence <- function(time, event, group, at) {
  causes <- sort(setdiff(unique(event), 0))
  state <- factor(event, c(0, causes), c("censor", paste0("c", causes)))
  out <- list()
  for (g in sort(unique(group))) {
    rows <- group == g
    d <- data.frame(time = time[rows], state = state[rows])
    days <- at[at <= max(d$time)]
    fits <- lapply(c("log-log", "log", "plain"), function(k) summary(survfit(Surv(time, state) ~ 1, d, conf.type = k), times = days))
    names(fits) <- c("log-log", "log", "plain")
    ci <- lapply(fits, function(f) list(low = t(f$lower)[-1, , drop = FALSE], high = t(f$upper)[-1, , drop = FALSE]))
    free <- 1 - ifelse(d$state == "censor", 1, 0)
    km <- summary(survfit(Surv(time, free) ~ 1, data.frame(time = d$time, free = free)), times = days)
    f <- fits[[1]]
    cr <- cuminc(d$time, as.integer(d$state) - 1, cencode = 0)
    aalen <- timepoints(cr, days)
    own <- paste("1", match(paste0("c", causes), levels(state)) - 1)
    # causes nobody has had are absent from cuminc
    var <- t(sapply(own, function(o) if (o %in% rownames(aalen$var)) aalen$var[o, ] else rep(0, length(days))))
    out[[as.character(g)]] <- list(days = list_of(days), estimate = t(f$pstate)[-1, , drop = FALSE],
      jackknife_se = t(f$std.err)[-1, , drop = FALSE], aalen_var = matrix(var, nrow = length(own)), ci = ci,
      survival = list_of(km$surv), at_risk = list_of(km$n.risk))
  }
  out
}
gray <- function(time, event, group, stratum = NULL) {
  one <- function(rho) {
    fit <- if (is.null(stratum)) cuminc(time, event, group, rho = rho) else cuminc(time, event, group, stratum, rho = rho)
    t <- fit$Tests
    list(cause = list_of(as.integer(rownames(t))), stat = list_of(t[, 1]), p = list_of(pchisq(t[, 1], t[, 3], lower.tail = FALSE)), df = list_of(t[, 3]))
  }
  list("0" = one(0), "1" = one(1), "0.5" = one(.5))
}
fg <- function(time, event, z, cause, at) {
  # a day later for everybody: on day 0 crr takes the censoring curve after the day instead of before it
  time <- time + 1; at <- at + 1
  fit <- crr(time, event, z, failcode = cause, gtol = 1e-9, maxiter = 50)
  converged <- fit$converged
  fit <- crr(time, event, z, failcode = cause, init = fit$coef, gtol = 1e-30, maxiter = 60)  # sixty more steps
  middle <- colMeans(z)
  pr <- predict(fit, matrix(middle, nrow = 1))
  cif <- sapply(at, function(t) { i <- which(pr[, 1] <= t); if (length(i)) pr[max(i), 2] else 0 })
  list(cause = cause, coef = list_of(fit$coef), var = fit$var, invinf = fit$invinf, loglik = fit$loglik,
       null = fit$loglik.null, at = list_of(at - 1), cif_at_means = list_of(cif), converged = converged)
}
cr <- list(
  mgus2_sex = list(data = "mgus2", time = "etime", group = "sex", stratum = "agegrp",
    incidence = with(mgus2, incidence(etime, event, sex, c(0, 1, 6, 12, 60, 120, 240, 300, 350))),
    gray = with(mgus2, gray(etime, event, sex)), gray_stratified = with(mgus2, gray(etime, event, sex, agegrp)),
    z = list("age", "male"), fine_gray = lapply(1:2, function(k) with(mgus2, fg(etime, event, cbind(age, male), k, c(60, 120, 240))))),
  mgus2_age = list(data = "mgus2", time = "etime", group = "agegrp", stratum = "sex",
    incidence = with(mgus2, incidence(etime, event, agegrp, c(12, 60, 120, 240))),
    gray = with(mgus2, gray(etime, event, agegrp)), gray_stratified = with(mgus2, gray(etime, event, agegrp, sex)),
    z = list("male"), fine_gray = lapply(1:2, function(k) with(mgus2, fg(etime, event, cbind(male), k, c(60, 240))))),
  myeloid = list(data = "myeloid", time = "etime", group = "trt", stratum = "sex",
    incidence = with(myeloid, incidence(etime, event, trt, c(7, 30, 60, 90, 180, 365))),
    gray = with(myeloid, gray(etime, event, trt)), gray_stratified = with(myeloid, gray(etime, event, trt, sex)),
    z = list("armB", "male"), fine_gray = lapply(1:2, function(k) with(myeloid, fg(etime, event, cbind(armB, male), k, c(60, 180))))),
  ties = list(data = "ties", time = "time", group = "group", stratum = "stratum",
    incidence = with(ties, incidence(time, event, group, 0:12)),
    gray = with(ties, gray(time, event, group)), gray_stratified = with(ties, gray(time, event, group, stratum)),
    z = list("z1", "z2"), fine_gray = lapply(1:3, function(k) with(ties, fg(time, event, cbind(z1, z2), k, c(2, 6, 12))))),
  small = list(data = "small", time = "time", group = "group", stratum = "stratum",
    incidence = with(small, incidence(time, event, group, c(3, 5, 9, 12, 15))),
    gray = with(small, gray(time, event, group)), gray_stratified = with(small, gray(time, event, group, stratum)),
    z = list("z1"), fine_gray = lapply(1:2, function(k) with(small, fg(time, event, cbind(z1), k, c(5, 12))))))

# ---------------------------------------------------------------- hazards, restricted means, milestones
lung <- load_csv("lung.csv")[, c("time", "status", "sex")]
lung$event <- lung$status - 1
curves <- function(d, tau, at) {
  f <- survfit(Surv(time, event) ~ group, d)
  s <- summary(f, rmean = tau)$table
  mean <- s[, grep("^\\*?rmean|^rmean", colnames(s))[1]]
  se <- s[, grep("se\\(rmean\\)", colnames(s))]
  diff <- unname(mean[2] - mean[1]); se_d <- sqrt(sum(se^2)); ratio <- unname(mean[2] / mean[1])
  se_l <- sqrt(sum((se / mean)^2)); q <- qnorm(.975)
  hazards <- lapply(sort(unique(d$group)), function(g) {
    h <- survfit(Surv(time, event) ~ 1, d[d$group == g, ])
    list(days = list_of(h$time), hazard = list_of(h$cumhaz), se_poisson = list_of(h$std.chaz),
         se_binomial = list_of(sqrt(cumsum(h$n.event * (h$n.risk - h$n.event) / h$n.risk^3))))
  })
  milestones <- lapply(at, function(day) {
    v <- summary(f, times = day, extend = FALSE); S <- v$surv; e <- v$std.err
    ll <- summary(survfit(Surv(time, event) ~ group, d, conf.type = "log-log"), times = day)
    pl <- summary(survfit(Surv(time, event) ~ group, d, conf.type = "plain"), times = day)
    z <- (S[2] - S[1]) / sqrt(sum(e^2))
    phi <- log(-log(S)); w <- e / (S * log(S)); zl <- (phi[1] - phi[2]) / sqrt(sum(w^2)); dd <- S[2] - S[1]
    list(day = day, difference = dd, se = sqrt(sum(e^2)), z_plain = z, p_plain = 2 * pnorm(-abs(z)),
         low_plain = dd - q * sqrt(sum(e^2)), high_plain = dd + q * sqrt(sum(e^2)),
         z_loglog = zl, p_loglog = 2 * pnorm(-abs(zl)),
         low_loglog = dd - sqrt((S[2] - ll$lower[2])^2 + (ll$upper[1] - S[1])^2),
         high_loglog = dd + sqrt((ll$upper[2] - S[2])^2 + (S[1] - ll$lower[1])^2))
  })
  list(tau = tau, mean = list_of(mean), se = list_of(se), difference = diff, difference_se = se_d,
       p_difference = 2 * pnorm(-abs(diff / se_d)), low = diff - q * se_d, high = diff + q * se_d, ratio = ratio,
       ratio_se_log = se_l, ratio_low = ratio * exp(-q * se_l), ratio_high = ratio * exp(q * se_l),
       p_ratio = 2 * pnorm(-abs(log(ratio) / se_l)), hazards = hazards, milestones = milestones)
}
lung_curves <- data.frame(time = lung$time, event = lung$event, group = lung$sex)
mgus2_curves <- data.frame(time = mgus2$etime, event = as.integer(mgus2$event > 0), group = mgus2$male)
means <- list(lung = c(list(data = "lung", time = "time", event = "event", group = "sex"), curves(lung_curves, 730, c(180, 365, 730))),
              mgus2 = c(list(data = "mgus2", time = "etime", event = "event", group = "male"), curves(mgus2_curves, 240, c(12, 60, 240))))

# ---------------------------------------------------------------- later events
heart <- load_csv("heart.csv")
last <- heart[!duplicated(heart$id, fromLast = TRUE), ]
first_tx <- heart[heart$transplant == 1, ]
jasa <- data.frame(exit = 2 * last$stop, event = last$event, switch = 2 * first_tx$start[match(last$id, first_tx$id)],
                   age = last$age, surgery = last$surgery)  # days are halves in this data set: doubled, they are whole
h2 <- transform(heart, start = 2 * start, stop = 2 * stop)
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 60)
test_of <- function(f) list(stat = unname(f$score), p = pchisq(unname(f$score), 1, lower.tail = FALSE))
sm <- function(d, at) {
  f <- survfit(Surv(start, stop, event) ~ transplant, d, conf.type = "log-log")
  lapply(0:1, function(k) { s <- summary(f[k + 1], times = at)
    list(survival = list_of(s$surv), se = list_of(s$std.err), low = list_of(s$lower), high = list_of(s$upper)) })
}
at_landmark <- function(day) {
  d <- jasa[jasa$exit > day, ]; d$time <- d$exit - day; d$after <- as.integer(!is.na(d$switch) & d$switch <= day)
  t <- survdiff(Surv(time, event) ~ after, d); f <- coxph(Surv(time, event) ~ after, d, control = tight)
  ci <- summary(f)$conf.int
  list(day = day, n = list_of(as.numeric(t$n)), lost_events = sum(jasa$exit <= day & jasa$event == 1),
       lost_censored = sum(jasa$exit <= day & jasa$event == 0), chi2 = t$chisq, p = pchisq(t$chisq, 1, lower.tail = FALSE),
       hazard_ratio = ci[1], low = ci[3], high = ci[4])
}
td <- coxph(Surv(start, stop, event) ~ transplant + age + surgery, h2, control = tight)
h120 <- h2[h2$stop > 120, ]; h120$start <- pmax(h120$start, 120)
later <- list(at = list(60, 200, 730, 1460), simon_makuch = sm(h2, c(60, 200, 730, 1460)),
  landmark = 120, simon_makuch_120 = sm(h120, c(200, 730, 1460)),
  mantel_byar = test_of(coxph(Surv(start, stop, event) ~ transplant, h2, ties = "exact", control = tight)),
  mantel_byar_stratified = test_of(coxph(Surv(start, stop, event) ~ transplant + strata(surgery), h2, ties = "exact", control = tight)),
  cox = list(coef = list_of(coef(td)), se = list_of(sqrt(diag(vcov(td))))), landmarks = lapply(c(60, 120, 180, 360), at_landmark))

# ---------------------------------------------------------------- states
multi <- load_csv("myeloid_multistate.csv")
states <- c("start", "CR", "SCT", "relapse", "death")
occupancy <- function(d, at, entry = TRUE) {
  d$to <- factor(ifelse(d$state == "none", "censor", d$state), c("censor", states[-1]))
  out <- lapply(sort(unique(d$trt)), function(g) {
    f <- summary(survfit(Surv(tstart, tstop, to) ~ 1, d[d$trt == g, ], id = id), times = at)
    list(probability = f$pstate, se = f$std.err, at_risk = f$n.risk)
  })
  names(out) <- sort(unique(d$trt)); out
}
# a second model with two initial states: everybody already in CR on day 30 starts there
from30 <- multi[multi$tstop > 30, ]
from30$from <- ave(ifelse(multi$state == "none", "", multi$state), multi$id, FUN = function(s) c("start", head(s, -1)))[multi$tstop > 30]
from30$tstart <- pmax(from30$tstart, 30) - 30; from30$tstop <- from30$tstop - 30
from30$to <- factor(ifelse(from30$state == "none", "censor", from30$state), c("censor", states))
from30$to[from30$to == "start"] <- NA
mixed <- lapply(c("A", "B"), function(g) {
  d <- from30[from30$trt == g, ]
  d$to <- droplevels(d$to); d$from <- factor(d$from, states)
  f <- summary(survfit(Surv(tstart, tstop, to) ~ 1, d, id = id, istate = from), times = c(30, 150, 700))
  order <- match(states, f$states)
  list(states = list_of(f$states), probability = f$pstate[, order], se = f$std.err[, order])
})
names(mixed) <- c("A", "B")
occ <- list(states = list_of(states), at = list(30, 90, 180, 365, 730, 1500), result = occupancy(multi, c(30, 90, 180, 365, 730, 1500)),
            mixed_at = list(30, 150, 700), mixed = mixed)

data <- list(mgus2 = mgus2, myeloid = myeloid, ties = ties, small = small, lung = lung[, c("time", "event", "sex")], heart = jasa,
             multistate = multi[, c("id", "trt", "tstart", "tstop", "state")])
cat(json(list("_provenance" = paste(R.version.string, "survival", packageVersion("survival"), "cmprsk", packageVersion("cmprsk"),
  "tests/golden/make_cr.R"), data = data, competing = cr, means = means, later = later, occupancy = occ)), "\n")
