"""Figures of almost nothing, and of things that cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text

from remission.core.errors import ResultsError
from remission.core.ticks import nice_ticks
from remission.display.figures.bars import draw_rates
from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowStep
from remission.display.figures.style import save_figure
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup

ONE = SurvivalGroup("A", (10,), (0.5,), 30)


@pytest.mark.parametrize(
    "group",
    [
        SurvivalGroup("", (), (), 0),  # one patient, seen once
        SurvivalGroup("", (0,), (0.0,), 0),  # everybody dies on day 0
        SurvivalGroup("", (0,), (0.0,), 0, (None,), (None,), (), (), (1, 0), (1, 1)),
        SurvivalGroup("", (), (), 0, censor_days=(0, 0), censor_survival=(1.0, 1.0)),
        SurvivalGroup("", (5,), (0.5,), 5, (None,), (None,)),  # no interval anywhere
    ],
)
def test_a_figure_of_almost_nobody_is_drawn(group: SurvivalGroup, tmp_path: Path) -> None:
    """No warning, no failure, three files."""
    ticks = nice_ticks(0) if group.at_risk else None
    paths = save_figure(draw_survival(SurvivalFigure((group,), ticks_days=ticks)), tmp_path, "x")
    assert all(p.stat().st_size > 500 for p in paths.values())


@pytest.mark.parametrize("last_day", [0, 3, 400])
def test_one_tick_is_enough(last_day: int, tmp_path: Path) -> None:
    """Numbers at risk at day 0 only, or nowhere."""
    group = SurvivalGroup("", (), (), last_day, at_risk=(7,), events=(0,))
    save_figure(draw_survival(SurvivalFigure((group,), ticks_days=(0,)), width_cm=8.5), tmp_path, "one")
    save_figure(draw_survival(SurvivalFigure((replace(group, at_risk=(), events=()),), ticks_days=())), tmp_path, "no")


def test_a_group_whose_follow_up_ends_before_the_landmark_has_no_curve() -> None:
    """It stays in the table below with its zeros, but nothing is drawn of it."""
    early = SurvivalGroup("early", (10,), (0.5,), 60, (0.1,), (0.9,), (60,), (0.5,), (None, 0), (None, 0))
    late = SurvivalGroup("late", (120,), (0.5,), 300, (0.1,), (0.9,), (300,), (0.5,), (None, 4), (None, 0))
    fig = draw_survival(SurvivalFigure((early, late), ticks_days=(0, 91), origin_days=91))
    assert min(min(line.get_xdata(), default=91) for line in fig.axes[0].lines) == 91


@pytest.mark.parametrize(
    "wrong",
    [
        {"survival": (0.5, 0.4)},
        {"low": (0.1,)},
        {"low": (0.1, 0.2), "high": (0.6, 0.7)},
        {"survival": (1.2,)},
        {"censor_days": (3,)},
        {"at_risk": (1, 2, 3)},
        {"days": (9, 3), "survival": (0.5, 0.4)},
    ],
)
def test_faulty_curves_are_refused(wrong: dict[str, tuple[float, ...]]) -> None:
    """A list of the wrong length would put a number under the wrong tick."""
    with pytest.raises(ResultsError) as caught:
        SurvivalFigure((replace(ONE, **wrong),), ticks_days=(0, 30))  # type: ignore[arg-type]
    assert caught.value.code == "faulty-figure"


def test_no_group_and_seven_groups_are_refused() -> None:
    """Seven curves cannot be told apart."""
    for groups in ((), (ONE,) * 7):
        with pytest.raises(ResultsError):
            SurvivalFigure(groups)


def test_a_flow_that_loses_a_patient_is_refused() -> None:
    """Counts in are counts out and those listed."""
    with pytest.raises(ResultsError) as caught:
        FlowFigure((FlowStep("All", 10, 2), FlowStep("Treated", 7)))
    assert caught.value.code == "flow-does-not-add-up"
    with pytest.raises(ResultsError):
        FlowFigure((FlowStep("All", 10),), (FlowBranch("CR", 5), FlowBranch("No CR", 4)))
    with pytest.raises(ResultsError):
        FlowFigure(())


def test_faulty_rates_are_refused() -> None:
    """Percent instead of proportions, half an interval, no line."""
    for rows in ((), (RateRow("A", estimate=62.5),), (RateRow("A", estimate=0.5, low=0.1),)):
        with pytest.raises(ResultsError):
            RatesFigure(rows)


def test_a_figure_too_narrow_for_words_is_refused() -> None:
    """Overlapping words help nobody."""
    with pytest.raises(ResultsError) as caught:
        draw_rates(RatesFigure((RateRow("A", "0/0", text="not estimable"),)), width_cm=3)
    assert caught.value.code == "figure-too-narrow"


def test_undrawable_labels_are_said_to_be_so() -> None:
    """The figure does not pretend that a group has no name."""
    groups = (replace(ONE, label="\U000f0000\U000f0001"), replace(ONE, label="No CR"))
    shown = [t.get_text() for t in draw_survival(SurvivalFigure(groups)).findobj(Text)]
    assert "Group 1" in shown
    assert any("no font" in t for t in shown)
