"""How a forest of subgroups is laid out: numbers on both sides of the plot, labels above them on a narrow page."""

from __future__ import annotations

from dataclasses import dataclass

from remission.display.figures.lettering import widest, wrap, wrap_evenly
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import SMALL
from remission.display.figures.subgroups_data import SubgroupRow, SubgroupsFigure
from remission.display.figures.surround import LINE

GAP = 8.0
ROW_GAP = 4.0
INDENT = 7.0
LEAST_PLOT = 70.0
LEAST_LABEL = 80.0
MOST_LABEL_SHARE = 0.3
MOST_GROUP = 62.0  # width of a column of numbers; longer names are wrapped
MOST_P = 46.0


@dataclass(frozen=True)
class SubgroupColumns:
    """Where the columns are, in points from the left.

    Args: is_label_above: each row has two lines: label, text and p; and below them the numbers beside the plot.
    """

    is_label_above: bool
    label_width: float
    left_middle: float
    plot_left: float
    plot_width: float
    right_middle: float
    text_left: float
    text_right: float
    p_right: float
    titles: tuple[tuple[str, ...], ...]  # of the left group, the right group, the text and the p

    @property
    def titles_height(self) -> float:
        if self.is_label_above:
            return (self._deep(self.titles[2:]) + self._deep(self.titles[:2])) * LINE
        return self._deep(self.titles) * LINE

    @staticmethod
    def _deep(titles: tuple[tuple[str, ...], ...]) -> int:
        return max(len(t) for t in titles)


@dataclass(frozen=True)
class SubgroupLine:
    """A row with its wrapped words; body_top: of the numbers, from the top of the line."""

    row: SubgroupRow
    label: tuple[str, ...]
    words: tuple[str, ...]
    height: float
    body_top: float
    body_height: float


def plan_columns(data: SubgroupsFigure, width: float) -> SubgroupColumns:
    """Labels beside the numbers where the plot keeps its width, else above them."""
    columns = _columns(data, width, is_label_above=False)
    return columns if columns.plot_width >= LEAST_PLOT else _columns(data, width, is_label_above=True)


def _columns(data: SubgroupsFigure, width: float, *, is_label_above: bool) -> SubgroupColumns:
    titles = [wrap_evenly(f"{name} {data.counts_title}".strip(), MOST_GROUP, SMALL, True) for name in data.groups]
    sides = [
        max(widest(title, SMALL, True), widest([getattr(r, side) for r in data.rows], SMALL, True))
        for title, side in zip(titles, ("left", "right"), strict=True)
    ]
    has_p = any(r.p_interaction for r in data.rows)
    p_title = wrap_evenly(data.p_title, MOST_P, SMALL, True) if has_p else ()
    p = max(widest(p_title, SMALL, True), widest([r.p_interaction for r in data.rows]))
    texts = [r.text for r in data.rows if r.estimate is not None]
    text_title = wrap_evenly(data.text_title, max(widest(texts, SMALL, True), MOST_GROUP), SMALL, True)
    text = max(widest(texts, SMALL, True), widest(text_title, SMALL, True))
    p_right = width - EDGE
    text_right = p_right - (p + GAP if has_p else 0.0)
    # labels above: text and p stand on the line of the label, the line below is the plot's
    right = width - EDGE if is_label_above else text_right - text - GAP
    free = right - sides[1] - GAP
    label = 0.0
    if not is_label_above:
        needed = max(widest([r.label for r in data.rows if r.kind != "head"], SMALL, True) + INDENT, LEAST_LABEL)
        label = min(needed, MOST_LABEL_SHARE * width)
    left = EDGE + (label + GAP if label else 0.0)
    plot_left = left + sides[0] + GAP
    return SubgroupColumns(
        is_label_above,
        label,
        left + sides[0] / 2,
        plot_left,
        free - plot_left,
        right - sides[1] / 2,
        text_right - text,
        text_right,
        p_right,
        (*titles, text_title, p_title),
    )


def label_left(row: SubgroupRow) -> float:
    return EDGE + (INDENT if row.kind == "row" else 0.0)


def plan_line(row: SubgroupRow, columns: SubgroupColumns, width: float) -> SubgroupLine:
    """Wrap the label to its column, and a reason to the room of the text and the p."""
    is_alone = columns.is_label_above or row.kind == "head"
    end = width - EDGE
    if row.p_interaction:  # stands on the first line of the head
        end = columns.text_right - GAP
    if not is_alone:
        end = EDGE + columns.label_width
    elif row.kind != "head" and row.text:
        end = columns.text_left - GAP
    label = wrap(row.label, end - label_left(row), SMALL, row.kind != "row")
    room = columns.p_right - columns.text_left
    words = (row.text,) if row.estimate is not None or row.p_interaction else wrap(row.text, room)
    named = max(len(label), 1) * LINE
    if row.kind == "head":
        return SubgroupLine(row, label, (), named, 0.0, LINE)
    body = max(len(words), 1) * LINE
    if columns.is_label_above:
        above = max(named, body)
        return SubgroupLine(row, label, words, above + LINE, above, LINE)
    height = max(named, body)
    return SubgroupLine(row, label, words, height, (height - body) / 2, body)
