"""Grids of panels: readable at every size, every point at its value, every number below its column."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from remission.display.figures.panels import draw_panels
from remission.display.figures.panels_data import (
    BoxSummary,
    DeltaPanel,
    PairedPanel,
    PanelsFigure,
    PanelTest,
    TrendGroup,
    TrendPanel,
    TrendsFigure,
)
from remission.display.figures.style import DOUBLE_CM, SINGLE_CM
from remission.display.figures.swarm import swarm
from remission.display.figures.trends import draw_trends
from remission.display.figures.value_axis import linear_axis, log_axis

from .test_figures_layout import CHINESE, LONG, assert_readable

WIDTHS = (SINGLE_CM, 12.0, DOUBLE_CM)
VISITS = ("Baseline", "Day 14", "Day 21", "Day 28")


def box(values: list[float]) -> BoxSummary | None:
    if not values:
        return None
    low, q1, median, q3, high = (float(v) for v in np.percentile(values, (0, 25, 50, 75, 100)))
    return BoxSummary(median, q1, q3, low, high)


def paired(n: int, title: str, visits: tuple[str, ...] = VISITS[:2], *, floor: float | None = None) -> PairedPanel:
    """Values that rise, some missing; with a floor: cytokines on a logarithmic axis, many on the floor."""
    rng = np.random.default_rng(n + len(title))
    rows = []
    for _ in range(n):
        level = rng.lognormal(1.5, 1.5 if floor else 0.5)
        row = [float(max(level * rng.lognormal(0.3 * k, 0.5), floor or 0)) for k in range(len(visits))]
        rows.append(tuple(None if rng.random() < 0.1 and n > 3 else v for v in row))
    columns = [[v for row in rows if (v := row[k]) is not None] for k in range(len(visits))]
    below = tuple(str(sum(v <= floor for v in c)) for c in columns) if floor else ()
    tests = tuple(PanelTest(0, k, f"p = 0.0{k}2 ({n} pairs)") for k in range(1, len(visits)))
    return PairedPanel(
        title, visits, tuple(rows), tuple(box(c) for c in columns), tests, tuple(str(len(c)) for c in columns),
        unit="pg/mL" if floor else "10⁹/L", is_log=floor is not None, floor=floor, below=below,
        below_title="<2.4" if floor else "below",
    )  # fmt: skip


def delta(n: int, title: str, groups: tuple[str, ...] = ("CR", "No CR")) -> DeltaPanel:
    rng = np.random.default_rng(n)
    changes = tuple(tuple(float(v) for v in rng.normal(0.5 - k, 1, n)) for k in range(len(groups)))
    return DeltaPanel(
        title, groups, changes, tuple(box(list(c)) for c in changes), (PanelTest(0, len(groups) - 1, "p = 0.031"),),
        tuple(str(n) for _ in groups), unit="change, 10⁹/L",
    )  # fmt: skip


NAMES = ("CD3", "CD4", "CD8", "CD4/CD8", "NK cells", "B cells", "Lymphocytes", "IgG", "IgA", "IgM", "IL-6", "IL-10")
PANELS = {
    "one": PanelsFigure((paired(5, "CD3 T cells"),)),
    "twelve of thirty": PanelsFigure(tuple(paired(30, name) for name in NAMES), title="Immune cells"),
    "four visits": PanelsFigure(tuple(paired(30, name, VISITS) for name in NAMES[:5])),
    "three hundred": PanelsFigure((paired(300, "CD3"), delta(300, "Change of CD3"), paired(300, "IL-6", floor=2.4))),
    "cytokines": PanelsFigure(tuple(paired(30, name, VISITS[:3], floor=2.4) for name in NAMES[6:])),
    "changes": PanelsFigure(tuple(delta(28, name) for name in NAMES[:9])),
    "three groups": PanelsFigure((delta(20, "CD3", ("CR, MRD-negative", "CR, MRD-positive", "No remission")),)),
    "one patient": PanelsFigure((paired(1, "CD3"), delta(1, "CD3"))),
    "nobody": PanelsFigure((PairedPanel("CD3", VISITS, ()), DeltaPanel("CD3", ("A", "B"), ((), ())))),
    "long names": PanelsFigure(
        (paired(30, LONG, (LONG[:50], CHINESE)), delta(30, LONG, (LONG[:60], CHINESE))),
        title=LONG, warning=LONG, annotation=(LONG,),
    ),
    "all on the floor": PanelsFigure(
        (PairedPanel("IL-6", ("Before", "After"), ((0.0, 2.4), (2.4, 1.0)), is_log=True, floor=2.4),)
    ),
}  # fmt: skip


def trend(title: str, groups: int, *, floor: float | None = None, visits: tuple[str, ...] = VISITS) -> TrendPanel:
    rng = np.random.default_rng(len(title) + groups)
    rows = []
    for k in range(groups):
        middle = [float(v) for v in np.round(rng.lognormal(k / 2, 0.4, len(visits)), 2)]
        rows.append(
            TrendGroup(
                tuple(middle), tuple(0.6 * v for v in middle), tuple(1.7 * v for v in middle),
                tuple(str(30 - 3 * i) for i in range(len(visits))),
            )
        )  # fmt: skip
    return TrendPanel(title, visits, tuple(rows), "10⁹/L", floor is not None, floor)


TRENDS = {
    "one group": TrendsFigure(tuple(trend(name, 1) for name in NAMES[:4])),
    "three groups": TrendsFigure(
        tuple(trend(name, 3) for name in NAMES), ("R/R", "CR, MRD-positive", "CR, MRD-negative")
    ),
    "six groups": TrendsFigure((trend("CD3", 6),), tuple("ABCDEF")),
    "floor": TrendsFigure((trend("IL-6", 2, floor=1.0),), ("14 days", "21–28 days")),
    "nobody at a visit": TrendsFigure(
        (TrendPanel("CD3", ("A", "B"), (TrendGroup((1.0, None), (0.5, None), (2.0, None), ("5", "0")),)),)
    ),
    "nobody": TrendsFigure((TrendPanel("CD3", ("A",), (TrendGroup((None,), (None,), (None,), ("0",)),)),)),
    "long names": TrendsFigure(
        (trend(LONG, 2, visits=(LONG[:40], "Day 14")), trend(CHINESE, 2)), (LONG, CHINESE), title=LONG, warning=LONG
    ),
}


def columns_of(fig: Figure, panel: int) -> list[tuple[float, float]]:
    """Every point of a panel: its column and its height on the axis."""
    ax = fig.axes[panel]
    points = [line for line in ax.lines if line.get_marker() == "o"]
    return [(round(float(x)), float(y)) for line in points for x, y in zip(*line.get_data(), strict=True)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", PANELS)
def test_words_of_panels_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page."""
    assert_readable(draw_panels(PANELS[case], width_cm=width))


@pytest.mark.parametrize("case", PANELS)
def test_every_value_is_a_point_in_its_column(case: str) -> None:
    """Values at their height, those below the floor on it; a missing value is not drawn."""
    data = PANELS[case]
    fig = draw_panels(data)
    for k, panel in enumerate(data.panels):
        if isinstance(panel, PairedPanel):
            least = -np.inf if panel.floor is None else panel.floor
            expected = [(j, max(v, least)) for row in panel.subjects for j, v in enumerate(row) if v is not None]
        else:
            expected = [(j, v) for j, row in enumerate(panel.changes) for v in row]
        assert sorted(columns_of(fig, k)) == sorted(expected)


def test_lines_join_the_visits_of_a_patient_that_follow_each_other() -> None:
    """No line bridges a missing visit."""
    panel = PairedPanel("CD3", VISITS[:3], ((1.0, 2.0, 3.0), (1.0, None, 2.0), (None, 4.0, 1.0)))
    (lines,) = draw_panels(PanelsFigure((panel,))).axes[0].findobj(LineCollection)
    pieces = sorted((round(a[0]), a[1], b[1]) for a, b in lines.get_segments())
    assert pieces == [(0, 1.0, 2.0), (1, 2.0, 3.0), (1, 4.0, 1.0)]


def test_points_on_the_floor_are_open_and_counted() -> None:
    """The number below the floor stands below the visit."""
    fig = draw_panels(PANELS["cytokines"])
    panel = PANELS["cytokines"].panels[0]
    assert isinstance(panel, PairedPanel)
    assert panel.floor is not None
    open_points = [ln for ln in fig.axes[0].lines if ln.get_marker() == "o" and ln.get_markerfacecolor() == "white"]
    drawn = sum(len(line.get_xdata()) for line in open_points)
    assert drawn == sum(v <= panel.floor for v in panel.values) == sum(int(n) for n in panel.below) > 0
    shown = [t.get_text() for t in fig.texts]
    assert all(n in shown for n in panel.below)


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_stand_below_their_columns(width: float) -> None:
    """The centre of each number is the centre of its column, to a hundredth of a point."""
    fig = draw_panels(PANELS["four visits"], width_cm=width)
    centres = [float(ax.transData.transform((k, 1.0))[0]) for ax in fig.axes for k in range(4)]
    numbers = [t for t in fig.texts if t.get_text().isdigit()]
    assert len(numbers) == len(centres)
    for number in numbers:
        x = float(number.get_transform().transform(number.get_position())[0])
        assert min(abs(x - c) for c in centres) < 0.01


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", TRENDS)
def test_words_of_trends_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page."""
    assert_readable(draw_trends(TRENDS[case], width_cm=width))


@pytest.mark.parametrize("case", TRENDS)
def test_medians_and_quartiles_stand_at_their_values(case: str) -> None:
    """One line per group, one bar per visit that was measured."""
    data = TRENDS[case]
    fig = draw_trends(data)
    for panel, ax in zip(data.panels, fig.axes, strict=True):
        least = -np.inf if panel.floor is None else panel.floor
        lines = [line for line in ax.lines if line.get_marker() not in ("None", "_")]
        medians = [[max(v, least) for v in g.median if v is not None] for g in panel.groups]
        assert [list(line.get_ydata()) for line in lines] == medians
        bars = sorted(tuple(line.get_ydata()) for line in ax.lines if line.get_marker() == "_")
        pairs = [(a, b) for g in panel.groups for a, b in zip(g.q1, g.q3, strict=True)]
        assert bars == sorted((max(a, least), max(b, least)) for a, b in pairs if a is not None and b is not None)


def test_points_of_a_swarm_do_not_hide_each_other_while_there_is_room() -> None:
    """The same heights give the same places; none leaves the column."""
    heights = [float(v) for v in np.random.default_rng(1).normal(50, 20, 60)]
    aside = swarm(heights, 3.0, 30.0)
    assert aside == swarm(heights, 3.0, 30.0)
    assert max(abs(a) for a in aside) <= 30.0
    points = list(zip(aside, heights, strict=True))
    for (x, y), (u, v) in combinations(points, 2):
        assert (x - u) ** 2 + (y - v) ** 2 >= 9.0 - 1e-6
    assert max(abs(a) for a in swarm([1.0] * 500, 3.0, 10.0)) <= 10.0
    assert swarm([], 3.0, 10.0) == []


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.0, 9.0], [0, 2, 4, 6, 8]),
        ([3.0], [2, 3, 4]),
        ([-30.0, 12.0], [-30, -20, -10, 0, 10]),
        ([], [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_plain_axes_are_marked_at_round_values(values: list[float], ticks: list[float]) -> None:
    """All values lie between the ends, and every mark does."""
    axis = linear_axis(values)
    assert list(axis.ticks) == pytest.approx(ticks)
    assert axis.low <= min([*values, *ticks])
    assert axis.high >= max([*values, *ticks])


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.booleans())
def test_plain_axes_hold_all_values(values: list[float], has_zero: bool) -> None:
    """Two marks at least, none beyond the ends, six steps at most."""
    axis = linear_axis([round(v, 3) for v in values], has_zero=has_zero)
    assert all(axis.low <= round(v, 3) <= axis.high for v in values)
    assert 2 <= len(axis.ticks) <= 7
    assert axis.low - 1e-9 <= axis.ticks[0] < axis.ticks[-1] <= axis.high + 1e-9
    assert len(set(axis.labels)) == len(axis.labels)
    assert not has_zero or axis.low <= 0 <= axis.high


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=20))
def test_logarithmic_axes_hold_all_values(values: list[float]) -> None:
    """Two marks at least, ascending, and a value is where its logarithm is."""
    axis = log_axis(values)
    assert all(axis.low <= v <= axis.high for v in values)
    assert 2 <= len(axis.ticks) <= 8
    assert all(a < b for a, b in pairwise(axis.ticks))
    assert axis.share(axis.low) == 0
    assert axis.share((axis.low * axis.high) ** 0.5) == pytest.approx(0.5)
    assert axis.share(0.0) == 0


def test_powers_of_ten_are_written_as_such() -> None:
    """Numbers with many zeros cannot be read."""
    assert log_axis([1e-7, 1e8]).labels[0] == "10⁻⁷"
    assert log_axis([2.0, 900.0]).labels == ("10", "100", "1000")
    assert "0.01" in log_axis([0.001, 100.0]).labels


@settings(max_examples=8, deadline=None)
@given(
    names=st.lists(st.text("abc mnoW–≥/-", min_size=1, max_size=40), min_size=2, max_size=4),
    title=st.text("abc mnoW–≥/-", max_size=80),
    width=st.floats(8.0, 18.0),
)
def test_panels_of_any_names_are_readable(names: list[str], title: str, width: float) -> None:
    """Whatever the visits are called."""
    data = PanelsFigure((paired(9, title, tuple(names)), paired(9, "CD3", tuple(names))))
    assert_readable(draw_panels(data, width_cm=width))
