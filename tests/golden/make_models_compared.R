# Makes tests/golden/models_compared.json: Rscript tests/golden/make_models_compared.R > tests/golden/models_compared.json (from the root)
suppressPackageStartupMessages({library(survival); library(splines)})
source("tests/golden/json.R")
tight <- glm.control(epsilon = 1e-14, maxit = 100)
sharp <- coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-14)
lung <- lung[!is.na(lung$ph.ecog) & lung$ph.ecog < 3, ]
both <- function(smaller, larger) {
  list(statistic = 2 * as.numeric(logLik(larger) - logLik(smaller)), df = attr(logLik(larger), "df") - attr(logLik(smaller), "df"),
       smaller = as.numeric(logLik(smaller)), larger = as.numeric(logLik(larger)))
}
died <- lung$time < 300
death <- Surv(lung$time, lung$status == 2)
S <- factor(lung$sex); E <- factor(lung$ph.ecog)
interaction <- list(
  time = lung$time, status = lung$status == 2, sex = lung$sex, ecog = lung$ph.ecog, age = lung$age, outcome = died,
  cox = both(coxph(death ~ S + E, control = sharp), coxph(death ~ S * E, control = sharp)),
  cox_adjusted = both(coxph(death ~ S + E + age, lung, control = sharp), coxph(death ~ S * E + age, lung, control = sharp)),
  logistic = both(glm(died ~ S + E, binomial, control = tight), glm(died ~ S * E, binomial, control = tight)),
  logistic_adjusted = both(glm(died ~ S + E + age, binomial, lung, control = tight), glm(died ~ S * E + age, binomial, lung, control = tight))
)
places <- list(`3` = c(.10, .50, .90), `4` = c(.05, .35, .65, .95), `5` = c(.05, .275, .50, .725, .95), `6` = c(.05, .23, .41, .59, .77, .95),
               `7` = c(.025, .1833, .3417, .5, .6583, .8167, .975))
smooth <- lapply(names(places), function(k) {
  knots <- unname(quantile(lung$age, places[[k]]))
  basis <- ns(lung$age, knots = knots[-c(1, length(knots))], Boundary.knots = knots[c(1, length(knots))])
  line <- coxph(death ~ age, lung, control = sharp)
  curve <- coxph(death ~ basis, control = sharp)
  c(list(k = as.integer(k), knots = knots, fitted = unname(predict(curve, type = "lp"))[1:20],
    logistic = both(glm(died ~ age, binomial, lung, control = tight), glm(died ~ basis, binomial, control = tight))), list(cox = both(line, curve)))
})
cat(json(list(provenance = provenance("make_models_compared.R"), interaction = interaction, smooth = smooth)), "\n")
