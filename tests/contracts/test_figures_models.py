"""Forests and plots of proportional hazards: readable at every size, every ratio where it belongs."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, log

import numpy as np
import pytest
from matplotlib.text import Text

from remission.display.figures.diagnostics import draw_diagnostics
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.forest import draw_forest
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.forest_layout import axis_of
from remission.display.figures.log_scale import log_limits, log_ticks
from remission.display.figures.style import DOUBLE_CM, SINGLE_CM

from .test_figures_layout import CHINESE, LONG, assert_readable, plot_of, texts

WIDTHS = (SINGLE_CM, DOUBLE_CM)


def ratio(value: float, n: int, p: str = "0.072") -> ForestRatio:
    wide = exp(4 / n**0.5)
    return ForestRatio(value, value / wide, value * wide, f"{value:.2f} ({value / wide:.2f}–{value * wide:.2f})", p)


def forest(n: int, *, models: tuple[str, ...] = ("Univariable", "Multivariable")) -> ForestFigure:
    """Three variables of two to three levels, and one that cannot be estimated."""
    many = len(models)
    none = ForestRatio(text="not estimable: no events in this level")
    rows = (
        ForestRow("Blasts in the bone marrow before treatment", kind="head"),
        ForestRow("<50%", f"{n // 4}/{n // 2}", kind="reference"),
        ForestRow("≥50%", f"{n // 3}/{n - n // 2}", tuple(ratio(2.1 + k / 3, n) for k in range(many))),
        ForestRow("Response", kind="head", ratios=tuple(ForestRatio(p="<0.001") for _ in models)),
        ForestRow("CR", f"{n // 5}/{n // 2}", kind="reference"),
        ForestRow("CRi", f"{n // 5}/{n // 4}", tuple(ratio(1.3, n, "0.41") for _ in models)),
        ForestRow("No CR", f"0/{n // 4}", (none,) * many),
        ForestRow("Age (per 10 years)", f"{n // 2}/{n}", tuple(ratio(1.1, n, "<0.001") for _ in models)),
        ForestRow(
            "Extreme", f"{n // 9}/{n}", tuple(ForestRatio(30.0, 0.4, inf, "30.0 (0.40–∞)", "0.31") for _ in models)
        ),
    )
    return ForestFigure(
        rows, models, favours=("lower risk", "higher risk"), annotation=("Firth's penalised likelihood.",)
    )


FOREST = {
    "five patients": forest(5),
    "thirty": forest(30),
    "three hundred": forest(3000),
    "one model": forest(30, models=("",)),
    "three models": forest(30, models=("Univariable", "Adjusted for age", "Fully adjusted")),
    "one line": ForestFigure((ForestRow("HSCT", "3/7", (ratio(0.5, 7),)),)),
    "long names": ForestFigure(
        (
            ForestRow(LONG, kind="head"),
            ForestRow(LONG, "120/300", kind="reference"),
            ForestRow(CHINESE, "120/300", (ratio(0.4, 300), ForestRatio(text=LONG))),
        ),
        ("Univariable", LONG[:40]),
        title=LONG,
        warning=LONG,
        favours=(LONG, LONG),
    ),
    "nothing estimable": ForestFigure((ForestRow("MRD", "0/5", (ForestRatio(text="no events"),)),)),
    "no counts": ForestFigure((ForestRow("MRD", "", (ratio(2.5, 9),)), ForestRow("Age", "", (ratio(1.02, 9),)))),
}


def diagnostics(n: int, labels: tuple[str, ...], terms: int = 1) -> DiagnosticsFigure:
    """Curves with a constant ratio; residuals about a coefficient."""
    groups = []
    for i, label in enumerate(labels):
        days = tuple(sorted({int(900 * ((k + 1) / n) ** 1.5) + i + 1 for k in range(n)}))
        groups.append(LogLogGroup(label, days, tuple(exp(-((d / 900) ** 0.9) * (1 + i)) for d in days)))
    rng = np.random.default_rng(n)
    days = tuple(int(900 * ((k + 1) / n) ** 1.5) + 1 for k in range(n))
    at = tuple((k + 1) / n for k in range(n))
    smooth_at = tuple(float(v) for v in np.linspace(at[0], at[-1], 30)) if n > 3 else ()
    smooth = tuple(0.5 + 0.4 * v for v in smooth_at)
    plots = tuple(
        ResidualPlot(
            days,
            at,
            tuple(float(v) for v in rng.normal(0.6, 1.2, n)),
            smooth_at,
            smooth,
            tuple(v - 0.4 - abs(a - 0.5) for v, a in zip(smooth, smooth_at, strict=True)),
            tuple(v + 0.4 + abs(a - 0.5) for v, a in zip(smooth, smooth_at, strict=True)),
            coefficient=log(2),
            title=f"Residuals: term {k + 1}",
            note="Test of proportional hazards: p = 0.031",
        )
        for k in range(terms)
    )
    return DiagnosticsFigure(LogLogPlot(tuple(groups), title="log(−log S) by group"), plots)


DIAGNOSTICS = {
    "five": diagnostics(5, ("CR", "No CR")),
    "thirty": diagnostics(30, ("CR/CRi", "No CR")),
    "three hundred": diagnostics(300, ("CR", "CRi", "CRh", "None"), terms=2),
    "one event": diagnostics(1, ("",)),
    "nobody": DiagnosticsFigure(LogLogPlot((LogLogGroup("A", (), ()),)), (ResidualPlot((), (), ()),)),
    "long names": diagnostics(30, (LONG, CHINESE)),
    "only curves": DiagnosticsFigure(
        LogLogPlot((LogLogGroup("", (0, 5, 9), (0.9, 0.5, 0.0)),)), title=LONG, warning=LONG
    ),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", FOREST)
def test_every_ratio_stands_at_its_value(case: str, width: float) -> None:
    """One mark per estimate on the log axis; words never overlap, and never lie on the plot."""
    data = FOREST[case]
    fig = draw_forest(data, width_cm=width)
    assert_readable(fig)
    ax, scale = plot_of(fig), axis_of(data)
    marks = [line for line in ax.lines if line.get_marker() in ("s", "D")]
    estimates = [r.estimate for row in data.rows for r in row.ratios if r.estimate is not None]
    assert [float(np.asarray(m.get_xdata(), dtype=float)[0]) for m in marks] == [scale.share(e) for e in estimates]
    frame = ax.get_window_extent()
    numbers = {r.text for row in data.rows for r in row.ratios if r.estimate is not None}
    for text, box in texts(fig):
        if text in numbers:
            assert box.x0 > frame.x1, text
    open_ends = sum(r.high == inf for row in data.rows for r in row.ratios)
    assert sum(line.get_marker() == ">" for line in ax.lines) == open_ends


@pytest.mark.parametrize("width", WIDTHS)
def test_what_cannot_be_estimated_is_said_in_words(width: float) -> None:
    """And a level of reference is called so."""
    shown = " ".join(t.get_text() for t in draw_forest(FOREST["thirty"], width_cm=width).texts)
    assert "not estimable: no events" in shown
    assert "reference" in shown


def test_round_ratios_mark_the_axis() -> None:
    """1 is always marked, marks keep their distance, and one huge ratio does not squeeze the others."""
    assert log_limits([1.1], [0.9, 1.3]) == (0.5, 2.0)
    assert log_limits([0.3], [0.0, inf]) == (0.2, 2.0)
    assert log_limits([900.0], [1e-9, inf]) == (0.02, 50.0)
    for low, high in ((0.5, 2.0), (0.1, 10.0), (0.02, 50.0)):
        ticks = log_ticks(low, high, length=80, apart=15)
        assert 1.0 in ticks
        assert all(log(b / a) * 80 / log(high / low) >= 15 for a, b in pairwise(ticks))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", DIAGNOSTICS)
def test_plots_of_proportional_hazards_are_readable(case: str, width: float) -> None:
    """Two in a row or below each other; every residual is one ring, every p is shown."""
    data = DIAGNOSTICS[case]
    fig = draw_diagnostics(data, width_cm=width)
    assert_readable(fig)
    assert len(fig.axes) == len(data.residuals) + (data.log_log is not None)
    for plot, ax in zip(data.residuals, fig.axes[-len(data.residuals) :], strict=False):
        (rings,) = [ln for ln in ax.lines if ln.get_marker() == "o" and ln.get_markersize() < 3]
        assert tuple(np.asarray(rings.get_xdata(), dtype=float)) == plot.at
    shown = " ".join(t.get_text() for t in fig.findobj(Text))
    assert all(word in shown for r in data.residuals for word in r.note.split())


def test_log_log_curves_leave_out_what_has_no_logarithm() -> None:
    """Nobody dead yet, everybody dead, and day 0."""
    group = LogLogGroup("", (0, 3, 5, 9), (0.9, 1.0, 0.5, 0.0))
    (ax,) = draw_diagnostics(DiagnosticsFigure(LogLogPlot((group,)))).axes
    points = {(float(x), float(y)) for ln in ax.lines for x, y in zip(ln.get_xdata(), ln.get_ydata(), strict=True)}
    assert points == {(np.log10(5), log(log(2)))}


def test_time_is_marked_in_months_on_a_transformed_axis() -> None:
    """Month 12 stands where the events of month 12 do, not at its share of the time."""
    plot = ResidualPlot((30, 365, 800), (0.1, 0.8, 0.9), (0.0, 1.0, 2.0))
    (ax,) = draw_diagnostics(DiagnosticsFigure(residuals=(plot,))).axes
    marks = {t.get_text(): float(x) for t, x in zip(ax.get_xticklabels(), ax.get_xticks(), strict=True)}
    assert marks["12"] == pytest.approx(0.8)


def test_a_short_label_is_not_broken():
    """The widest label decides the width of its column, and stays on one line in it."""
    known = ForestRatio(0.93, 0.74, 1.15, "0.93 (0.74–1.15)", "0.50")
    for label in ("female", "arm B", "Overall", "never transplanted"):
        row = ForestRow(label, "171/361", (known, known))
        figure = draw_forest(ForestFigure((row,), ("Univariable", "Multivariable")))
        assert label in [t.get_text() for t in figure.findobj(Text)]
