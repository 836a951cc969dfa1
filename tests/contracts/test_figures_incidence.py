"""Cumulative incidence and curves entered later: readable at every size, numbers below their ticks."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from remission.core.ticks import nice_ticks
from remission.display.figures.incidence import draw_incidence
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup, nice_maximum
from remission.display.figures.style import DOUBLE_CM, SINGLE_CM
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import CHANGES_CURVE, SurvivalFigure, SurvivalGroup

from .test_figures_layout import CHINESE, LONG, assert_readable, plot_of, texts

WIDTHS = (SINGLE_CM, DOUBLE_CM)

RELAPSE = ("Relapse", "Non-relapse mortality")


def incidence(
    n: int,
    labels: tuple[str, ...],
    causes: tuple[str, ...] = RELAPSE,
    *,
    share: float = 0.7,
    last: int = 900,
    origin: int = 0,
    notes: bool = True,
    zoom: bool = False,
) -> IncidenceFigure:
    """Uniform event times; share: of patients who have an event of any cause."""
    ticks = nice_ticks(last, origin_days=origin)
    groups = tuple(
        _incidence_group(label, causes, max(1, n // len(labels)), share / (1 + i), ticks, i, origin, notes)
        for i, label in enumerate(labels)
    )
    return IncidenceFigure(
        groups,
        x_label="Months since complete remission",
        ticks_days=ticks,
        annotation=tuple(f"Gray p = 0.0{k}1 ({c.lower()})" for k, c in enumerate(causes)) if len(labels) > 1 else (),
        origin_days=origin,
        y_max=nice_maximum(groups) if zoom else 1.0,
    )


def _incidence_group(
    label: str,
    causes: tuple[str, ...],
    n: int,
    share: float,
    ticks: tuple[int, ...],
    seed: int,
    origin: int,
    notes: bool,
) -> IncidenceGroup:
    rng = np.random.default_rng(seed)
    time = np.sort(rng.integers(origin + 1, ticks[-1] + 20, n))
    which = np.where(rng.uniform(size=n) < share, rng.integers(0, len(causes), n), -1)
    curves = []
    for k, cause in enumerate(causes):
        at = time[which == k]
        level = np.arange(1, len(at) + 1) / n
        half = 1.96 * np.sqrt(level * (1 - level) / n)
        curves.append(
            IncidenceCurve(
                cause,
                tuple(int(d) for d in at),
                tuple(float(v) for v in level),
                tuple(float(v) for v in np.clip(level - half, 0, 1)),
                tuple(float(v) for v in np.clip(level + half, 0, 1)),
                f"{100 * len(at) / n:.0f}% (9–36) at 24 months" if notes else "",
            )
        )
    at_risk = tuple(None if t < origin else int((time >= t).sum()) for t in ticks)
    return IncidenceGroup(label, tuple(curves), int(time[-1]), at_risk)


INCIDENCE = {
    "five patients": incidence(5, ("",)),
    "one group of 30": incidence(30, ("All patients in remission",)),
    "one cause": incidence(30, ("",), ("Relapse",)),
    "300 in two groups": incidence(300, ("MRD-negative", "MRD-positive"), notes=False),
    "two groups with notes": incidence(30, ("MRD-negative", "MRD-positive")),
    "two groups, one cause": incidence(30, ("CR", "CRi"), ("Relapse",)),
    "four groups": incidence(300, ("CR", "CRi", "CRh", "Not evaluable"), notes=False),
    "long names": incidence(30, (LONG, LONG.replace("Complete", "Partial"))),
    "nobody has the event": incidence(30, ("CR", "CRi"), share=0.0, notes=False),
    "zoomed": incidence(300, ("",), share=0.2, zoom=True),
    "landmark": incidence(30, ("HSCT", "No HSCT"), origin=91, notes=False),
    "Chinese": incidence(30, (CHINESE, "未缓解"), ("复发", "非复发死亡")),
}


def changing(n: int, *, last: int = 900, entry: int = 60) -> SurvivalFigure:
    """Not yet transplanted, and transplanted from day `entry` on."""
    ticks = nice_ticks(last)
    days = tuple(int(d) for d in np.linspace(entry + 20, last - 10, max(1, n // 4)))
    fall = tuple(0.97 * 0.6 ** (k / len(days)) for k in range(len(days)))
    early = tuple(d // 2 for d in days)
    band = {"low": tuple(s**1.8 for s in fall), "high": tuple(s**0.6 for s in fall)}
    before = tuple(max(0, n - k * n // len(ticks)) for k in range(len(ticks)))
    after = tuple(None if t < entry else min(n // 2, 1 + k * n // 8) for k, t in enumerate(ticks))
    return SurvivalFigure(
        (
            SurvivalGroup("Not yet transplanted", early, tuple(s**2 for s in fall), last // 2, at_risk=before),
            SurvivalGroup("Transplanted", days, fall, last, at_risk=after, first_day=entry, start=0.97, **band),
        ),
        x_label="Months since complete remission",
        y_label="Overall survival (%)",
        ticks_days=ticks,
        title="Survival by transplantation (Simon-Makuch)",
        subtitle=CHANGES_CURVE,
        annotation=("Mantel-Byar p = 0.21",),
    )


CHANGING = {
    "five": changing(5),
    "thirty": changing(30),
    "three hundred": changing(300),
    "late": changing(30, entry=800),
}


def placed_numbers(fig: Figure) -> list[Text]:
    """Numbers that are centred on a tick, below the plot."""
    return [t for t in fig.texts if t.get_text().isdigit() and t.get_ha() == "center"]


def assert_below_ticks(fig: Figure, days: tuple[int, ...], expected: int) -> None:
    """Each number is exactly below its tick; none is missing."""
    ax = plot_of(fig)
    at = {round(float(ax.transData.transform((d, 0))[0]), 2) for d in days}
    placed = placed_numbers(fig)
    assert {round(float(t.get_transform().transform(t.get_position())[0]), 2) for t in placed} <= at
    assert len(placed) == expected
    for _, box in (pair for pair in texts(fig) if pair[0].isdigit() and pair[1].y1 < ax.get_window_extent().y0 - 25):
        assert min(abs((box.x0 + box.x1) / 2 - x) for x in at) < 1.0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", INCIDENCE)
def test_incidences_are_readable_and_begin_at_0_and_end_with_the_follow_up(case: str, width: float) -> None:
    """One curve per group and cause, no text upon another, numbers at risk below their ticks."""
    data = INCIDENCE[case]
    fig = draw_incidence(data, width_cm=width)
    assert_readable(fig)
    assert data.ticks_days is not None
    assert_below_ticks(fig, data.ticks_days, sum(n is not None for g in data.groups for n in g.at_risk))
    curves = [line for line in plot_of(fig).lines if line.get_linewidth() > 1]
    ends = [(g.last_day, c) for g in data.groups for c in g.curves]
    assert len(curves) == len(ends)
    for (last, curve), line in zip(ends, curves, strict=True):
        x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
        assert (x[0], y[0], x[-1]) == (data.origin_days, 0.0, last)
        assert y[-1] == (curve.incidence[-1] if curve.days else 0.0)
    for band in plot_of(fig).collections:
        assert max(p.vertices[:, 0].max() for p in band.get_paths()) <= data.last_day


def test_groups_differ_by_colour_and_causes_by_dashes() -> None:
    """And in one group the causes differ by both."""
    lines = [ln for ln in plot_of(draw_incidence(INCIDENCE["four groups"])).lines if ln.get_linewidth() > 1]
    colours = [to_hex(line.get_color()) for line in lines]  # type: ignore[arg-type]
    assert len(set(colours)) == 4
    assert colours[0::2] == colours[1::2]
    one = [ln for ln in plot_of(draw_incidence(INCIDENCE["one group of 30"])).lines if ln.get_linewidth() > 1]
    assert len({to_hex(line.get_color()) for line in one}) == 2  # type: ignore[arg-type]
    assert [line.is_dashed() for line in one] == [False, True]


def test_an_axis_that_ends_below_100_percent_says_so() -> None:
    """A zoomed curve looks like a greater risk."""
    data = INCIDENCE["zoomed"]
    fig = draw_incidence(data)
    assert data.y_max == 0.2
    assert plot_of(fig).get_ylim() == (0.0, 0.2)
    assert any(t.get_text() == "The vertical axis ends at 20%." for t in fig.texts)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", CHANGING)
def test_a_curve_entered_later_begins_where_its_first_patient_enters(case: str, width: float) -> None:
    """Nothing of it is drawn before, its numbers at risk are empty until then and may rise afterwards."""
    data = CHANGING[case]
    fig = draw_survival(data, width_cm=width)
    assert_readable(fig)
    curve = [line for line in plot_of(fig).lines if line.get_linestyle() != "None"][1]
    x, y = np.asarray(curve.get_xdata(), dtype=float), np.asarray(curve.get_ydata(), dtype=float)
    assert (x[0], y[0]) == (data.groups[1].first_day, 0.97)
    for band in plot_of(fig).collections:
        assert min(p.vertices[:, 0].min() for p in band.get_paths()) >= data.groups[1].first_day
    assert data.ticks_days is not None
    assert_below_ticks(fig, data.ticks_days, sum(n is not None for g in data.groups for n in g.at_risk))
    assert CHANGES_CURVE in " ".join(t.get_text() for t in fig.texts)
