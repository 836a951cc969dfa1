"""What other programs do by default, as data, so that a co-author can see why their number differs.

A preset changes a computation for comparison and is named in the rows it changed; ours are the conventions of
docs/conventions.md. What a preset cannot repeat it says itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import ndtri

from remission.core.errors import DataError
from remission.stats.kaplan_meier import TOLERANCE, Curve, CurveQuantile, quantile_of_curve
from remission.stats.logrank import LogRank

MEDIAN_RULES = ("midpoint", "midpoint-inside", "first")
HAZARD_RATIOS = ("cox", "observed-expected")
TABLE_TESTS = ("expected-below-5", "yates", "pearson", "fisher")


@dataclass(frozen=True)
class Preset:
    """One program's choices.

    Args: interval: of a survival probability.  ties: of Cox regression.  median_rule: where the curve stays on one
    half: "midpoint" of the stretch, also of the last one; "midpoint-inside", nothing where it is the last; "first" day
    of it.  edge_is_one: the interval of a survival of 1 is [1, 1].  quartiles: type of Hyndman and Fan.
    hazard_ratio: of two groups, from Cox regression, or "observed-expected": (O2/E2)/(O1/E1).  table_test: of a 2 x 2
    table.  sources: choice -> where it is written.  cannot: what is not repeated.
    """

    name: str
    interval: str
    ties: str
    median_rule: str
    edge_is_one: bool
    quartiles: int
    hazard_ratio: str
    table_test: str
    logrank: str
    sources: dict[str, str]
    cannot: tuple[str, ...]


OURS = Preset(
    "", "log-log", "efron", "midpoint", False, 2, "cox", "expected-below-5", "hypergeometric variance",
    {"all": "docs/conventions.md"}, (),
)  # fmt: skip

_SAS = "SAS/STAT 14.1 User's Guide"
_STATA = "Stata Survival Analysis Reference Manual"
_SPSS = "IBM SPSS Statistics Algorithms"
_PRISM = "GraphPad Prism Statistics Guide"

PRESETS: dict[str, Preset] = {
    "R": Preset(
        "R", "log", "efron", "midpoint", True, 7, "cox", "yates", "hypergeometric variance",
        {
            "interval": "survival: help of survfit.formula, conf.type = \"log\"",
            "ties": "survival: help of coxph, ties = \"efron\"",
            "median": "survival: help of quantile.survfit, the midpoint of a horizontal stretch",
            "edge": "survival: std.err is 0 before the first event, so that both limits are 1",
            "quartiles": "stats: help of quantile, type = 7",
            "logrank": "survival: help of survdiff, rho = 0",
            "table": "stats: help of chisq.test, correct = TRUE",
        },
        ("survival carried on beyond the last follow-up (summary with extend = TRUE)",),
    ),
    "SAS": Preset(
        "SAS", "log-log", "breslow", "midpoint-inside", False, 2, "cox", "pearson", "hypergeometric variance",
        {
            "interval": f"{_SAS}: PROC LIFETEST, CONFTYPE=LOGLOG",
            "ties": f"{_SAS}: PROC PHREG, TIES=BRESLOW",
            "median": f"{_SAS}: PROC LIFETEST, Computational Formulas, quartiles of the survival time",
            "quartiles": "Base SAS Procedures Guide: PROC UNIVARIATE, PCTLDEF=5",
            "logrank": f"{_SAS}: PROC LIFETEST, STRATA statement, TEST=LOGRANK",
            "table": "Base SAS Procedures Guide: PROC FREQ, CHISQ",
        },
        (
            "the missing interval of a survival of 1: ours is exact and stays",
            "Gray's test and cumulative incidence of PROC LIFETEST with its own variance (DELTA)",
        ),
    ),
    "Stata": Preset(
        "Stata", "log-log", "breslow", "first", False, 2, "cox", "pearson", "hypergeometric variance",
        {
            "interval": f"{_STATA}: sts, Methods and formulas, ln(-ln S)",
            "ties": f"{_STATA}: stcox, breslow is the default",
            "median": f"{_STATA}: stci, Methods and formulas, smallest time with S(t) <= 1 - p/100",
            "quartiles": "Stata Base Reference Manual: summarize, Methods and formulas",
            "logrank": f"{_STATA}: sts test, logrank",
            "table": "Stata Base Reference Manual: tabulate twoway, chi2",
        },
        (
            "the missing interval of a survival of 1: ours is exact and stays",
            "stci's interval of the median from its large-sample standard error: ours inverts the band",
        ),
    ),
    "SPSS": Preset(
        "SPSS", "plain", "breslow", "first", False, 6, "cox", "pearson", "hypergeometric variance",
        {
            "interval": f"{_SPSS}: KM prints the standard error (Greenwood); estimate -/+ 1.96 of it",
            "ties": f"{_SPSS}: COXREG, the partial likelihood is Breslow's; there is no other",
            "median": f"{_SPSS}: KM, percentiles: the smallest observed time with S(t) <= 1 - p",
            "quartiles": f"{_SPSS}: EXAMINE, HAVERAGE",
            "logrank": f"{_SPSS}: KM, log rank (Mantel-Cox)",
            "table": f"{_SPSS}: CROSSTABS, Pearson chi-square",
        },
        (
            "the interval of the median from its asymptotic standard error: ours inverts the band",
            "the mean survival time, cut at the longest time: ask for --rmst",
            "competing risks, Firth's penalty: not in SPSS",
        ),
    ),
    "Prism": Preset(
        "Prism", "log-log", "efron", "midpoint", False, 6, "observed-expected", "fisher", "hypergeometric variance",
        {
            "interval": f"{_PRISM}: survival, asymmetrical intervals (recommended)",
            "ties": f"{_PRISM}: Cox regression, Efron's approximation",
            "median": f"{_PRISM}: average of the first and last times at which survival is 50%",
            "quartiles": f"{_PRISM}: how percentiles are computed, (n + 1) p",
            "logrank": f"{_PRISM}: Mantel-Haenszel approach, called logrank",
            "hazard ratio": "Machin, Cheung & Parmar 2006, ch. 3, as cited by GraphPad FAQ 1226: (O1/E1)/(O2/E2)",
            "table": f"{_PRISM}: contingency tables, Fisher's exact test",
        },
        (
            "the ratio of two medians with its exponential interval",
            "competing risks, Firth's penalty, time-dependent covariates: not in Prism",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class OddsOfEvents:
    """A hazard ratio of the second group against the first without a model, with its interval; None with a reason."""

    ratio: float | None
    se_log: float | None
    low: float | None
    high: float | None
    reason: str


def observed_expected_ratio(test: LogRank, *, confidence: float = 0.95) -> OddsOfEvents:
    """(O2/E2)/(O1/E1) of a log-rank test of two groups, as Prism prints (or its reciprocal).

    Interval: exp(log ratio -/+ z sqrt(1/E1 + 1/E2)).  Biased towards 1 when the ratio is far from it.
    Raises: DataError if there are not two groups.
    Source: Berry, Kitchin & Mock 1991, Stat Med 10:749; Machin, Cheung & Parmar 2006, ch. 3.
    """
    _require_two(test)
    (o1, o2), (e1, e2) = test.observed.tolist(), test.expected.tolist()
    if test.status != "ok" or min(o1, o2, e1, e2) <= 0:
        return OddsOfEvents(None, None, None, None, test.reason or "a group has no events")
    return _interval(log((o2 / e2) / (o1 / e1)), sqrt(1 / e1 + 1 / e2), confidence)


def mantel_haenszel_ratio(test: LogRank, *, confidence: float = 0.95) -> OddsOfEvents:
    """exp((O2 - E2)/V) of a log-rank test of two groups, the one-step estimate, with se of its log 1/sqrt(V).

    Raises: DataError if there are not two groups.  Source: Peto et al. 1977, Br J Cancer 35:1.
    """
    _require_two(test)
    variance = float(test.variance[1, 1])
    if test.status != "ok" or variance <= 0:
        return OddsOfEvents(None, None, None, None, test.reason or "the groups cannot differ")
    difference = float(test.observed[1] - test.expected[1])
    return _interval(difference / variance, 1 / sqrt(variance), confidence)


def _interval(log_ratio: float, se: float, confidence: float) -> OddsOfEvents:
    z = float(ndtri(0.5 + confidence / 2))
    return OddsOfEvents(exp(log_ratio), se, exp(log_ratio - z * se), exp(log_ratio + z * se), "")


def _require_two(test: LogRank) -> None:
    if len(test.groups) != 2:
        raise DataError("This ratio is of two groups.", "not-two-groups", expected="2", found=f"{len(test.groups)}")


def quantile_by_rule(curve: Curve, p: float = 0.5, *, rule: str = "midpoint") -> CurveQuantile:
    """quantile_of_curve with another program's rule where the curve stays on 1 - p.

    Args: rule: one of MEDIAN_RULES.  Returns: the interval is that of quantile_of_curve in any case.
    Raises: DataError if the rule is unknown.
    """
    if rule not in MEDIAN_RULES:
        raise DataError("Unknown rule for the median.", "unknown-option", expected=", ".join(MEDIAN_RULES))
    found = quantile_of_curve(curve, p)
    target = 1 - p
    on = np.flatnonzero(np.abs(curve.survival - target) <= TOLERANCE * target)
    if rule == "midpoint" or found.days is None or not on.size:
        return found
    if rule == "first":
        return CurveQuantile(p, float(curve.days[on[0]]), found.low, found.high, "ok", "")
    if (curve.survival < target * (1 - TOLERANCE)).any():
        return found
    return CurveQuantile(p, None, found.low, found.high, "undefined", "the curve ends on the stretch")
