"""Figures of single patients: swimmer and waterfall plots, readable at every size, every bar where it belongs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import matplotlib.colors
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from remission.core.errors import ResultsError
from remission.display.figures.style import DOUBLE_CM, SINGLE_CM, TONES
from remission.display.figures.swimmer import draw_swimmer
from remission.display.figures.swimmer_data import (
    EVENT_NAMES,
    SwimmerEvent,
    SwimmerFigure,
    SwimmerPatient,
    SwimmerSegment,
    swimmer_pages,
)
from remission.display.figures.swimmer_marks import MARK_LOOKS, place_marks
from remission.display.figures.waterfall import draw_waterfall
from remission.display.figures.waterfall_data import WaterfallBar, WaterfallFigure, WaterfallPanel

from .test_figures_files import luminance
from .test_figures_layout import CHINESE, LONG, assert_readable, plot_of

WIDTHS = (SINGLE_CM, 12.0, DOUBLE_CM)
TREATMENTS = ("Blinatumomab", "Chemotherapy", "Inotuzumab ozogamicin")
GROUPS = ("Relapsed or refractory", "CR, MRD-positive", "CR, MRD-negative")


def swimmer(n: int, *, dying: float = 0.4, groups: tuple[str, ...] = GROUPS, label: str = "P{}") -> SwimmerFigure:
    """Plausible courses: one to four cycles, a response in most, relapse, transplantation, death in some."""
    rng = np.random.default_rng(n)
    patients = []
    for k in range(n):
        last = int(rng.integers(40, 1200))
        is_dead = bool(rng.random() < dying)
        cycles = [c for c in range(int(rng.integers(1, 5))) if c * 42 + 28 < last]
        segments = [SwimmerSegment(0, c * 42, c * 42 + 28) for c in cycles]
        if last > 400 and k % 3 == 0:
            segments.append(SwimmerSegment(1 + k % 2, 230, 260))
        events = [SwimmerEvent("cr" if k % 4 else "cri", 15)] if k % 5 else []
        events += [SwimmerEvent("mrd-negative", 15 if k % 2 else 29)] if k % 5 and last > 29 else []
        events += [SwimmerEvent("hsct", 190)] if last > 200 and k % 3 == 1 else []
        events += [SwimmerEvent("car-t", 280)] if last > 300 and k % 7 == 2 else []
        events += [SwimmerEvent("relapse", last - 30)] if is_dead and last > 90 else []
        events += [SwimmerEvent("death", last)] if is_dead else []
        group = k % len(groups) if groups else 0
        patients.append(SwimmerPatient(label.format(k + 1), last, tuple(segments), tuple(events), not is_dead, group))
    return SwimmerFigure(tuple(patients), TREATMENTS, groups)


SWIMMER = {
    "five": swimmer(5, groups=()),
    "thirty": swimmer(30),
    "hundred": swimmer(100),
    "nobody dies": swimmer(12, dying=0.0),
    "everybody dies": swimmer(12, dying=1.0),
    "long names": replace(
        swimmer(8, groups=(LONG, CHINESE), label="Centre of Paediatric Haematology {}"), title=LONG, warning=LONG
    ),
    "one on day 0": SwimmerFigure((SwimmerPatient("1", 0, events=(SwimmerEvent("death", 0),)),)),
    "in days": replace(swimmer(9, groups=("A", "B", "C", "D", "E", "F")), x_unit="days", x_label="Days"),
}


def waterfall(n: int, *, responses: int = 4, limits: tuple[float, float] | None = None) -> WaterfallFigure:
    """Marrow blasts in percentage points, and log10 MRD with values below the floor."""
    rng = np.random.default_rng(n)
    names = ("CR, MRD-negative", "CR, MRD-positive", "CRi", "No remission", "Died early", "Not assessed")[:responses]
    blasts = [float(v) for v in np.round(rng.normal(-45, 35, n), 1)]
    order = np.argsort(np.argsort(blasts)) * responses // max(n, 1)
    first = WaterfallPanel(
        tuple(WaterfallBar(v, int(k)) for v, k in zip(blasts, order, strict=True)),
        "Change of marrow blasts (percentage points)",
        "A. Marrow blasts",
        lines=((20.0, "+20 points"),),
        limits=limits,
        note=f"Marrow blasts: {n} of {n + 3} patients; 3 without a second marrow.",
    )
    falls = [float(v) for v in np.round(rng.uniform(-5, 0.6, n), 2)]
    second = WaterfallPanel(
        tuple(WaterfallBar(v, int(v > -2), v < -3) for v in falls),
        "Change of MRD (log₁₀)",
        "B. MRD",
        lines=((-4.0, "4 log"),),
    )
    return WaterfallFigure((first, second), names)


WATERFALL = {
    "one": waterfall(1),
    "five": waterfall(5),
    "thirty": waterfall(30),
    "three hundred": waterfall(300, responses=6),
    "cut": waterfall(30, limits=(-50.0, 10.0)),
    "long names": replace(waterfall(30), responses=(LONG, CHINESE, "CRi", LONG), title=LONG, annotation=(LONG,)),
    "nobody": WaterfallFigure((WaterfallPanel((), "Change of marrow blasts (%)"),)),
    "nobody changes": WaterfallFigure((WaterfallPanel((WaterfallBar(0.0),) * 4, "Change (%)"),)),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", SWIMMER)
def test_swimmer_words_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page."""
    assert_readable(draw_swimmer(SWIMMER[case], width_cm=width))


@pytest.mark.parametrize("case", SWIMMER)
def test_every_event_has_its_mark_and_the_legend_names_what_occurs(case: str) -> None:
    """As many marks of a shape as events of a kind; a kind that does not occur is not explained."""
    data = SWIMMER[case]
    fig = draw_swimmer(data)
    ax = plot_of(fig)
    kinds = [e.kind for p in data.patients for e in p.events]
    shown = [t.get_text() for t in fig.findobj(Text)]
    for kind, name in EVENT_NAMES.items():
        look = MARK_LOOKS[kind]
        marks = [
            line for line in ax.lines if line.get_marker() == look.marker and line.get_markerfacecolor() == look.fill
        ]
        assert len(marks) == kinds.count(kind), kind
        assert (name in shown) == (kind in kinds), kind
    arrows = [line for line in ax.lines if line.get_marker() == ">"]
    assert len(arrows) == sum(p.is_ongoing for p in data.patients)
    assert len({(look.marker, look.fill) for look in MARK_LOOKS.values()}) == len(EVENT_NAMES)


@pytest.mark.parametrize("case", SWIMMER)
def test_bars_are_as_long_as_their_observation_and_in_order(case: str) -> None:
    """The longest first within its group; lengths in proportion to the days."""
    data = SWIMMER[case]
    ax = plot_of(draw_swimmer(data))
    bars = [r for r in ax.findobj(Rectangle) if r.get_zorder() == 1 and r is not ax.patch]
    bars.sort(key=lambda r: r.get_y())
    expected = [p.last_day for p in data.in_order()]
    assert len(bars) == len(expected)
    longest = max(data.last_day, 1)
    for rectangle, days in zip(bars, expected, strict=True):
        assert rectangle.get_width() == pytest.approx(ax.get_xlim()[1] * days / longest, abs=1e-6)
    groups = [p.group for p in data.in_order()]
    assert groups == sorted(groups)
    for group in set(groups):
        days = [p.last_day for p in data.in_order() if p.group == group]
        assert days == sorted(days, reverse=True)


def test_marks_of_near_days_stand_side_by_side_and_the_figure_says_so() -> None:
    """The first one stays at its day; a mark is never hidden by another."""
    events = (SwimmerEvent("mrd-negative", 15), SwimmerEvent("cr", 15), SwimmerEvent("hsct", 500))
    placed, is_moved = place_marks(events, 0.4, 5.0)
    assert [kind for kind, _ in placed] == ["cr", "mrd-negative", "hsct"]
    assert placed[0][1] == 6.0
    assert placed[1][1] - placed[0][1] >= 5.0
    assert placed[2][1] == 200.0
    assert is_moved
    assert not place_marks(events[1:], 0.4, 5.0)[1]
    patient = SwimmerPatient("1", 600, events=events, is_ongoing=True)
    assert "side by side" in " ".join(t.get_text() for t in draw_swimmer(SwimmerFigure((patient,))).texts)
    alone = replace(patient, events=events[1:])
    assert "side by side" not in " ".join(t.get_text() for t in draw_swimmer(SwimmerFigure((alone,))).texts)


def test_more_than_a_hundred_bars_are_refused_and_can_be_paged() -> None:
    """Pages hold everybody once, in order, on the same axis."""
    many = swimmer(230)
    with pytest.raises(ResultsError) as caught:
        draw_swimmer(many)
    assert caught.value.code == "too-many-bars"
    pages = swimmer_pages(many, most=50)
    assert [len(p.patients) for p in pages] == [46, 46, 46, 46, 46]
    assert tuple(p for page in pages for p in page.in_order()) == many.in_order()
    assert {p.last_day for p in pages} == {many.last_day}
    assert pages[0].title == "(1 of 5)"
    assert len(draw_swimmer(pages[2]).axes) == 1
    assert swimmer_pages(swimmer(9)) == (swimmer(9),)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", WATERFALL)
def test_waterfall_words_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page."""
    assert_readable(draw_waterfall(WATERFALL[case], width_cm=width))


@pytest.mark.parametrize("case", [case for case in WATERFALL if case not in ("cut", "nobody")])
def test_bars_fall_in_order_and_are_hatched_below_the_floor(case: str) -> None:
    """One bar per patient at its value, in the tone of its response."""
    data = WATERFALL[case]
    fig = draw_waterfall(data)
    for panel, ax in zip(data.panels, fig.axes, strict=True):
        bars = sorted(
            (r for r in ax.findobj(Rectangle) if r.get_zorder() == 2 and r is not ax.patch), key=lambda r: r.get_x()
        )
        assert [r.get_height() for r in bars] == sorted((b.value for b in panel.bars), reverse=True)
        assert sum(r.get_hatch() is not None for r in bars) == sum(b.is_below_floor for b in panel.bars)
        tones = [matplotlib.colors.to_hex(r.get_facecolor()).upper() for r in bars]
        assert sorted(tones) == sorted(TONES[b.response].face.upper() for b in panel.bars)
        assert ax.get_xlim()[1] + 1e-6 >= max((r.get_x() + r.get_width() for r in bars), default=0)


def test_bars_beyond_the_axis_are_cut_and_their_values_said() -> None:
    """Nothing is drawn beyond the axis, nothing is kept quiet."""
    data = WaterfallFigure(
        (WaterfallPanel((WaterfallBar(1900.0), WaterfallBar(-40.0)), "Change (%)", limits=(-100, 100)),)
    )
    fig = draw_waterfall(data)
    (ax,) = fig.axes
    assert ax.get_ylim() == (-100, 100)
    assert max(r.get_y() + r.get_height() for r in ax.findobj(Rectangle) if r is not ax.patch) <= 100
    words = " ".join(t.get_text() for t in fig.texts)
    assert "+1900" in words
    assert "−40" not in words


def test_tones_differ_in_a_photocopy() -> None:
    """Any two differ in lightness (CIE L*) by 7 or more, and their ink can be read on them."""
    for one, other in combinations([lightness(t.face) for t in TONES], 2):
        assert abs(one - other) >= 7
    for tone in TONES:
        bright, dark = sorted((luminance(tone.face), luminance(tone.ink)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 3.0, tone


def lightness(colour: str) -> float:
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


WORDS = st.text("abc mnoW–≥/-", min_size=1, max_size=50)


@settings(max_examples=8, deadline=None)
@given(names=st.lists(WORDS, min_size=6, max_size=6), n=st.sampled_from([5, 30, 80]), width=st.floats(8.0, 18.0))
def test_patients_under_any_names_are_readable(names: list[str], n: int, width: float) -> None:
    """Whatever groups, treatments and responses are called."""
    bars = replace(swimmer(n, groups=tuple(names[:3]), label=names[5] + "{}"), treatments=tuple(names[3:]))
    assert_readable(draw_swimmer(replace(bars, title=names[0]), width_cm=width))
    falls = waterfall(n)
    panels = tuple(
        replace(p, title=names[4], y_label=names[5], lines=((-3.0, names[0]), (-2.9, "b"))) for p in falls.panels
    )
    assert_readable(draw_waterfall(replace(falls, panels=panels, responses=tuple(names[:4])), width_cm=width))
