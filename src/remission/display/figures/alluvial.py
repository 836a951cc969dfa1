"""An alluvial figure: where patients come from and where they go, as ribbons between columns of categories."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from remission.display.figures.alluvial_data import AlluvialFigure
from remission.display.figures.alluvial_layout import (
    BAND,
    Alluvium,
    Count,
    Node,
    count_width,
    plan_alluvium,
    plate,
    ribbon_outline,
)
from remission.display.figures.fills import filled
from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import wrap_evenly
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD
from remission.display.figures.style import DOUBLE_CM, FAINT, INK, SMALL, TONES, house_style
from remission.display.figures.surround import LINE, plan_surround

PALE = 0.8  # ribbons that cross are seen through each other


def draw_alluvial(data: AlluvialFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw columns of boxes as high as their counts, joined by ribbons as thick as theirs.

    Args: data: counts and words from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as the words of its categories need.
    """
    with house_style():
        data, note = lettered(data, "Group")
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        plan = plan_alluvium(data, width)
        titles = [wrap_evenly(c.title, plan.box_width, SMALL, True) for c in data.columns]
        head = max(len(t) for t in titles) * LINE + PAD
        top = around.top + head
        page = around.page(top + plan.height)
        for lines, left in zip(titles, plan.lefts, strict=True):
            start = around.top + head - PAD - len(lines) * LINE
            page.lines(left + plan.box_width / 2, start, lines, bold=True, ha="center")
        _draw_ribbons(page, plan, top)
        for node in plan.nodes:
            _draw_node(page, plan, node, top, is_coloured=node.column == data.colour_by)
        for count in plan.counts:
            _draw_count(page, plan, count, top)
        return page.figure


def _draw_ribbons(page: Page, plan: Alluvium, top: float) -> None:
    for ribbon in plan.ribbons:
        tone = TONES[ribbon.colour]
        outline = ribbon_outline(plan.lefts[ribbon.column] + plan.box_width, plan.lefts[ribbon.column + 1], ribbon)
        outline[:, 1] += top
        page.figure.add_artist(
            Polygon(
                outline,
                facecolor=tone.face,
                edgecolor="white",
                linewidth=0.4,
                alpha=PALE,
                transform=page.points,
                zorder=0.6,
            )
        )


def _draw_node(page: Page, plan: Alluvium, node: Node, top: float, *, is_coloured: bool) -> None:
    """The box of a category, its words in the middle of its slot; where colours come from, a band of colour.

    Of a box that is lower than its words only the sides with ribbons are drawn: its frame would strike the words out.
    """
    left = plan.lefts[node.column]
    is_low = node.height < node.words_height
    if not is_low:
        page.box(left, top + node.top, plan.box_width, node.height, z=2)
    is_last = node.column == len(plan.lefts) - 1
    for x, has_ribbons, is_band in (
        (left, node.column > 0, is_coloured and is_last),
        (left + plan.box_width - BAND, not is_last, is_coloured and not is_last),
    ):
        if node.height and (is_band or (is_low and has_ribbons)):
            face = TONES[node.category].face if is_band else FAINT
            for patch in filled((x, top + node.top), (BAND, node.height), page.points, face=face):
                page.figure.add_artist(patch)
    start = top + node.slot_top + (node.slot_height - node.words_height) / 2
    shift = 0.0 if not is_coloured else (BAND / 2 if node.column == len(plan.lefts) - 1 else -BAND / 2)
    middle = left + plan.box_width / 2 + shift
    after = page.lines(middle, start, node.label, ha="center")
    page.lines(middle, after, node.text, ha="center", bold=not node.label)


def _draw_count(page: Page, plan: Alluvium, count: Count, top: float) -> None:
    """A number on a white plate where its ribbons begin."""
    left = plan.lefts[count.column] + plan.box_width + 2
    y, high = plate(count)
    page.box(left, top + y, count_width(count.text), high, edge="none", z=2)
    page.text(left + 1.5, top + count.y + SMALL * 0.36, count.text, colour=INK)
