"""Ticks, tick labels, wrapping and step paths, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.ticks import axis_marks, nice_ticks, tick_label
from remission.display.figures.lettering import drawable, drawable_labels, families_for, wrap, wrap_evenly
from remission.display.figures.steps import band_steps, censor_marks, curve_steps
from remission.display.figures.survival_data import SurvivalGroup


@pytest.mark.parametrize(
    ("last_day", "unit", "expected"),
    [
        # 30.4375 x 3 = 91.3125, x 6 = 182.625, x 9 = 273.9375, x 12 = 365.25
        (370, "months", (0, 91, 183, 274, 365)),
        (365, "months", (0, 91, 183, 274, 365)),  # the tick is the rounded day, and it is reached
        (364, "months", (0, 91, 183, 274)),
        (243, "months", (0, 30, 61, 91, 122, 152, 183, 213)),
        (0, "months", (0, 30)),
        (20, "months", (0, 30)),
        (731, "months", (0, 91, 183, 274, 365, 457, 548, 639, 731)),
        (1826, "months", (0, 365, 731, 1096, 1461, 1826)),
        (1826, "years", (0, 365, 731, 1096, 1461, 1826)),
        (400, "years", (0, 183, 365)),
        (40, "weeks", (0, 7, 14, 21, 28, 35)),
        (9, "days", (0, 2, 4, 6, 8)),
    ],
)
def test_ticks_are_round_amounts_rounded_half_up_to_days(last_day: int, unit: str, expected: tuple[int, ...]) -> None:
    """Ticks stand at whole multiples of a round step and never beyond the last follow-up."""
    assert nice_ticks(last_day, unit) == expected


def test_ticks_are_never_more_than_nine() -> None:
    """A single column has room for nine numbers at risk."""
    for unit in ("days", "weeks", "months", "years"):
        assert all(2 <= len(nice_ticks(d, unit)) <= 9 for d in range(0, 30_000, 37))


def test_a_landmark_is_a_tick_and_pushes_near_ones_away() -> None:
    """The number at risk at the landmark is always shown."""
    assert nice_ticks(900, origin_days=91) == (0, 91, 183, 365, 548, 731)
    assert nice_ticks(900, origin_days=170) == (0, 170, 365, 548, 731)
    assert nice_ticks(900, origin_days=30) == (30, 183, 365, 548, 731)


@pytest.mark.parametrize(
    ("day", "unit", "label"),
    [
        (0, "months", "0"),
        (91, "months", "3"),
        (183, "months", "6"),
        (3653, "months", "120"),
        (183, "years", "0.5"),
        (365, "years", "1"),
        (100, "months", "3.3"),
        (46, "months", "1.5"),
        (14, "weeks", "2"),
        (10, "days", "10"),
    ],
)
def test_tick_labels_give_back_the_round_amount(day: int, unit: str, label: str) -> None:
    """91 days are 3 months; a day that stands for no round amount gets one decimal."""
    assert tick_label(day, unit) == label


def test_day_0_and_the_landmark_are_marked_where_there_is_room() -> None:
    """An axis that begins without a number at risk still says where it begins."""
    assert axis_marks((183, 365, 548), 91, apart_days=60) == [0, 91, 183, 365, 548]
    assert axis_marks((183, 365, 548), 170, apart_days=60) == [0, 183, 365, 548]
    assert axis_marks((183, 365, 548), 30, apart_days=60) == [30, 183, 365, 548]
    assert axis_marks((183, 365, 548), 30, apart_days=20) == [0, 30, 183, 365, 548]
    assert axis_marks((0, 183), 0, apart_days=60) == [0, 183]
    assert axis_marks((0,), 0, apart_days=60) == [0]


def test_every_tick_has_a_whole_label() -> None:
    """No tick made by nice_ticks needs a second decimal."""
    for unit in ("months", "years"):
        for last in range(0, 12_000, 61):
            assert all(float(tick_label(t, unit)) * 2 % 1 == 0 for t in nice_ticks(last, unit))


GROUP = SurvivalGroup(
    "A", (10, 20, 50), (0.8, 0.4, 0.2), 40, (0.5, None, 0.1), (0.9, None, 0.6), (15, 40, 60), (0.8, 0.4, 0.4)
)


def test_a_curve_is_a_path_of_steps_that_stops_at_the_last_follow_up() -> None:
    """The step on day 50 is beyond the follow-up of 40 days and is not drawn."""
    assert curve_steps(GROUP).tolist() == [[0, 1], [10, 1], [10, 0.8], [20, 0.8], [20, 0.4], [40, 0.4]]
    assert censor_marks(GROUP).tolist() == [[15, 0.8], [40, 0.4]]


def test_a_curve_starts_at_the_landmark() -> None:
    """What happened before the landmark is not part of the curve."""
    assert curve_steps(GROUP, 15).tolist() == [[15, 1], [20, 1], [20, 0.4], [40, 0.4]]
    assert curve_steps(GROUP, 41).shape == (0, 2)


def test_a_band_has_a_hole_where_the_interval_is_undefined() -> None:
    """An undefined limit is not bridged."""
    band = band_steps(GROUP)
    assert band is not None
    low, high = band
    assert np.isnan(low[4:, 1]).all()
    assert np.isnan(high[4:, 1]).all()
    assert low[:4, 1].tolist() == [1, 1, 0.5, 0.5]


def test_wrapping_keeps_words_whole_where_they_fit() -> None:
    """Spaces are the places to break, then hyphens, then anything."""
    assert wrap("No complete remission", 60) == ("No complete", "remission")
    assert wrap("", 60) == ()
    assert "".join(wrap("Pneumonoultramicroscopic", 40)) == "Pneumonoultramicroscopic"
    assert wrap("MRD-negative CR", 60) == ("MRD-negative", "CR")
    assert wrap("MRD-negative CR", 40) == ("MRD-", "negative", "CR")
    assert wrap_evenly("MRD-negative CR", 60) == ("MRD-negative", "CR")
    assert wrap_evenly("Later than cycle 5", 58) == ("Later than", "cycle 5")


def test_letters_without_a_font_are_replaced_by_a_sign_or_a_number() -> None:
    """What no font can draw is marked; a label of which nothing is left gets its place as a name."""
    nothing: tuple[str, ...] = ()
    assert drawable("CR \U000f0000\U000f0001 (n)", nothing) == "CR […] (n)"
    assert drawable_labels(["CR", "\U000f0000"], "Group") == ("CR", "Group 2")
    assert drawable("two\nlines\t≥ 1 $x$") == "two lines ≥ 1 $x$"


def test_another_installed_font_is_taken_where_it_has_the_letters() -> None:
    """STIX comes with matplotlib and has letters DejaVu Sans lacks."""
    assert families_for("CR \ue000", ("No Such Font", "STIXNonUnicode")) == [
        "Remission Sans",
        "DejaVu Sans",
        "STIXNonUnicode",
    ]
    assert drawable("CR \ue000", ("STIXNonUnicode",)) == "CR \ue000"
