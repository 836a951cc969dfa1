"""Where each choice of another program is written, as data; what nobody has looked up says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where one choice is written.

    Args: words: title, section, and what was found there.  url: of the page that was read, "" if there is none.
    looked_up: whether that page, or a printed result repeated with ours, bears the choice out; False is from memory.
    """

    words: str
    url: str = ""
    looked_up: bool = True


_SAS = "https://support.sas.com/documentation/cdl/en"
_STATA = "https://www.stata.com"
_IBM = "https://www.ibm.com"
_PRISM = "https://www.graphpad.com/guides/prism"
_GRAPHPAD = "https://graphpad.com/support"

SOURCES: dict[str, dict[str, Source]] = {
    "R": {
        "interval": Source(
            'survival: help of survfit.formula, conf.type = "log" (the default); asked of R itself by a test',
        ),
        "ties": Source(
            'survival: help of coxph, "the Efron approximation is used as the default"; asked of R itself by a test',
        ),
        "median": Source(
            "survival: help of quantile.survfit, the midpoint of a horizontal segment; asked of R itself by a test",
            "https://rdocumentation.org/packages/survival/versions/3.1-8/topics/quantile.survfit",
        ),
        "edge": Source(
            "survival: std.err is 0 before the first event, so that both limits are 1; asked of R itself by a test",
        ),
        "quartiles": Source(
            'stats: help of quantile, "the default method is type 7"; asked of R itself by a test',
        ),
        "logrank": Source(
            "survival: help of survdiff, rho = 0 is the log-rank or Mantel-Haenszel test; asked of R itself by a test",
        ),
        "table": Source(
            "stats: help of chisq.test, correct = TRUE is the default in the 2-by-2 case; asked of R itself by a test",
        ),
    },
    "SAS": {
        "interval": Source(
            "SAS Usage Note 12983: limits of the OUTSURV= data set are log-log from SAS 9.1 on; PSI CAMIS, R "
            "vs SAS: the default",
            "https://support.sas.com/kb/12/983.html",
        ),
        "ties": Source(
            "SAS/STAT 14.1 User's Guide, PHREG, Getting Started, rats: hazard ratio 0.551 without TIES=, "
            "repeated (Efron's is 0.566); PSI CAMIS, R vs SAS: breslow is the default",
            f"{_SAS}/statug/68162/HTML/default/statug_phreg_gettingstarted01.htm",
        ),
        "median": Source(
            "PSI CAMIS, R vs SAS, ten times with S = 1/2 from the fifth on: not evaluable, repeated; its "
            "issue 95: the midpoint if the last is an event",
            "https://psiaims.github.io/CAMIS/Comp/r-sas_survival.html",
        ),
        "quartiles": Source(
            "SAS Functions, PCTL: definition 5 is the default and the formula that of PROC UNIVARIATE; its "
            "example repeated",
            f"{_SAS}/lrdict/64316/HTML/default/a002186127.htm",
        ),
        "logrank": Source(
            "SAS/STAT 14.1 User's Guide, LIFETEST, k-sample tests: rank statistics of Klein & Moeschberger "
            "1997, section 7.3; their covariance was not read",
            f"{_SAS}/statug/68162/HTML/default/statug_lifetest_details16.htm",
            looked_up=False,
        ),
        "table": Source(
            "SAS/STAT 9.22 User's Guide, FREQ, Chi-Square Tests: CHISQ prints Pearson's first; in a 2 x 2 "
            "table also the continuity-adjusted one and Fisher's",
            f"{_SAS}/statug/63347/HTML/default/statug_freq_a0000000658.htm",
        ),
    },
    "Stata": {
        "interval": Source(
            "Stata: Survival example session, sts list of the cancer data: the printed limits repeated; the "
            "manual's sts, Methods and formulas, as quoted: ln(-ln S)",
            f"{_STATA}/features/overview/survival-example-session/",
        ),
        "ties": Source(
            'Stata: help stcox, "breslow: use Breslow method ...; the default"',
            f"{_STATA}/help.cgi?stcox",
        ),
        "median": Source(
            "stci 7.3.10: the first time with S <= 1 - p, in single precision; Statalist, Nov 2002, 284: "
            "printed medians repeated",
            f"{_STATA}/statalist/archive/2002-11/msg00284.html",
        ),
        "quartiles": Source(
            "Stata Mata Reference Manual: quantile(), pctile averages the inverse of the distribution "
            "function; Statalist, Dec 2005, 110: quartiles repeated",
            f"{_STATA}/manuals/m-5quantile.pdf",
        ),
        "logrank": Source(
            "Stata: Survival Analysis Reference Manual, sts test: logrank is the default; its variance was not read",
            f"{_STATA}/manuals/stststest.pdf",
            looked_up=False,
        ),
        "table": Source(
            "Stata: Base Reference Manual, tabulate twoway: no test unless asked, chi2 is Pearson's; tabi "
            "without options: Fisher's",
            f"{_STATA}/manuals/rtabulatetwoway.pdf",
        ),
    },
    "SPSS": {
        "interval": Source(
            "IBM Support: KM prints no interval, only the standard error; the simple one is estimate -/+ 1.96 of it",
            f"{_IBM}/support/pages/can-spss-produce-confidence-intervals-estimated-survival-function",
        ),
        "ties": Source(
            "lifelines, issue 580: a user's COXREG agrees with R's breslow and not with Efron's; no manual was read",
            "https://github.com/CamDavidsonPilon/lifelines/issues/580",
        ),
        "median": Source(
            "not looked up: no manual and no printed curve that stays on 1/2 was found",
            looked_up=False,
        ),
        "quartiles": Source(
            "IBM SPSS Statistics 28: EXAMINE, PERCENTILES, HAVERAGE, weighted average at (w + 1)p, is the default",
            f"{_IBM}/docs/en/spss-statistics/28.0.0?topic=examine-percentiles-subcommand-command",
        ),
        "logrank": Source(
            "IBM SPSS Statistics 26: KM, TEST = LOGRANK (Mantel-Cox) is the default; its variance was not read",
            f"{_IBM}/support/knowledgecenter/en/SSLVMB_26.0.0/statistics_reference_project_ddita/spss/advanced/syn_km.html",
            looked_up=False,
        ),
        "table": Source(
            "IBM SPSS Statistics 24: Crosstabs statistics, Chi-square is Pearson's; in a 2 x 2 table also "
            "Fisher's and Yates'",
            f"{_IBM}/support/knowledgecenter/en/SSLVMB_24.0.0/spss/base/idh_xtab_statistics.html",
        ),
    },
    "Prism": {
        "interval": Source(
            "Prism 7 Statistics Guide: Survival fractions, asymmetrical method (recommended), log-log; none "
            "unless asked (GraphPad FAQ 2229)",
            f"{_PRISM}/7/statistics/the_fraction_%28or_percent%29_survival_at_each_time.htm",
        ),
        "ties": Source(
            "Prism Statistics Guide: Cox regression with tied data, exact is the default where ties are none "
            "or few; which exact likelihood, and what is done where they are many, was not read",
            f"{_PRISM}/latest/statistics/stat_cox_math_coefficients_tied_data.htm",
        ),
        "median": Source(
            "GraphPad FAQ 1800: the average of the first and last times at which survival is 50%, also where "
            "the curve ends there (from Prism 6 on); its examples repeated",
            f"{_GRAPHPAD}/faqid/1800",
        ),
        "quartiles": Source(
            "GraphPad FAQ 501: rank P (n + 1)/100, definition 6 of Hyndman and Fan (from Prism 5 on); its "
            "example repeated",
            f"{_GRAPHPAD}/faq/how-prism-computes-percentiles/",
        ),
        "logrank": Source(
            "Prism Statistics Guide: Analysis choices for survival, the Mantel-Haenszel approach, called logrank",
            f"{_PRISM}/latest/statistics/stat_analysis_choices_for_survival.htm",
        ),
        "hazard ratio": Source(
            "GraphPad FAQ 1226: log-rank and Mantel-Haenszel as in Machin, Cheung & Parmar 2006, ch. 3; the "
            "formula of the first was not read",
            f"{_GRAPHPAD}/faq/hazard-ratio-from-survival-analysis",
            looked_up=False,
        ),
        "table": Source(
            "Prism Statistics Guide: chi-square or Fisher's test, one must be chosen and most books advise "
            "Fisher's; what is chosen at first was not read",
            f"{_PRISM}/latest/statistics/stat_chi-square_or_fishers_test.htm",
            looked_up=False,
        ),
    },
}
