"""Every statistic has a formatter and a case; every method has words and can be cited."""

import pytest

from remission.core.errors import ResultsError
from remission.results.formats import show
from remission.results.methods import all_methods, method, methods_used
from remission.results.vocabulary import STATS, UNITS

CASES = {
    "n": (26.0, "", "26"),
    "N": (20000.0, "", "20,000"),
    "missing": (0.0, "", "0"),
    "events": (9999.0, "", "9999"),
    "censored": (3.0, "", "3"),
    "at_risk": (14.0, "", "14"),
    "estimate": (0.788, "proportion", "78.8%"),
    "low": (0.611, "proportion", "61.1"),
    "high": (0.910, "proportion", "91.0"),
    "se": (0.0523, "", "0.0523"),
    "statistic": (10.3267419549, "", "10.33"),
    "df": (2.0, "", "2"),
    "p": (0.0013, "", "0.001"),
    "mean": (44.96, "years", "45.0"),
    "sd": (12.34, "years", "12.3"),
    "median": (44.0, "years", "44"),
    "q1": (31.5, "years", "31.5"),
    "q3": (0.01, "10^9/l", "0.01"),
    "min": (18.0, "years", "18"),
    "max": (82.0, "years", "82"),
    "ratio": (0.575, "", "0.58"),
    "value": (12.345, "g/dl", "12.35"),
    "setting": (180.0, "days-as-days", "180"),
    "text": ("log-log", "", "log-log"),
}


def test_every_statistic_has_a_case():
    """A statistic without a case in this file is not finished."""
    assert CASES.keys() == STATS.keys()


@pytest.mark.parametrize("stat", STATS)
def test_statistic_prints_as_its_case_says(stat):
    """Each statistic prints as written down here by hand."""
    value, unit, expected = CASES[stat]
    assert show(stat, value, unit=unit) == expected


@pytest.mark.parametrize("stat", STATS)
@pytest.mark.parametrize("unit", [*UNITS, "years"])
def test_every_statistic_can_be_undefined_or_failed_in_every_unit(stat, unit):
    """A number that is not there prints as a mark, never as a number."""
    undefined = show(stat, None, unit=unit, status="undefined")
    assert undefined == ("NR" if unit in ("days", "days-as-days") else "NE")
    assert show(stat, None, unit=unit, status="failed") == "–"


def test_unknown_statistic_is_refused():
    """The vocabulary is closed."""
    with pytest.raises(ResultsError) as caught:
        show("geometric_mean", 1.0)
    assert caught.value.code == "unknown-stat"


@pytest.mark.parametrize("key", all_methods())
def test_method_has_words(key):
    """A method has a label, a full sentence and either no reference or one with a year."""
    found = method(key)
    assert found.key == key
    assert found.label
    assert found.sentence.endswith(".")
    assert not found.reference or any(str(year) in found.reference for year in range(1890, 2030))


def test_unknown_method_is_refused():
    """A row cannot name a method that nobody has described."""
    with pytest.raises(ResultsError) as caught:
        method("crystal-ball")
    assert caught.value.code == "unknown-method"


def test_methods_used_are_listed_once_in_the_order_of_the_file():
    """The Methods section does not depend on the order of the results."""
    assert [m.key for m in methods_used(["logrank", "", "km-loglog95", "logrank"])] == ["km-loglog95", "logrank"]
