"""How a forest figure is laid out: which columns stand beside each other, and how high each line is."""

from __future__ import annotations

from dataclasses import dataclass

from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.lettering import text_width, widest, wrap
from remission.display.figures.log_scale import LogAxis, log_limits
from remission.display.figures.style import LEADING, NORMAL, SMALL

EDGE = 2.0
GAP = 8.0  # between columns
LINE = SMALL * LEADING
ROW_GAP = 4.5
INDENT = 7.0  # of levels below the name of their variable
MOST_LABEL_SHARE = 0.34  # of the width
LEAST_LABEL = 70.0  # points; with less a label stands above its numbers
LEAST_PLOT = 90.0  # points; with less the models stand below each other
MARK_ROOM = 9.0  # of the square before the name of a model
BELOW_AXIS = 14.0
FAVOURS_WIDTH = 90.0
MARKS_APART = 6.0  # between the squares of two models on one line


@dataclass(frozen=True)
class Columns:
    """Where the columns are, in points from the left.

    Args: is_stacked: the models below each other, else side by side.  is_label_above: labels on a line of their own.
    text_left, text_right, p_right: one per model; the same for all where they are stacked.
    """

    is_stacked: bool
    is_label_above: bool
    label_width: float
    counts_right: float
    plot_left: float
    plot_width: float
    text_left: tuple[float, ...]
    text_right: tuple[float, ...]
    p_right: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """One line of the figure: its label and the words of each model, and how far down each of both begins."""

    row: ForestRow
    label: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    height: float
    label_top: float
    body_top: float
    body_height: float


def is_reason(ratio: ForestRatio) -> bool:
    """Whether the text says why there is no ratio."""
    return ratio.estimate is None and bool(ratio.text)


def has_numbers(row: ForestRow) -> bool:
    """Whether anything stands beside the label."""
    return bool(row.counts or any(r.text or r.p for r in row.ratios) or row.kind == "reference")


def axis_of(data: ForestFigure) -> LogAxis:
    """Round ends that hold every ratio and interval within reason."""
    ratios = [r for row in data.rows for r in row.ratios if r.estimate is not None]
    estimates = [r.estimate for r in ratios if r.estimate is not None]
    return LogAxis(*log_limits(estimates, [end for r in ratios for end in (r.low, r.high) if end is not None]))


def plan_columns(data: ForestFigure, width: float) -> Columns:
    """Models side by side where there is room, else below each other, in the end with the labels above the numbers."""
    ways = [(True, False), (True, True)] if len(data.models) == 1 else [(False, False), (True, False), (True, True)]
    for is_stacked, is_label_above in ways:
        columns = _columns(data, width, is_stacked=is_stacked, is_label_above=is_label_above)
        if columns.plot_width >= LEAST_PLOT:
            break
    return columns


def _columns(data: ForestFigure, width: float, *, is_stacked: bool, is_label_above: bool) -> Columns:
    """Numbers get what they need, labels what they need up to a share of the width, the plot the rest."""
    ratios = [r for row in data.rows for r in row.ratios]
    texts = [r.text for r in ratios if not is_reason(r)]
    text = max(widest([*texts, data.reference_text]), text_width(data.text_title, SMALL, True))
    p = max(widest([r.p for r in ratios]), text_width(data.p_title, SMALL, True))
    counts = max(widest([row.counts for row in data.rows], SMALL), text_width(data.counts_title, SMALL, True))
    if not any(row.counts for row in data.rows):
        counts = 0.0
    blocks = 1 if is_stacked else len(data.models)
    block = text + GAP + p
    right = width - EDGE - blocks * (block + GAP) + GAP
    free = right - GAP - EDGE - (counts + GAP if counts else 0.0)
    beside = [row for row in data.rows if has_numbers(row)]
    needed = max((text_width(row.label, SMALL, row.kind == "head") + _indent(row) for row in beside), default=0.0)
    needed += 0.5  # a label that just fits must not be broken by the last digit of a sum
    label = 0.0
    if not is_label_above:
        label = min(needed, MOST_LABEL_SHARE * width, max(free - GAP - LEAST_PLOT, LEAST_LABEL))
        free -= label + GAP
    lefts = tuple(right + (block + GAP) * (0 if is_stacked else k) for k in range(len(data.models)))
    plot_left = right - GAP - free
    return Columns(
        is_stacked=is_stacked,
        is_label_above=is_label_above,
        label_width=label,
        counts_right=plot_left - GAP,
        plot_left=plot_left,
        plot_width=free,
        text_left=lefts,
        text_right=tuple(x + block - p - GAP for x in lefts),
        p_right=tuple(x + block for x in lefts),
    )


def _indent(row: ForestRow) -> float:
    return 0.0 if row.kind == "head" else INDENT


def label_left(row: ForestRow) -> float:
    return EDGE + _indent(row)


def plan_line(data: ForestFigure, row: ForestRow, columns: Columns, width: float) -> Line:
    """Label and words wrapped to their columns."""
    words = tuple(_words(data, row, columns, k) for k in range(len(data.models)))
    body = LINE * max([len(w) for w in words])
    if columns.is_stacked:
        body = LINE * sum(len(w) for w in words)
    else:
        body = max(body, MARKS_APART * sum(r.estimate is not None for r in row.ratios))
    body = max(body, LINE)
    is_above = columns.is_label_above and row.kind != "head"
    end = width - EDGE
    if has_numbers(row) and not is_above:
        end = columns.text_left[0] if columns.is_label_above else EDGE + columns.label_width
    label = wrap(row.label, end - label_left(row), SMALL, row.kind == "head")
    named = len(label) * LINE
    if is_above:
        return Line(row, label, words, named + body, 0.0, named, body)
    height = max(named, body)
    return Line(row, label, words, height, (height - named) / 2, (height - body) / 2, body)


def _words(data: ForestFigure, row: ForestRow, columns: Columns, model: int) -> tuple[str, ...]:
    """What stands in the text column of a model: the ratio, why there is none, or that others are compared with it.

    Where models are stacked, what is the same for all of them stands there once.
    """
    is_repeated = columns.is_stacked and model > 0
    if row.kind == "reference":
        return () if is_repeated else (data.reference_text,)
    if not row.ratios:
        return ()
    ratio = row.ratios[model]
    if not is_reason(ratio):
        return (ratio.text,)  # an empty line keeps the place of a p
    if is_repeated and ratio == row.ratios[0] and all(r == ratio for r in row.ratios):
        return ()
    end = columns.text_right[model] if ratio.p else columns.p_right[model]
    return wrap(ratio.text, end - columns.text_left[model])


@dataclass(frozen=True)
class ModelName:
    """The name of a model above its columns; x, y: of its square and first line."""

    lines: tuple[str, ...]
    x: float
    y: float


def plan_names(data: ForestFigure, columns: Columns, width: float, top: float) -> tuple[tuple[ModelName, ...], float]:
    """Names above their columns, or where models are stacked side by side, or below each other; and where they end."""
    if not any(data.models):
        return (), top
    if not columns.is_stacked:
        ends = [columns.p_right[k] - x - MARK_ROOM for k, x in enumerate(columns.text_left)]
        wrapped = [wrap(name, room, SMALL, True) for name, room in zip(data.models, ends, strict=True)]
        deep = max(len(lines) for lines in wrapped)
        placed = zip(wrapped, columns.text_left, strict=True)
        return tuple(ModelName(lines, x, top + (deep - len(lines)) * LINE) for lines, x in placed), top + deep * LINE
    names: list[ModelName] = []
    x, y = EDGE, top
    for name in data.models:
        lines = wrap(name, width - 2 * EDGE - MARK_ROOM, SMALL, True)
        needed = MARK_ROOM + widest(lines, SMALL, True)
        if names and x + needed > width - EDGE:
            x, y = EDGE, y + len(names[-1].lines) * LINE
        names.append(ModelName(lines, x, y))
        x += needed + 2 * GAP if len(lines) == 1 else width
    return tuple(names), y + len(names[-1].lines) * LINE


@dataclass(frozen=True)
class Foot:
    """The words below the axis: what a ratio below and above 1 means, then the label of the axis.

    Args: one: where 1 stands, in points from the left.  middle: of the label.  top, label_top, end: of its parts.
    """

    favours: tuple[tuple[str, ...], tuple[str, ...]]
    label: tuple[str, ...]
    one: float
    middle: float
    top: float
    label_top: float
    end: float


def plan_foot(data: ForestFigure, columns: Columns, scale: LogAxis, width: float, axis: float) -> Foot:
    """Wrap the words below the axis. axis: how far down it is."""
    one = columns.plot_left + scale.share(1.0) * columns.plot_width
    low, high = data.favours
    sides = (
        wrap(low, min(FAVOURS_WIDTH, one - EDGE - GAP / 2)),
        wrap(high, min(FAVOURS_WIDTH, width - EDGE - one - GAP / 2)),
    )
    middle = columns.plot_left + columns.plot_width / 2
    label = wrap(data.x_label, 2 * min(middle, width - middle) - 2 * EDGE, NORMAL)
    top = axis + BELOW_AXIS
    label_top = top + max(len(side) for side in sides) * LINE
    return Foot(sides, label, one, middle, top, label_top, label_top + len(label) * NORMAL * LEADING + ROW_GAP)
