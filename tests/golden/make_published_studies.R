# Independent numbers for the two published studies, by R 4.2.2 and survival 3.5-3, from the printed tables.
# Run in the root of the repository: Rscript tests/golden/make_published_studies.R > tests/golden/published_studies.txt
library(survival)
out <- function(id, value) cat(sprintf("%s %.17g\n", id, value))

d <- read.csv("studies/xie2023/xie2023_table2.csv", check.names = FALSE)
day <- floor(d[["Follow-up time (months)"]] * 30.4375 + 0.5)
event <- as.integer(d$Live == "N")
cr <- d$CR == "Y"                      # the look-alike letters of the others are not "Y" either way
hsct <- d[["Follow-up therapy"]] == "HSCT"
all <- summary(survfit(Surv(day, event) ~ 1, conf.type = "log-log"), times = 365)
out("xie2023 os.all.survival@12mo.estimate", all$surv)
out("xie2023 os.all.survival@12mo.low", all$lower)
out("xie2023 os.all.survival@12mo.high", all$upper)
out("xie2023 os.all.survival@12mo.se", all$std.err)
s <- survdiff(Surv(day, event) ~ cr)
out("xie2023 os.by_response.logrank.statistic", s$chisq)
out("xie2023 os.by_response.logrank.p", pchisq(s$chisq, 1, lower.tail = FALSE))
out("xie2023 os.by_response.cr.expected.estimate", s$exp[2])
out("xie2023 os.by_response.no_cr.expected.estimate", s$exp[1])
s <- survdiff(Surv(day, event) ~ hsct, subset = cr)
out("xie2023 os_hsct.by_hsct.logrank.statistic", s$chisq)
out("xie2023 os_hsct.by_hsct.logrank.p", pchisq(s$chisq, 1, lower.tail = FALSE))
q <- quantile(survfit(Surv(day, 1 - event) ~ 1, conf.type = "log-log"), 0.5)
out("xie2023 follow_up.all.reverse_km.estimate", q$quantile)
out("xie2023 follow_up.all.reverse_km.low", q$lower)
out("xie2023 follow_up.all.reverse_km.high", q$upper)
out("xie2023 follow_up.all.plain.median", median(day))
ci <- binom.test(26, 33)$conf.int
out("xie2023 response.all.response_rate@cr.low", ci[1])
out("xie2023 response.all.response_rate@cr.high", ci[2])
blasts <- cut(d[["Prior blinatumomab: Primitive cells%"]], c(-1, 4.999, 25, 50, 100))
out("xie2023 response.by_blasts.response_rate@cr.p", fisher.test(table(blasts, cr))$p.value)
negative <- d[["After blinatumomab: MRD %"]] == 0.01
out("xie2023 mrd.by_blasts.mrd_rate@mrd_negative.p", fisher.test(table(blasts, negative))$p.value)
g <- read.csv("studies/xie2023/xie2023_table4.csv", check.names = FALSE, colClasses = "character")
number <- function(x) suppressWarnings(as.numeric(sub("+", "", x, fixed = TRUE)))
for (v in list(c("HSCT time", "interval_days"), c("Neutrophile implantation", "neutrophil_engraftment_days"),
               c("Platelet implantation", "platelet_engraftment_days"))) {
  x <- number(g[[v[1]]]); x <- x[!is.na(x)]
  out(paste0("xie2023 grafts.all.", v[2], ".mean"), mean(x))
  out(paste0("xie2023 grafts.all.", v[2], ".sd"), sd(x))
  q <- quantile(x, c(0.25, 0.5, 0.75), type = 2)
  for (i in 1:3) out(paste0("xie2023 grafts.all.", v[2], ".", c("q1", "median", "q3")[i]), q[[i]])
}

y <- read.csv("studies/yin2024/yin2024_table2.csv", check.names = FALSE)
cases <- read.csv("studies/yin2024/yin2024_table1.csv", check.names = FALSE)
out("yin2024 baseline.all.age_years.median", median(cases[["Age (years)"]]))
answer <- y[["Response to blina"]] %in% c("CR", "CRi")
load <- y[["BM blast% at onset of blina"]] > 50
status <- y[["Disease status at the time of blina"]]
risk <- y[["Prognostic risk genetic aberration"]]
mrd <- y[["MRD-negative"]] == "Yes"
out("yin2024 response.by_load.response_rate@cr_or_cri.p", fisher.test(table(load, answer))$p.value)
out("yin2024 response.by_risk.response_rate@cr_or_cri.p", fisher.test(table(risk, answer))$p.value)
out("yin2024 response.by_status.response_rate@cr_or_cri.p", fisher.test(table(status, answer))$p.value)
out("yin2024 mrd.by_load.mrd_rate@mrd_negative.p", chisq.test(table(load, mrd), correct = FALSE)$p.value)
out("yin2024 mrd.by_risk.mrd_rate@mrd_negative.p", chisq.test(table(risk, mrd), correct = FALSE)$p.value)
out("yin2024 mrd.by_status.mrd_rate@mrd_negative.p", fisher.test(table(status, mrd))$p.value)
