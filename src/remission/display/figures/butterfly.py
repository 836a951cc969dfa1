"""Adverse events of two groups back to back, the bars shaded by grade."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.display.figures.butterfly_data import ButterflyFigure, ButterflyRow
from remission.display.figures.fills import fill_sample, filled
from remission.display.figures.key_strip import draw_strip, plan_strip
from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import text_width, widest, wrap, wrap_evenly
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import DOUBLE_CM, LEADING, NORMAL, SHADES, SMALL, Tone, house_style
from remission.display.figures.surround import LINE, plan_surround

GAP = 5.0
ROW_GAP = 4.0
BAR = 8.5  # height of a bar
LEAST_PLOT = 45.0  # points on each side; with less the words stand above the bars
MOST_LABEL_SHARE = 0.27  # of the width
BELOW_AXIS = 14.0


@dataclass(frozen=True)
class Wings:
    """Where the two plots are, in points from the left. is_label_above: terms and numbers above their bars."""

    is_label_above: bool
    left: float
    right: float
    width: float
    label_width: float
    p_right: float

    @property
    def middle(self) -> float:
        """Of the column of terms."""
        return (self.left + self.width + self.right) / 2


def draw_butterfly(data: ButterflyFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one line per term: numbers, bar to the left, term, bar to the right, numbers, p.

    Args: data: proportions and texts from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width, as high as its lines need. The severest grade lies next to the terms.
    """
    with house_style():
        data, note = lettered(data, "Term")
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        shades = shades_of(len(data.grades))
        strip = plan_strip(data.grades, width)
        wings, most = _wings(data, width), _most(data)
        half = wings.width + (wings.left - EDGE if not wings.is_label_above else 0)
        names = [wrap_evenly(g, half, SMALL, True) for g in data.groups]
        labels = [wrap(r.label, wings.label_width) for r in data.rows]
        heights = [_height(wings, row, lines) for row, lines in zip(data.rows, labels, strict=True)]
        head = around.top + strip.height + PAD
        top = head + max(len(n) for n in names) * LINE + PAD
        high = sum(heights) + ROW_GAP
        label = wrap(data.x_label, width - 2 * EDGE, NORMAL)
        page = around.page(top + high + BELOW_AXIS + len(label) * NORMAL * LEADING)
        samples = [fill_sample(shade.face) for shade in shades]
        draw_strip(page, strip, samples, around.top)
        bottom = top - PAD
        page.lines(wings.left + wings.width, bottom - len(names[0]) * LINE, names[0], bold=True, ha="right")
        page.lines(wings.right, bottom - len(names[1]) * LINE, names[1], bold=True)
        if any(row.p for row in data.rows):
            page.text(wings.p_right, bottom - LINE + SMALL, data.p_title, bold=True, ha="right")
        plots = [
            _axes(page, x, wings.width, (top, high), most, is_left=x == wings.left) for x in (wings.left, wings.right)
        ]
        y = ROW_GAP
        for row, lines, height in zip(data.rows, labels, heights, strict=True):
            _draw_row(page, plots, wings, row, lines, (top, y, height), shades)
            y += height
        page.lines(wings.middle, top + high + BELOW_AXIS, label, size=NORMAL, ha="center")
        return page.figure


def shades_of(count: int) -> tuple[Tone, ...]:
    """Shades for bands of grades, as far apart as possible; the last is the darkest but one unless all are needed."""
    chosen = {1: (2,), 2: (1, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}
    return tuple(SHADES[k] for k in chosen[count])


def _wings(data: ButterflyFigure, width: float) -> Wings:
    """Terms between the bars where both keep their width, else above them."""
    numbers = [widest([getattr(r, side) for r in data.rows]) for side in ("left_text", "right_text")]
    p = max(widest([r.p for r in data.rows]), text_width(data.p_title, SMALL, True))
    p = p + GAP if any(r.p for r in data.rows) else 0.0
    label = min(widest([r.label for r in data.rows]), MOST_LABEL_SHARE * width)
    outside = [n + GAP if n else text_width("100") / 2 for n in numbers]
    free = (width - 2 * EDGE - sum(outside) - p - label - 2 * GAP) / 2
    if free >= LEAST_PLOT:
        left = EDGE + outside[0]
        return Wings(False, left, left + free + label + 2 * GAP, free, label, width - EDGE)
    edge = EDGE + text_width("100") / 2
    wide = (width - 2 * edge - p - 2 * GAP) / 2
    return Wings(True, edge, edge + wide + 2 * GAP, wide, 2 * wide + 2 * GAP, width - EDGE)


def _most(data: ButterflyFigure) -> float:
    """Where the axes end: a round share that holds the longest bar."""
    longest = max(sum(side) for row in data.rows for side in (row.left, row.right))
    return next(end for end in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.1) if longest <= end + 1e-9)


def _height(wings: Wings, row: ButterflyRow, lines: tuple[str, ...]) -> float:
    words = max(len(lines), 1) * LINE
    if wings.is_label_above:
        return words + _numbers_below(wings, row, lines) + BAR + ROW_GAP
    return max(words, BAR) + ROW_GAP


def _numbers_below(wings: Wings, row: ButterflyRow, lines: tuple[str, ...]) -> float:
    """The line the numbers need for themselves where there is no room for them beside the last line of the term."""
    beside = max(text_width(row.left_text), text_width(row.right_text)) + GAP
    return 0.0 if widest(lines[-1:]) + 2 * beside <= 2 * (wings.width + GAP) else LINE


def _axes(page: Page, x: float, width: float, place: tuple[float, float], most: float, *, is_left: bool) -> Axes:
    """One wing: 0 beside the terms, points down. place: top and height."""
    ax = page.axes(x, place[0], width, place[1])
    ax.spines[["left", "right"]].set_visible(False)
    ax.set_xlim(most if is_left else 0, 0 if is_left else most)
    ax.set_ylim(place[1], 0)
    ax.set_yticks([])
    marks = [k / 4 for k in range(5)] if width > 110 and most != 0.1 else [0, 0.5, 1]
    ax.set_xticks([m * most for m in marks], [f"{100 * m * most:g}" for m in marks])
    return ax


def _draw_row(
    page: Page,
    plots: list[Axes],
    wings: Wings,
    row: ButterflyRow,
    lines: tuple[str, ...],
    place: tuple[float, float, float],
    shades: tuple[Tone, ...],
) -> None:
    """Words and both bars of a term; place: top of the plots, and top and height of the line below it."""
    top, y, height = place
    words = max(len(lines), 1) * LINE
    numbers = words + _numbers_below(wings, row, lines)
    body = y + numbers if wings.is_label_above else y + (height - ROW_GAP - BAR) / 2
    for ax, side in zip(plots, (row.left, row.right), strict=True):
        _draw_bar(ax, side, body, shades)
    start = y if wings.is_label_above else y + (height - ROW_GAP - words) / 2
    page.lines(wings.middle, top + start, lines, ha="center")
    baseline = top + (body - LINE + SMALL if wings.is_label_above else body + BAR / 2 + SMALL * 0.36)
    left = wings.left if wings.is_label_above else wings.left - GAP
    right = wings.right + wings.width + (0 if wings.is_label_above else GAP)
    inner = ("left", "right") if wings.is_label_above else ("right", "left")
    page.text(left, baseline, row.left_text, ha=inner[0])
    page.text(right, baseline, row.right_text, ha=inner[1])
    page.text(wings.p_right, top + body + BAR / 2 + SMALL * 0.36, row.p, ha="right")


def _draw_bar(ax: Axes, side: tuple[float, ...], y: float, shades: tuple[Tone, ...]) -> None:
    """Bands of grades from the severest outwards."""
    x = 0.0
    for share, shade in zip(reversed(side), reversed(shades), strict=True):
        if share:
            for patch in filled((x, y), (share, BAR), ax.transData, face=shade.face, frame_width=0.4):
                ax.add_patch(patch)
            x += share
