"""The closed list of statistics a result row may hold. A new one needs a formatter and a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import ResultsError

Kind = Literal["count", "estimate", "bound", "spread", "order", "recorded", "ratio", "statistic", "df", "p", "text"]


@dataclass(frozen=True, slots=True)
class Stat:
    """A statistic. kind: which formatter prints it.  label: what a reader calls it."""

    kind: Kind
    label: str


STATS: dict[str, Stat] = {
    "n": Stat("count", "number with the property"),
    "N": Stat("count", "number looked at"),
    "missing": Stat("count", "number not known"),
    "events": Stat("count", "number of events"),
    "censored": Stat("count", "number censored"),
    "at_risk": Stat("count", "number at risk"),
    "estimate": Stat("estimate", "estimate"),
    "low": Stat("bound", "lower limit of the interval"),
    "high": Stat("bound", "upper limit of the interval"),
    "se": Stat("spread", "standard error of the estimate"),
    "statistic": Stat("statistic", "test statistic"),
    "df": Stat("df", "degrees of freedom"),
    "p": Stat("p", "p-value"),
    "mean": Stat("estimate", "mean"),
    "sd": Stat("spread", "standard deviation"),
    "median": Stat("order", "median"),
    "q1": Stat("order", "first quartile"),
    "q3": Stat("order", "third quartile"),
    "min": Stat("order", "minimum"),
    "max": Stat("order", "maximum"),
    "ratio": Stat("ratio", "ratio"),
    "value": Stat("recorded", "value as recorded or derived"),
    "setting": Stat("recorded", "setting of the protocol"),
    "text": Stat("text", "words"),
}

# Units that change how a number is printed; every other unit is a label of a plain measurement.
UNITS: dict[str, str] = {
    "": "a count or a pure number",
    "proportion": "kept as 0-1, printed as a percentage",
    "proportion-difference": "kept as -1 to 1, printed in percentage points without a sign",
    "days": "kept as days, printed in months of 30.4375 days",
    "days-as-days": "kept and printed as days",
    "ratio": "a hazard, odds or risk ratio, printed with two decimals",
}


def stat_of(name: str) -> Stat:
    """The statistic of this name. Raises: ResultsError (code `unknown-stat`)."""
    try:
        return STATS[name]
    except KeyError:
        raise ResultsError(
            what=f"There is no statistic called `{name}` in the vocabulary of the results table.",
            code="unknown-stat",
            expected=f"one of {', '.join(STATS)}",
            todo="A new statistic needs an entry in results/vocabulary.py and a test case for its format.",
        ) from None
