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
from remission.stats.preset_sources import SOURCES, Source

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
    table.  differs: what is not repeated.
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
    differs: tuple[str, ...]

    @property
    def sources(self) -> dict[str, Source]:
        """Choice -> where it is written; none for ours, which are docs/conventions.md."""
        return SOURCES.get(self.name, {})

    @property
    def chosen(self) -> dict[str, str]:
        """Choice -> what it is, in words."""
        return {
            "interval": self.interval,
            "ties": self.ties,
            "median": self.median_rule,
            "edge": "[1, 1]" if self.edge_is_one else "exact",
            "quartiles": f"type {self.quartiles}",
            "logrank": self.logrank,
            "hazard ratio": self.hazard_ratio,
            "table": self.table_test,
        }

    @property
    def cannot(self) -> tuple[str, ...]:
        """What is not repeated; last, the choices that nobody has looked up."""
        unsure = [f"{choice} ({self.chosen[choice]})" for choice, s in self.sources.items() if not s.looked_up]
        return (
            (*self.differs, f"with certainty, because not looked up: {', '.join(unsure)}") if unsure else self.differs
        )


OURS = Preset(
    "", "log-log", "efron", "midpoint", False, 2, "cox", "expected-below-5", "hypergeometric variance", ()
)  # fmt: skip

_EDGE = "an interval of a survival of 1 as it is printed there: ours is exact and stays"

PRESETS: dict[str, Preset] = {
    "R": Preset(
        "R", "log", "efron", "midpoint", True, 7, "cox", "yates", "hypergeometric variance",
        ("survival carried on beyond the last follow-up (summary with extend = TRUE)",),
    ),
    "SAS": Preset(
        "SAS", "log-log", "breslow", "midpoint-inside", False, 2, "cox", "pearson", "hypergeometric variance",
        (_EDGE, "the variance of PROC LIFETEST's cumulative incidence: ours stays"),
    ),
    "Stata": Preset(
        "Stata", "log-log", "breslow", "first", False, 2, "cox", "pearson", "hypergeometric variance",
        (_EDGE, "the standard error that stci prints beside a median: its interval inverts the log-log band, as ours"),
    ),
    "SPSS": Preset(
        "SPSS", "plain", "breslow", "first", False, 6, "cox", "pearson", "hypergeometric variance",
        (
            "KM's interval of the median, from its standard error (45th and 55th percentiles): ours inverts the band",
            "the mean survival time that KM prints: ask for --rmst",
            "competing risks, Firth's penalty: these rows are ours",
        ),
    ),
    "Prism": Preset(
        "Prism", "log-log", "exact", "midpoint", False, 6, "observed-expected", "fisher", "hypergeometric variance",
        (
            "the ratio of two medians with its exponential interval",
            "what Prism does where many events are tied: try --ties efron or breslow",
            "competing risks, Firth's penalty, late entry and later events: these rows are ours",
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
