"""How numbers print, decided by hand at every edge."""

import pytest

from remission.core.errors import ResultsError
from remission.results.formats import show

EDGES = [
    # stat, value, unit, printed
    ("estimate", 1.0, "proportion", "100%"),
    ("estimate", 0.0, "proportion", "0%"),
    ("low", 0.0, "proportion", "0"),
    ("high", 1.0, "proportion", "100"),
    ("estimate", 0.9996, "proportion", ">99.9%"),
    ("estimate", 0.0004, "proportion", "<0.1%"),
    ("high", 0.99951, "proportion", "100.0"),
    ("low", 0.0001, "proportion", "0.0"),
    ("estimate", 0.125, "proportion", "12.5%"),
    ("estimate", 29 / 80, "proportion", "36.3%"),  # 36.25: half-up, where half-even gives 36.2
    ("estimate", 1 - 0.6375, "proportion", "36.3%"),  # 36.249999999999996 in the computer
    ("se", 0.0712, "proportion", "7.1"),
    ("estimate", -0.125, "proportion-difference", "−12.5"),
    ("estimate", -0.0001, "proportion-difference", "0.0"),
    ("estimate", 316.0, "days", "10.4"),
    ("median", 365.25, "days", "12.0"),
    ("min", 0.0, "days", "0.0"),
    ("min", 1.0, "days", "<0.1"),
    ("min", 2.0, "days", "0.1"),
    ("median", 28.0, "days-as-days", "28"),
    ("median", 28.5, "days-as-days", "28.5"),
    ("median", 45.0, "years", "45"),
    ("mean", 45.0, "years", "45.0"),
    ("mean", 0.5, "", "0.500"),
    ("mean", 0.9999, "", "1.00"),
    ("sd", 0.01, "", "0.0100"),
    ("median", 0.01, "", "0.01"),
    ("median", 1.25, "", "1.3"),
    ("value", 0.000012, "", "1.2×10⁻⁵"),
    ("value", "B-ALL", "", "B-ALL"),
    ("mean", 12345.6, "", "12,346"),
    ("low", -3.25, "years", "−3.3"),
    ("ratio", 0.996, "", "0.996"),
    ("high", 0.99999, "ratio", ">0.9999"),
    ("low", 1.00001, "ratio", "<1.0001"),
    ("ratio", 1.0, "", "1.00"),
    ("ratio", 0.004, "", "0.004"),
    ("high", 12.34, "ratio", "12.3"),
    ("high", 1234.5, "ratio", "1235"),
    ("ratio", 0.0, "", "0.00"),
    ("statistic", 0.004, "", "<0.01"),
    ("statistic", -2.345, "", "−2.35"),
    ("df", 7.53, "", "7.5"),
    ("p", 0.0, "", "<0.001"),
    ("p", 0.00099999, "", "<0.001"),
    ("p", 0.001, "", "0.001"),
    ("p", 0.0123, "", "0.012"),
    ("p", 0.0494, "", "0.049"),
    ("p", 0.0496, "", "0.0496"),
    ("p", 0.04996, "", "0.04996"),
    ("p", 0.05, "", "0.050"),
    ("p", 0.0503, "", "0.050"),
    ("p", 0.0994, "", "0.099"),
    ("p", 0.0996, "", "0.10"),
    ("p", 0.345, "", "0.35"),
    ("p", 0.9949, "", "0.99"),
    ("p", 0.9951, "", ">0.99"),
    ("p", 1.0, "", "1.00"),
]


@pytest.mark.parametrize(("stat", "value", "unit", "printed"), EDGES)
def test_edge(stat, value, unit, printed):
    """A number prints as decided by hand."""
    assert show(stat, value, unit=unit) == printed


@pytest.mark.parametrize(
    ("stat", "value", "code"),
    [
        ("estimate", float("inf"), "not-finite"),
        ("mean", float("nan"), "not-finite"),
        ("n", 2.5, "count-not-whole"),
        ("n", -1.0, "count-not-whole"),
        ("p", 1.2, "p-out-of-range"),
        ("mean", "high", "wrong-kind"),
        ("text", 3.0, "wrong-kind"),
        ("n", None, "empty-result"),
    ],
)
def test_what_cannot_be_printed_is_refused(stat, value, code):
    """A value that has no honest print raises."""
    with pytest.raises(ResultsError) as caught:
        show(stat, value)
    assert caught.value.code == code
