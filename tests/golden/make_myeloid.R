# Independent numbers for studies/myeloid, by R survival and cmprsk, from the data as shipped.
# Run in the root of the repository: Rscript tests/golden/make_myeloid.R > tests/golden/myeloid_study.txt
suppressMessages({library(survival); library(cmprsk)})
out <- function(id, value) cat(sprintf("%s %.17g\n", id, value))
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 60)
d <- read.csv("studies/myeloid/myeloid.csv")

ever <- !is.na(d$txtime) & d$txtime < d$futime
naive <- summary(coxph(Surv(futime, death) ~ ever, d, control = tight))$conf.int
for (i in 1:3) out(paste0("transplant.all.naive.", c("ratio", "low", "high")[i]), naive[c(1, 3, 4)[i]])
start <- tmerge(d[, c("id", "futime", "death")], d, id = id, dead = event(futime, death), tx = tdc(txtime))
fit <- coxph(Surv(tstart, tstop, dead) ~ tx, start, control = tight)
right <- summary(fit)$conf.int
for (i in 1:3) out(paste0("transplant.all.time_dependent.", c("ratio", "low", "high")[i]), right[c(1, 3, 4)[i]])
out("transplant.all.time_dependent_log.se", sqrt(vcov(fit)[1, 1]))

fit <- coxph(Surv(futime, death) ~ trt + sex, transform(d, sex = factor(sex, c("m", "f"))), control = tight)
ratios <- summary(fit)$conf.int
p <- summary(fit)$coefficients[, 5]
for (k in 1:2) {
  id <- paste0("hazards.by_model.multivariable.", c("arm@arm_b", "sex@female")[k])
  for (i in 1:3) out(paste0(id, ".", c("ratio", "low", "high")[i]), ratios[k, c(1, 3, 4)[i]])
  out(paste0(id, ".p"), p[k])
}
out("hazards.by_model.multivariable.model_concordance.estimate", concordance(fit)$concordance)
out("hazards.by_model.multivariable.model_ph@global.p", cox.zph(fit)$table["GLOBAL", 3])

cr <- subset(d, !is.na(crtime))
relapse <- !is.na(cr$rltime)
time <- ifelse(relapse, cr$rltime, cr$futime) - cr$crtime
status <- ifelse(relapse, 1, ifelse(cr$death == 1, 2, 0))
both <- survfit(Surv(time, factor(status, 0:2)) ~ 1)
at <- summary(both, times = floor(c(12, 24, 36) * 30.4375 + 0.5))
for (i in 1:3) for (k in 1:2)
  out(paste0("relapse.all.incidence@", c("event", "competing")[k], "_", c(12, 24, 36)[i], "mo.estimate"), at$pstate[i, k + 1])
gray <- cuminc(time, status, cr$trt)$Tests
for (k in 1:2) out(paste0("relapse.by_arm.gray@", c("event", "competing")[k], ".statistic"), gray[k, "stat"])
fg <- crr(time, status, cbind(cr$trt == "B", cr$sex == "f") * 1, gtol = 1e-12)
for (k in 1:2) {
  id <- paste0("relapse_hazards.by_model.multivariable.", c("arm_log@arm_b", "sex_log@female")[k])
  out(paste0(id, ".estimate"), fg$coef[k])
  out(paste0(id, ".se"), sqrt(fg$var[k, k]))
}
means <- summary(survfit(Surv(futime, death) ~ trt, d), rmean = 1096)$table
for (k in 1:2) {
  id <- paste0("os.by_arm.", c("arm_a", "arm_b")[k], ".rmst@36mo.")
  out(paste0(id, "estimate"), means[k, "rmean"])
  out(paste0(id, "se"), means[k, "se(rmean)"])
}
