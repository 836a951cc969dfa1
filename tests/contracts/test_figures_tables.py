"""Figures that stand for tables: readable at every size, every number of them there."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import matplotlib.colors
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Polygon, Rectangle

from remission.core.errors import ResultsError
from remission.display.figures.alluvial import draw_alluvial
from remission.display.figures.alluvial_data import AlluvialCategory, AlluvialColumn, AlluvialFigure, AlluvialPath
from remission.display.figures.alluvial_layout import plan_alluvium
from remission.display.figures.butterfly import draw_butterfly, shades_of
from remission.display.figures.butterfly_data import ButterflyFigure, ButterflyRow
from remission.display.figures.flow import draw_flow
from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.figures.heat_map import draw_heat_map
from remission.display.figures.heat_map_data import HeatCell, HeatMapFigure
from remission.display.figures.lettered import lettered
from remission.display.figures.style import DOUBLE_CM, FAINT, POINTS_PER_CM, SINGLE_CM
from remission.display.figures.subgroups import draw_subgroups
from remission.display.figures.subgroups_data import SubgroupRow, SubgroupsFigure

from .test_figures_files import luminance
from .test_figures_layout import CHINESE, LONG, assert_readable, plot_of, texts

WIDTHS = (SINGLE_CM, 12.0, DOUBLE_CM)
STATUS = ("Primary refractory", "First relapse", "Second or later relapse")
RESPONSE = ("CR, MRD-negative", "CR, MRD-positive", "CRi", "No remission", "Died before assessment")
NEXT = ("Allogeneic HSCT", "CAR-T", "Chemotherapy", "Blinatumomab", "None")
OUTCOME = ("Alive in remission", "Alive with leukaemia", "Died")


def alluvial(n: int, *columns: tuple[str, tuple[str, ...]]) -> AlluvialFigure:
    """Everybody takes a way; the first categories are the most frequent."""
    rng = np.random.default_rng(n)
    ways: dict[tuple[int, ...], int] = {}
    for _ in range(n):
        way = tuple(min(int(rng.exponential(1.1)), len(names) - 1) for _, names in columns)
        ways[way] = ways.get(way, 0) + 1
    made = []
    for k, (title, names) in enumerate(columns):
        counts = [sum(m for way, m in ways.items() if way[k] == j) for j in range(len(names))]
        made.append(
            AlluvialColumn(
                title,
                tuple(
                    AlluvialCategory(name, c, f"{c} ({100 * c / n:.1f}%)")
                    for name, c in zip(names, counts, strict=True)
                ),
            )
        )
    return AlluvialFigure(tuple(made), tuple(AlluvialPath(way, m) for way, m in sorted(ways.items())))


FOUR = (("Status", STATUS), ("Response", RESPONSE), ("Next therapy", NEXT), ("At last contact", OUTCOME))
ALLUVIAL = {
    "five": alluvial(5, *FOUR),
    "thirty": alluvial(30, *FOUR),
    "three hundred": alluvial(300, *FOUR),
    "by response": replace(alluvial(105, *FOUR), colour_by=1),
    "two columns": alluvial(30, FOUR[0], FOUR[1]),
    "three columns": alluvial(19, *FOUR[:3]),
    "many small": alluvial(300, ("Status", tuple("ABCDEF")), ("Next", tuple(f"Therapy {k}" for k in range(10)))),
    "long names": replace(
        alluvial(30, (LONG, (LONG, CHINESE)), ("Immunochemotherapy" * 2, (LONG, "CR"))), title=LONG, warning=LONG
    ),
}


def subgroup(label: str, value: float, wide: float, *, scale: str = "ratio") -> SubgroupRow:
    low, high = (value / wide, value * wide) if scale == "ratio" else (value - wide, value + wide)
    return SubgroupRow(label, "12/33", "8/30", value, low, high, f"{value:.2f} ({low:.2f} to {high:.2f})")


def subgroups(scale: str = "ratio") -> SubgroupsFigure:
    unit = 1.0 if scale == "ratio" else 20.0
    rows = [replace(subgroup("All patients", unit * 0.7, 1.4 * unit, scale=scale), kind="total")]
    for name, p, levels in (
        ("Age", "0.41", ("≤18 years", ">18 years")),
        ("Marrow blasts before the first infusion", "0.030", ("<50%", "≥50%")),
        ("Genetic risk (European LeukemiaNet 2024)", "0.99", ("Standard", "Poor", "Unknown")),
    ):
        rows.append(SubgroupRow(name, p_interaction=p, kind="head"))
        rows += [subgroup(level, unit * (0.6 + k / 3), unit * 2, scale=scale) for k, level in enumerate(levels)]
    rows[-1] = SubgroupRow("Unknown", "0/2", "0/1", text="not estimable: no events")
    return SubgroupsFigure(
        tuple(rows), ("HSCT", "No HSCT"), scale, "Hazard ratio" if scale == "ratio" else "Difference (points)",
        text_title="HR (95% CI)" if scale == "ratio" else "Difference (95% CI)",
        favours=("favours HSCT", "favours no HSCT"),
    )  # fmt: skip


SUBGROUPS = {
    "ratio": subgroups(),
    "difference": subgroups("difference"),
    "one line": SubgroupsFigure((subgroup("All", 0.5, 2.0),), ("A", "B")),
    "nothing estimable": SubgroupsFigure((SubgroupRow("All", "0/5", "0/3", text="no events"),), ("A", "B")),
    "open": SubgroupsFigure(
        (SubgroupRow("CRi", "1/3", "0/2", 30.0, 0.4, inf, "30.0 (0.40 to ∞)", "0.2"),), ("HSCT", "No HSCT")
    ),
    "long names": SubgroupsFigure(
        (
            SubgroupRow(LONG, p_interaction="<0.001", kind="head"),
            replace(subgroup(LONG, 0.5, 2.0), p_interaction="0.1"),
            SubgroupRow(CHINESE, text=LONG),
        ),
        (LONG[:60], CHINESE), title=LONG, warning=LONG, favours=(LONG, LONG), annotation=(LONG,),
    ),
}  # fmt: skip

TERMS = (
    "Cytokine release syndrome", "Immune effector cell-associated neurotoxicity syndrome", "Neutropenia",
    "Thrombocytopenia", "Anaemia", "Infection", "Fever", "Hypogammaglobulinaemia", "Raised transaminases", "Headache",
    "Tumour lysis syndrome", "Hypokalaemia",
)  # fmt: skip
GRADES = ("Grade 1–2", "Grade 3", "Grade 4", "Grade 5")


def butterfly(n: int, terms: tuple[str, ...] = TERMS, grades: tuple[str, ...] = GRADES) -> ButterflyFigure:
    rng = np.random.default_rng(n + len(terms))
    rows = []
    for term in terms:
        sides = []
        for _ in range(2):
            counts = rng.multinomial(n, [*(0.4 / (2 * k + 1.5) for k in range(len(grades))), 0.0])
            sides.append(
                tuple(float(c) / n for c in counts[: len(grades)]) if rng.random() < 0.9 else (0.0,) * len(grades)
            )
        sides = [tuple(v * 0.8 for v in s) for s in sides]
        shown = [f"{round(n * sum(s))}/{n} ({100 * sum(s):.1f}%)" for s in sides]
        rows.append(ButterflyRow(term, sides[0], sides[1], *shown, p="0.041"))
    return ButterflyFigure(tuple(rows), (f"R/R and MRD-positive (n = {n})", f"CR, MRD-negative (n = {n})"), grades)


BUTTERFLY = {
    "five": butterfly(5),
    "thirty": butterfly(33),
    "three hundred": butterfly(300, grades=("Grade 1–2", "Grade ≥3")),
    "cycles": replace(butterfly(74, TERMS[:4]), x_label="Cycles (%)", groups=("R/R (74 cycles)", "MRD (51 cycles)")),
    "forty terms": butterfly(33, tuple(f"Term {k}" for k in range(40))),
    "nothing happened": ButterflyFigure((ButterflyRow("Fever", (0.0,), (0.0,), "0/5", "0/3"),), ("A", "B"), ("Any",)),
    "long names": replace(
        butterfly(33, (LONG, CHINESE, "Infection")), groups=(LONG, CHINESE), title=LONG, warning=LONG
    ),
}


def heat_map(n: int, columns: tuple[str, ...], rows: tuple[str, ...] = TERMS, per: int = 0) -> HeatMapFigure:
    rng = np.random.default_rng(n)
    cells = tuple(
        tuple(
            HeatCell(None, "–") if (j + k) % 17 == 16 else HeatCell(float(c) / n, f"{c} ({100 * c / n:.0f}%)")
            for j, c in enumerate(rng.integers(0, int(0.7 * n) + 1, len(columns)))
        )
        for k, _ in enumerate(rows)
    )
    spans = tuple((f"Group {k + 1}", per) for k in range(len(columns) // per)) if per else ()
    return HeatMapFigure(rows, columns, cells, tuple(f"n = {n}" for _ in columns), spans)


HEAT_MAP = {
    "five": heat_map(5, ("Grade 1–2", "Grade ≥3")),
    "grades of two groups": heat_map(33, ("G0", "G1–2", "G3–4") * 2, per=3),
    "cycles": replace(heat_map(300, tuple(f"Cycle {k}" for k in range(1, 7))), scale_label="Cycles (%)"),
    "twelve columns": heat_map(33, tuple(f"C{k}" for k in range(1, 13))),
    "fifty rows": heat_map(33, ("Any", "≥3"), tuple(f"Term {k}" for k in range(50))),
    "one cell": HeatMapFigure(("Fever",), ("Any",), ((HeatCell(0.0, "0 (0%)"),),)),
    "long names": replace(
        heat_map(33, (LONG[:50], CHINESE, "G3", "G4"), (LONG, CHINESE), per=2),
        title=LONG,
        warning=LONG,
        scale_label=LONG,
    ),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", ALLUVIAL)
def test_alluvial_words_never_overlap_nor_leave_the_page(case: str, width: float) -> None:
    """At one column, in between, and at the width of a page; every category says its number, also 0."""
    data = ALLUVIAL[case]
    fig = draw_alluvial(data, width_cm=width)
    assert_readable(fig)
    if case != "long names" and width == DOUBLE_CM:
        shown = [t.get_text() for t in fig.texts]
        assert all(shown.count(c.text) >= 1 for column in data.columns for c in column.categories)


@pytest.mark.parametrize("case", ALLUVIAL)
def test_boxes_and_ribbons_are_as_thick_as_their_counts(case: str) -> None:
    """At both ends the ribbons fill their boxes exactly, and nobody is lost between two columns."""
    data = ALLUVIAL[case]
    plan = plan_alluvium(lettered(data)[0], DOUBLE_CM * POINTS_PER_CM)
    counts = {(k, j): c.n for k, column in enumerate(data.columns) for j, c in enumerate(column.categories)}
    (unit,) = {round(n.height / m, 9) for n in plan.nodes if (m := counts[n.column, n.category])}
    for k in range(len(data.columns) - 1):
        ribbons = [r for r in plan.ribbons if r.column == k]
        assert sum(r.thickness for r in ribbons) == pytest.approx(data.total * unit)
        for column, tops in ((k, [r.left_y for r in ribbons]), (k + 1, [r.right_y for r in ribbons])):
            ends = sorted(zip(tops, [r.thickness for r in ribbons], strict=True))
            boxes = sorted((n.top, n.height) for n in plan.nodes if n.column == column and n.height)
            for top, height in boxes:
                inside = [(a, t) for a, t in ends if top - 1e-6 <= a < top + height - 1e-6]
                assert sum(t for _, t in inside) == pytest.approx(height)
                assert max(a + t for a, t in inside) <= top + height + 1e-6
    drawn = [p for p in draw_alluvial(data).findobj(Polygon) if type(p) is Polygon]
    assert len(drawn) == len(plan.ribbons)


@pytest.mark.parametrize("case", ALLUVIAL)
def test_slots_hold_their_words(case: str) -> None:
    """A category of one patient is as legible as one of a hundred."""
    plan = plan_alluvium(lettered(ALLUVIAL[case])[0], DOUBLE_CM * POINTS_PER_CM)
    for node in plan.nodes:
        assert node.slot_height >= node.words_height
        assert node.slot_top >= -1e-9
        assert node.slot_top + node.slot_height <= plan.height + 1e-6


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", SUBGROUPS)
def test_every_effect_stands_at_its_value(case: str, width: float) -> None:
    """One mark per effect; words never overlap, and numbers stand on both sides of the plot."""
    data = SUBGROUPS[case]
    fig = draw_subgroups(data, width_cm=width)
    assert_readable(fig)
    ax = plot_of(fig)
    marks = [line for line in ax.lines if line.get_marker() in ("s", "D")]
    shares = [float(np.asarray(line.get_xdata(), dtype=float).ravel()[0]) for line in marks]
    effects = [r.estimate for r in data.rows if r.estimate is not None]
    assert len(marks) == len(effects)
    assert np.argsort(shares, kind="stable").tolist() == np.argsort(effects, kind="stable").tolist()
    frame = ax.get_window_extent()
    sides = {r.left for r in data.rows if r.left}, {r.right for r in data.rows if r.right}
    for text, area in texts(fig):
        if text in sides[0] - sides[1]:
            assert area.x1 <= frame.x0 + 1, text
        if text in sides[1] - sides[0]:
            assert area.x0 >= frame.x1 - 1, text
    shown = [t.get_text() for t in fig.texts]
    assert all(r.p_interaction in shown for r in data.rows)


def test_no_effect_lies_at_one_for_ratios_and_at_zero_for_differences() -> None:
    """The marks of the axis say which, and an open end is an arrow."""
    for case, none in (("ratio", "1"), ("difference", "0")):
        ax = plot_of(draw_subgroups(SUBGROUPS[case]))
        ticks = dict(zip([t.get_text() for t in ax.get_xticklabels()], ax.get_xticks(), strict=True))
        line = next(ln for ln in ax.lines if ln.get_color() == FAINT)
        assert np.asarray(line.get_xdata(), dtype=float)[0] == pytest.approx(ticks[none])
    arrows = [ln for ln in plot_of(draw_subgroups(SUBGROUPS["open"])).lines if ln.get_marker() == ">"]
    assert len(arrows) == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", BUTTERFLY)
def test_butterfly_words_never_overlap_and_bars_add_up(case: str, width: float) -> None:
    """The bars of a term are as long as its proportion of any grade, the severest grade next to the terms."""
    data = BUTTERFLY[case]
    fig = draw_butterfly(data, width_cm=width)
    assert_readable(fig)
    for ax, side in zip(fig.axes, ("left", "right"), strict=True):
        bands = [r for r in ax.findobj(Rectangle) if r.get_zorder() == 2 and r is not ax.patch]
        shares = [getattr(row, side) for row in data.rows]
        assert len(bands) == sum(share > 0 for row in shares for share in row)
        by_row: dict[float, float] = {}
        for band in bands:
            by_row[band.get_y()] = max(by_row.get(band.get_y(), 0.0), band.get_x() + band.get_width())
        totals = [sum(row) for row in shares if sum(row)]
        assert [by_row[y] for y in sorted(by_row)] == pytest.approx(totals)
        assert max(ax.get_xlim()) >= max(totals, default=0)
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()[::-1]


def test_shades_get_darker_with_the_grade() -> None:
    """Also in a photocopy."""
    for count in range(1, 6):
        values = [luminance(s.face) for s in shades_of(count)]
        assert len(values) == count
        assert values == sorted(values, reverse=True)
        assert len(set(values)) == count


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", [case for case in HEAT_MAP if case != "twelve columns"])
def test_every_cell_of_a_heat_map_prints_its_number(case: str, width: float) -> None:
    """Words never overlap; what is printed in a cell can be read on its shade."""
    data = HEAT_MAP[case]
    fig = draw_heat_map(data, width_cm=width)
    assert_readable(fig)
    shown = " ".join(t.get_text() for t in fig.texts)
    for row in data.cells:
        for c in row:
            assert all(word in shown for word in c.text.split())
    cells = [r for r in fig.findobj(Rectangle) if r.get_zorder() == 0.2]
    assert len(cells) == len(data.rows) * len(data.columns)
    areas = [(r.get_window_extent(), matplotlib.colors.to_hex(r.get_facecolor())) for r in cells]
    words = {word for row in data.cells for c in row for word in c.text.split()}
    for text in fig.texts:
        if set(text.get_text().split()) <= words:
            x, y = text.get_transform().transform(text.get_position())
            inside = [face for area, face in areas if area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1]
            for face in inside:
                bright, dark = sorted((luminance(face), luminance(text.get_color())), reverse=True)
                assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_cells_that_would_cut_their_numbers_are_refused() -> None:
    """Twelve columns need the width of a page."""
    assert_readable(draw_heat_map(HEAT_MAP["twelve columns"]))
    with pytest.raises(ResultsError) as caught:
        draw_heat_map(HEAT_MAP["twelve columns"], width_cm=SINGLE_CM)
    assert caught.value.code == "too-many-columns"
    assert "too-many-columns" not in caught.value.what


CYCLES = FlowFigure(
    (
        FlowStep("Children treated", 110, 5, reasons=(FlowPart("Less than 7 days of drug", 5),)),
        FlowStep("Patients analysed", 105),
        FlowStep("Cycles", 125, 1, unit="cycles"),
    ),
    tuple(
        FlowBranch(name, n, (FlowPart("Immunochemotherapy" * 2, n), FlowPart("14 days", 0)))
        for name, n in (("Relapsed or refractory", 30), (LONG, 20), ("CR, MRD-negative", 60), ("x", 10), ("y", 4))
    ),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [3, 4, 5])
def test_a_flow_counts_cycles_and_splits_into_several_branches(count: int, width: float) -> None:
    """The unit stands behind each number of cycles and nowhere else."""
    branches = CYCLES.branches[: count - 1]
    rest = 124 - sum(b.n for b in branches)
    data = replace(CYCLES, branches=(*branches, FlowBranch("Other", rest)))
    fig = draw_flow(data, width_cm=width)
    assert_readable(fig)
    shown = [t.get_text() for t in fig.texts]
    for number in ("n = 110", "n = 5", "n = 105", "n = 125 cycles", "n = 1 cycles", f"n = {rest} cycles"):
        assert number in shown
    with pytest.raises(ResultsError):
        FlowFigure((FlowStep("A", 10, unit="cycles"), FlowStep("B", 9, unit="cycles")))


WORDS = st.text("abc mnoW–≥/-", min_size=1, max_size=50)


@settings(max_examples=8, deadline=None)
@given(names=st.lists(WORDS, min_size=8, max_size=8), title=WORDS, width=st.floats(8.0, 18.0))
def test_tables_of_any_names_are_readable(names: list[str], title: str, width: float) -> None:
    """Whatever groups, terms, subgroups and categories are called."""
    flow = alluvial(40, (title, tuple(names[:4])), (names[4], tuple(names[4:])))
    assert_readable(draw_alluvial(replace(flow, title=title), width_cm=width))
    rows = tuple(replace(r, label=names[k % 8]) for k, r in enumerate(SUBGROUPS["ratio"].rows))
    forest = replace(SUBGROUPS["ratio"], rows=rows, groups=(names[0], names[1]), favours=(names[2], names[3]))
    assert_readable(draw_subgroups(forest, width_cm=width))
    events = replace(butterfly(33, tuple(names)), groups=(names[2], names[3]), title=title)
    assert_readable(draw_butterfly(events, width_cm=width))
    cells = replace(heat_map(33, tuple(names[:2]) * 2, tuple(names), per=2), scale_label=title, title=title)
    assert_readable(draw_heat_map(cells, width_cm=width))
