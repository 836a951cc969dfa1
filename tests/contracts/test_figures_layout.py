"""Figures as an art editor reads them: nothing overlaps, nothing is cut off, numbers stand below their ticks."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from remission.core.ticks import nice_ticks
from remission.display.figures.bars import draw_rates
from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.figures.flow import draw_flow
from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.figures.style import DOUBLE_CM, GREY, SINGLE_CM, house_style
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup

WIDTHS = (SINGLE_CM, 12.0, DOUBLE_CM)
LONG = "Complete remission with full haematological recovery, MRD-negative by multiparameter flow cytometry"
CHINESE = "完全缓解 (CR/CRi) 且微小残留病阴性"


def texts(fig: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text with the rectangle it fills, in points; half a point of air is not counted."""
    with house_style():
        renderer = FigureCanvasAgg(fig).get_renderer()
        fig.draw(renderer)
        found = [t for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()]
        return [(t.get_text(), t.get_window_extent(renderer).padded(-0.5)) for t in found]


def assert_readable(fig: Figure) -> None:
    """No two texts overlap, and none leaves the page."""
    found = texts(fig)
    width, height = fig.get_size_inches() * 72
    for text, box in found:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for (one, a), (other, b) in combinations(found, 2):
        assert not a.overlaps(b), f"{one!r} overlaps {other!r}"


def group(label: str, n: int, scale: float, ticks: tuple[int, ...], seed: int, origin: int = 0) -> SurvivalGroup:
    """A plausible curve: exponential deaths, uniform censoring; scale 0 for nobody dies."""
    rng = np.random.default_rng(seed)
    censor = rng.uniform(0.3, 1.0, n) * ticks[-1] * 1.1
    death = rng.exponential(scale, n) if scale else np.full(n, np.inf)
    time = np.maximum(origin + 1, np.minimum(death + origin, censor).round()).astype(int)
    event = death + origin <= censor
    days, survival, censored, level = [], [], [], 1.0
    for day in np.unique(time):
        at_risk, deaths = int((time >= day).sum()), int((event & (time == day)).sum())
        level *= 1 - deaths / at_risk
        if deaths:
            days.append(int(day))
            survival.append(level)
        if (~event & (time == day)).any():
            censored.append((int(day), level))
    return SurvivalGroup(
        label,
        tuple(days),
        tuple(survival),
        int(time.max()),
        tuple(s**1.6 if 0 < s < 1 else None for s in survival),
        tuple(s**0.6 if 0 < s < 1 else None for s in survival),
        tuple(d for d, _ in censored),
        tuple(s for _, s in censored),
        tuple(None if t < origin else int((time >= t).sum()) for t in ticks),
        tuple(None if t < origin else int((event & (time <= t)).sum()) for t in ticks),
        "median not reached" if not scale else f"median {scale / 40:.1f} months (3.2–not reached)",
    )


def figure(n: int, labels: tuple[str, ...], *, scale: float = 400, last: int = 900, origin: int = 0) -> SurvivalFigure:
    """A survival figure of one group per label."""
    ticks = nice_ticks(last, origin_days=origin)
    groups = tuple(
        group(label, max(1, n // len(labels)), scale / (1 + i), ticks, i, origin) for i, label in enumerate(labels)
    )
    return SurvivalFigure(
        groups,
        x_label="Months since first dose of blinatumomab",
        y_label="Overall survival (%)",
        ticks_days=ticks,
        annotation=("Log-rank p = 0.012",),
        origin_days=origin,
    )


SURVIVAL = {
    "five patients": figure(5, ("",)),
    "one patient": figure(1, ("All patients",)),
    "one group of 33": figure(33, ("All patients",)),
    "two groups of 33": figure(33, ("CR/CRi", "No CR")),
    "two groups of 300": figure(300, ("CR/CRi", "No CR")),
    "thousands": figure(6000, ("CR/CRi", "No CR"), last=1500),
    "four groups of 300": figure(300, ("MRD-negative CR", "MRD-positive CR", "No CR", "Not evaluable")),
    "six groups": figure(300, tuple(f"Cycle {i} of treatment" for i in range(1, 7))),
    "nobody dies": figure(33, ("CR/CRi", "No CR"), scale=0),
    "everybody dies": figure(33, ("CR/CRi", "No CR"), scale=60, last=3000),
    "long labels": figure(33, (LONG, LONG.replace("Complete", "No complete"))),
    "Chinese labels": figure(33, (CHINESE, "未缓解")),
    "landmark": figure(33, ("HSCT by month 3", "No HSCT by month 3"), origin=91),
    "late landmark": figure(33, ("HSCT", "No HSCT"), origin=820),
    "many ticks": figure(300, ("CR/CRi", "No CR"), last=731),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", SURVIVAL)
def test_survival_texts_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page."""
    assert_readable(draw_survival(SURVIVAL[case], width_cm=width))


@pytest.mark.parametrize("width", WIDTHS)
def test_title_and_warning_have_their_own_place(width: float) -> None:
    """A naive comparison is called biased in the figure itself, and completely."""
    base = SURVIVAL["four groups of 300"]
    warning = "Naive comparison: biased, group known only after the start of treatment"
    fig = draw_survival(
        SurvivalFigure(base.groups, ticks_days=base.ticks_days, title=LONG, warning=warning), width_cm=width
    )
    assert_readable(fig)
    shown = " ".join(t.get_text() for t in fig.findobj(Text))
    assert all(word in shown for word in warning.split())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", SURVIVAL)
def test_numbers_at_risk_are_centred_exactly_below_their_ticks(case: str, width: float) -> None:
    """The centre of each number is the tick, to a hundredth of a point."""
    data = SURVIVAL[case]
    fig = draw_survival(data, width_cm=width)
    ax = plot_of(fig)
    assert data.ticks_days is not None
    at_ticks = {round(float(ax.transData.transform((t, 0))[0]), 2) for t in data.ticks_days}
    below = ax.get_window_extent().y0 - 25
    numbers = [(t, b) for t, b in texts(fig) if t.isdigit() and b.y1 < below]
    expected = sum(n is not None for g in data.groups for n in g.at_risk)
    placed = [t for t in fig.texts if t.get_text().isdigit() and t.get_ha() == "center"]
    assert len(numbers) == len(placed)
    if case == "thousands" and width == SINGLE_CM:  # no room for four digits at each of nine ticks
        assert expected / 2 <= len(placed) < expected
    else:
        assert len(placed) == expected
    assert {round(float(t.get_transform().transform(t.get_position())[0]), 2) for t in placed} <= at_ticks
    for _, box in numbers:
        centre = (box.x0 + box.x1) / 2
        assert min(abs(centre - x) for x in at_ticks) < 1.0  # letters have uneven air beside their ink


def plot_of(fig: Figure) -> Axes:
    (ax,) = fig.axes
    assert isinstance(ax, Axes)
    return ax


@pytest.mark.parametrize("case", SURVIVAL)
def test_nothing_is_drawn_beyond_the_last_follow_up(case: str) -> None:
    """Curves, bands and censor marks of a group end with its last patient, and begin at the origin."""
    data = SURVIVAL[case]
    ax = plot_of(draw_survival(data))
    curves = [line for line in ax.lines if line.get_linestyle() != "None" and line.get_color() != GREY]
    assert len(curves) == len(data.groups)
    for g, curve in zip(data.groups, curves, strict=True):
        x = np.asarray(curve.get_xdata(), dtype=float)
        assert x.max() == g.last_day
        assert x.min() == data.origin_days
    longest = data.last_day
    for line in ax.lines:
        x = np.asarray(line.get_xdata(), dtype=float)
        assert not len(x) or x.max() <= longest
    for band in ax.collections:
        assert max(p.vertices[:, 0].max() for p in band.get_paths()) <= longest


def test_a_point_beyond_the_follow_up_is_not_drawn_even_if_it_is_given() -> None:
    """The rule is kept by the figure, not only by those who call it."""
    late = SurvivalGroup("", (10, 500), (0.5, 0.1), 100, (0.2, 0.0), (0.9, 0.5), (50, 400), (0.5, 0.5))
    ax = plot_of(draw_survival(SurvivalFigure((late,))))
    assert max(np.asarray(line.get_xdata(), dtype=float).max() for line in ax.lines) == 100
    assert min(np.asarray(line.get_ydata(), dtype=float).min() for line in ax.lines) == 0.5


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", SURVIVAL)
def test_the_legend_hides_no_curve(case: str, width: float) -> None:
    """No text in the plot lies on a curve."""
    fig = draw_survival(SURVIVAL[case], width_cm=width)
    ax = plot_of(fig)
    found = texts(fig)
    for curve in ax.lines:
        points = (
            ax.transData.transform(np.column_stack(curve.get_data()).astype(float)) if len(curve.get_xdata()) else []
        )
        for (x0, y0), (x1, y1) in pairwise(points):
            if curve.get_linestyle() == "None":
                continue
            path = Bbox([[min(x0, x1), min(y0, y1)], [max(x0, x1), max(y0, y1)]]).padded(0.3)
            inside = [t for t, box in found if box.overlaps(path) and not box.x1 < ax.bbox.x0]
            assert not inside, inside


@settings(max_examples=25, deadline=None)
@given(
    labels=st.lists(st.text("abc mnoW–≥/-", min_size=1, max_size=60), min_size=1, max_size=6),
    n=st.sampled_from([6, 40, 400]),
    last=st.integers(30, 5000),
    width=st.floats(8.0, 18.0),
)
def test_survival_figures_of_any_labels_are_readable(labels: list[str], n: int, last: int, width: float) -> None:
    """Whatever the groups are called."""
    assert_readable(draw_survival(figure(n, tuple(labels), last=last), width_cm=width))


def steps(count: int, label: str, reasons: int) -> tuple[FlowStep, ...]:
    """Populations that lose ten patients each; the last one goes on as it is."""
    why = tuple(FlowPart(f"Reason {k}: {label.lower()}", 10 if k == 0 else 0) for k in range(reasons))
    losing = (FlowStep(f"{label} {i}", 100 - 10 * i, 10, reasons=why) for i in range(count - 1))
    return (*losing, FlowStep(f"{label} {count - 1}", 110 - 10 * count))


def branches(names: tuple[str, ...], total: int, parts: tuple[str, ...]) -> tuple[FlowBranch, ...]:
    rest = total - (len(names) - 1)
    return tuple(
        FlowBranch(name, rest if i == 0 else 1, tuple(FlowPart(p, 0) for p in parts)) for i, name in enumerate(names)
    )


TREATED = ("HSCT", "CAR-T", "Chemotherapy", "Died without further treatment")
FLOW = {
    "one box": FlowFigure(steps(1, "All patients", 0)),
    "nobody left": FlowFigure((FlowStep("Treated", 7, 0), FlowStep("Assessed", 7, 0))),
    "ordinary": FlowFigure(steps(4, "Patients", 2), branches(("CR/CRi", "No CR"), 70, TREATED), title="Patient flow"),
    "six and six": FlowFigure(
        steps(6, "Population with a rather long description of who belongs to it", 5),
        branches(("CR, MRD-negative", "CR, MRD-positive", "CRi", "Partial remission", "None", LONG), 50, TREATED),
        title=LONG,
    ),
    "six short": FlowFigure(steps(6, "Step", 1), branches(("A", "B", "C", "D", "E", "F"), 50, ("HSCT",))),
    "three": FlowFigure(steps(2, "Step", 1), branches(("CR", "CRi", "No CR"), 90, TREATED[:3])),
    "one branch": FlowFigure(steps(2, "Step", 1), branches(("Everybody",), 90, TREATED[:2])),
    "long words": FlowFigure(steps(2, "Immunochemotherapy" * 3, 1), branches(("Refractory" * 6, "x"), 90, ("y" * 60,))),
    "Chinese": FlowFigure(steps(2, "患者", 1), branches((CHINESE, "CR"), 90, ("移植",)), title="流程"),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", FLOW)
def test_flow_boxes_hold_their_words_and_never_cross(case: str, width: float) -> None:
    """Boxes are nested or apart; each word lies inside a box or outside all of them."""
    fig = draw_flow(FLOW[case], width_cm=width)
    assert_readable(fig)
    boxes = [r.get_window_extent() for r in fig.findobj(Rectangle) if r is not fig.patch]
    for a, b in combinations(boxes, 2):
        within = a.containsx(b.x0) and a.containsx(b.x1) and a.containsy(b.y0) and a.containsy(b.y1)
        around = b.containsx(a.x0) and b.containsx(a.x1) and b.containsy(a.y0) and b.containsy(a.y1)
        assert within or around or not a.overlaps(b)
    for text, box in texts(fig):
        for frame in boxes:
            crosses = frame.overlaps(box) and not (
                frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            )
            assert not crosses, text


@pytest.mark.parametrize("case", FLOW)
def test_a_flow_shows_every_number_even_zero(case: str) -> None:
    """A box that holds nobody is shown as n = 0."""
    data = FLOW[case]
    numbers = [s.n for s in data.steps] + [s.left for s in data.steps if s.left is not None]
    numbers += [r.n for s in data.steps for r in s.reasons] + [b.n for b in data.branches]
    numbers += [p.n for b in data.branches for p in b.parts]
    shown = [t.get_text() for t in draw_flow(data).findobj(Text) if t.get_text().startswith("n = ")]
    assert sorted(shown) == sorted(f"n = {n}" for n in numbers)


def rate(label: str, k: int, n: int, kind: str = "row") -> RateRow:
    p = k / n
    text = f"{100 * p:.1f} ({max(0, 100 * p - 20):.1f}–{min(100, 100 * p + 20):.1f})"
    return RateRow(
        label, f"{k}/{n}", p, max(0, p - 0.2), min(1, p + 0.2), text, kind="total" if kind == "total" else "row"
    )


RATES = {
    "one patient": RatesFigure((rate("All patients", 1, 1, "total"),)),
    "ordinary": RatesFigure(
        (
            rate("All patients", 26, 33, "total"),
            RateRow("Bone marrow blasts before the first treatment with blinatumomab", kind="head"),
            rate("<50%", 18, 18),
            rate("≥50%", 8, 15),
            RateRow("Unknown", "0/0", text="not estimable"),
            rate(LONG, 0, 3),
        ),
        reference=26 / 33,
        title="Response by subgroup",
        annotation=("Vertical line: all patients. Intervals: exact (Clopper-Pearson).",),
    ),
    "thousands": RatesFigure((rate("All", 3100, 5000, "total"), rate(CHINESE, 1100, 2500))),
    "thirty lines": RatesFigure(tuple(rate(f"Subgroup {i}", i, 30) for i in range(30)), reference=0.5, x_label=LONG),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", RATES)
def test_rates_never_overlap_and_dots_stand_where_they_belong(case: str, width: float) -> None:
    """Every estimate is one dot at its value; a rate that cannot be given has none."""
    data = RATES[case]
    fig = draw_rates(data, width_cm=width)
    assert_readable(fig)
    dots = [line for line in plot_of(fig).lines if isinstance(line, Line2D) and line.get_marker() in ("s", "D")]
    values = [float(np.asarray(d.get_xdata(), dtype=float)[0]) for d in dots]
    assert values == [r.estimate for r in data.rows if r.estimate is not None]
    frame = plot_of(fig).get_window_extent()
    for text, box in texts(fig):
        if any(text == r.text or text == r.counts for r in data.rows):
            assert box.x0 > frame.x1, text
