"""Landmarks and states: readable at every size, numbers below their ticks."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf

import numpy as np
import pytest

from remission.core.ticks import nice_ticks
from remission.display.figures.landmark_grid import draw_landmark_grid
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy import draw_occupancy
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.style import DOUBLE_CM, FILLS, SINGLE_CM

from .test_figures_incidence import assert_below_ticks, placed_numbers
from .test_figures_layout import CHINESE, LONG, assert_readable, plot_of, texts

WIDTHS = (SINGLE_CM, DOUBLE_CM)


def landmarks(days: tuple[int, ...], n: int, *, references: bool = True, missing: int = 0) -> LandmarkGridFigure:
    """Ratios that approach 1 the later the landmark."""
    points = []
    for k, day in enumerate(days):
        ratio = 0.4 + 0.08 * k
        wide = exp(1.96 * 2 / max(n, 2) ** 0.5)
        treated = min(n // 2, (k + 1) * n // 12)
        numbers = (treated, max(0, n - treated - k * n // 20))
        if k < missing:
            points.append(LandmarkPoint(day, None, numbers=numbers, note="nobody transplanted by then has died"))
        else:
            points.append(LandmarkPoint(day, ratio, ratio / wide, ratio * wide, numbers))
    bands = (
        ReferenceEstimate("naive (biased)", 0.35, 0.2, 0.62, "HR 0.35 (0.20–0.62)"),
        ReferenceEstimate("time-dependent Cox model", 0.72, 0.41, 1.25, "HR 0.72 (0.41–1.25)"),
    )
    return LandmarkGridFigure(
        tuple(points),
        ("Transplanted", "Not transplanted"),
        bands if references else (),
        x_label="Landmark (months since remission)",
        favours=("favours transplantation", "favours none"),
    )


LANDMARKS = {
    "ordinary": landmarks((30, 61, 91, 122, 152, 183), 30),
    "large": landmarks(tuple(range(30, 400, 15)), 300),
    "small": landmarks((91, 183), 5),
    "one": landmarks((91,), 30, references=False),
    "day 0": landmarks((0,), 30),
    "some missing": landmarks((30, 61, 91, 122, 152, 183), 30, missing=2),
    "none estimable": landmarks((30, 61, 91), 5, missing=3, references=False),
    "open interval": LandmarkGridFigure(
        (LandmarkPoint(30, 3.1, 0.0, inf, (1, 4)), LandmarkPoint(91, 0.01, 0.0001, 2.0, (2, 2))),
        (LONG, CHINESE),
        favours=(LONG, "x"),
    ),
}


STATES = (
    "Alive, not transplanted",
    "Alive after transplantation",
    "Relapse",
    "Dead in remission",
    "Dead after relapse",
)


def occupancy(
    names: tuple[str, ...], weights: tuple[float, ...], *, steps: int = 40, last: int = 900
) -> OccupancyFigure:
    """Everybody begins in the first state; the others grow at different speed up to their weight."""
    days = tuple(int(d) for d in np.linspace(0, last * 0.95, steps))
    others = [[w * (1 - exp(-d / last * (2 + 2 * k))) for d in days] for k, w in enumerate(weights)]
    first = [1 - sum(column) for column in zip(*others, strict=True)] if others else [1.0] * len(days)
    ticks = nice_ticks(last)
    rows = [first, *others]
    return OccupancyFigure(
        tuple(StateShare(name, tuple(p)) for name, p in zip(names, rows, strict=True)),
        days,
        last,
        ticks,
        tuple(max(0, 300 - 40 * k) for k in range(len(ticks))),
        x_label="Months since complete remission",
    )


OCCUPANCY = {
    "ordinary": occupancy(STATES, (0.3, 0.2, 0.15, 0.2)),
    "slivers": occupancy(STATES, (0.02, 0.03, 0.01, 0.02)),
    "five patients": occupancy(STATES, (0.2, 0.4, 0.2, 0.0), steps=4),
    "nobody leaves": occupancy(STATES[:3], (0.0, 0.0), steps=1),
    "seven": occupancy((*STATES, "Second transplantation", LONG), (0.1, 0.1, 0.1, 0.1, 0.1, 0.1)),
    "long names": occupancy((LONG, LONG.upper(), CHINESE), (0.05, 0.3)),
    "two": occupancy(("Alive", "Dead"), (0.6,), steps=200),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", LANDMARKS)
def test_landmarks_stand_above_their_numbers(case: str, width: float) -> None:
    """One square per estimate on the axis; a landmark without one is explained."""
    data = LANDMARKS[case]
    fig = draw_landmark_grid(data, width_cm=width)
    assert_readable(fig)
    days = tuple(p.day for p in data.points)
    thinned = case == "large"
    assert_below_ticks(fig, days, len(placed_numbers(fig)) if thinned else len(days) * len(data.group_labels))
    squares = [line for line in plot_of(fig).lines if line.get_marker() == "s"]
    inside = [p.day for p in data.points if p.estimate is not None and p.estimate > 0.02]
    assert [float(np.asarray(s.get_xdata(), dtype=float)[0]) for s in squares] == inside
    if any(p.estimate is None for p in data.points):
        assert any(t.get_text().startswith("No estimate at") for t in fig.texts)


def test_intervals_beyond_the_axis_end_in_arrows() -> None:
    """An open interval points out of the plot; an estimate beyond it is not drawn where it is not."""
    ax = plot_of(draw_landmark_grid(LANDMARKS["open interval"]))
    assert sorted(str(line.get_marker()) for line in ax.lines if line.get_marker() in ("v", "^")) == ["^", "v", "v"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", OCCUPANCY)
def test_states_fill_the_plot_and_their_names_stay_apart(case: str, width: float) -> None:
    """Areas reach from 0 to 1 up to the last follow-up; a name in the plot lies within its area."""
    data = OCCUPANCY[case]
    fig = draw_occupancy(data, width_cm=width)
    assert_readable(fig)
    ax = plot_of(fig)
    assert len(ax.collections) == len(data.states)
    assert data.ticks_days is not None
    assert_below_ticks(fig, data.ticks_days, len(data.ticks_days))
    paths = [area.get_paths()[0] for area in ax.collections]
    assert min(p.vertices[:, 1].min() for p in paths) == 0
    assert max(p.vertices[:, 1].max() for p in paths) == 1
    assert max(p.vertices[:, 0].max() for p in paths) == data.last_day
    shown = [
        pair for pair in texts(fig) if pair[1].x1 < ax.bbox.x1 and pair[1].y0 > ax.bbox.y0 and pair[1].x0 > ax.bbox.x0
    ]
    for label, box in shown:
        corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x0, box.y1), (box.x1, box.y1)]
        in_data = ax.transData.inverted().transform(corners)
        holds = [all(p.contains_points(in_data)) for p in paths]
        assert sum(holds) == 1, label


def test_neighbouring_states_differ_in_grey() -> None:
    """In lightness by a tenth, or by pattern."""
    for one, other in pairwise(FILLS):
        grey = [sum(int(f.face[i : i + 2], 16) for i in (1, 3, 5)) / 765 for f in (one, other)]
        assert abs(grey[0] - grey[1]) > 0.1 or one.hatch != other.hatch


def test_a_state_nobody_was_in_is_named() -> None:
    """It has no area, but it was looked for."""
    shown = " ".join(t.get_text() for t in draw_occupancy(OCCUPANCY["nobody leaves"]).texts)
    assert "Relapse (nobody)" in shown
