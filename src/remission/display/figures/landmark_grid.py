"""A ratio over the landmark day with its interval, the naive and time-dependent ones as bands behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.ticks import tick_label
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint
from remission.display.figures.legend import Key
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, undrawable_note, wrap
from remission.display.figures.log_scale import LogAxis, log_limits, log_ticks, ratio_label
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import Frame, TimePlot, lay_out_plot, plot_height
from remission.display.figures.plot_parts import draw_around
from remission.display.figures.risk_table import CountRow
from remission.display.figures.steps import Path
from remission.display.figures.style import DOUBLE_CM, GREY, INK, LEADING, LOOKS, SMALL, house_style

LINE = SMALL * LEADING
SIDE_GAP = 4.0  # between the plot and the words right of it
OF_REFERENCES = (LOOKS[1], LOOKS[0], LOOKS[3])


def draw_landmark_grid(data: LandmarkGridFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one estimate per landmark day, the numbers of patients exactly below it.

    Args: data: all numbers and texts from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        scale = _axis(data)
        width = page_width(width_cm)
        plot = _plot(data, scale, note, width)
        ticks = [p.day for p in data.points]
        frame = lay_out_plot(plot, ticks, width)
        page = Page(frame.width, frame.height)
        marks = log_ticks(scale.low, scale.high, length=frame.plot_height, apart=SMALL + 4)
        y_marks = [(scale.share(m), ratio_label(m)) for m in marks]
        ax = draw_around(page, frame, plot, ticks, y_marks=y_marks)
        _draw_favours(page, frame, data, scale)
        _draw_references(ax, data, scale)
        ax.plot((0, frame.axis_end), (scale.share(1), scale.share(1)), color=INK, linewidth=0.6, zorder=2)
        for point in data.points:
            _draw_point(ax, point, scale)
        return page.figure


def _letter(data: LandmarkGridFigure) -> tuple[LandmarkGridFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.x_label, data.y_label, data.warning, data.numbers_title, *data.annotation, *data.favours]
    texts += [*data.group_labels, *(r.label for r in data.references), *(p.note for p in data.points)]
    names = drawable_labels([r.label for r in data.references], "Estimate")
    low, high = (drawable_or(f, "") for f in data.favours)
    lettered = replace(
        data,
        points=tuple(replace(p, note=drawable(p.note)) for p in data.points),
        group_labels=drawable_labels(data.group_labels, "Group"),
        references=tuple(
            replace(r, label=label, text=drawable(r.text)) for r, label in zip(data.references, names, strict=True)
        ),
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, "Landmark"),
        y_label=drawable_or(data.y_label, "Ratio"),
        warning=drawable_or(data.warning, "This comparison is biased"),
        numbers_title=drawable_or(data.numbers_title, "Patients"),
        annotation=tuple(drawable(a) for a in data.annotation),
        favours=(low, high),
    )
    return lettered, undrawable_note(texts)


def _axis(data: LandmarkGridFigure) -> LogAxis:
    """Round ends that hold every estimate and interval within reason."""
    ratios = [(p.estimate, p.low, p.high) for p in data.points]
    ratios += [(r.estimate, r.low, r.high) for r in data.references]
    estimates = [e for e, _, _ in ratios if e is not None]
    return LogAxis(*log_limits(estimates, [end for _, *ends in ratios for end in ends if end is not None]))


def _plot(data: LandmarkGridFigure, scale: LogAxis, note: str, width: float) -> TimePlot:
    """What the layout needs to know: bars and bands are kept free of the legend."""
    end = data.points[-1].day
    last = end + max(end // 20, 1)
    bars = [_bar(p, scale) for p in data.points if p.estimate is not None]
    flat = [_level(r.estimate, scale, last) for r in data.references]
    bands = [
        (_level(r.low, scale, last), _level(r.high, scale, last))
        for r in data.references
        if r.low is not None and r.high is not None
    ]
    lines = max(len(side) for side in _favours(data, scale, width))
    return TimePlot(
        x_label=data.x_label,
        y_label=data.y_label,
        x_unit=data.x_unit,
        last_day=last,
        title=data.title,
        warning=data.warning,
        keys=tuple(Key(r.label, r.text, look) for r, look in zip(data.references, OF_REFERENCES, strict=False)),
        annotation=data.annotation,
        curves=(*bars, *flat, *(end for band in bands for end in band), _level(1.0, scale, last)),
        bands=tuple(bands),
        rows=tuple(
            CountRow(label, tuple(p.numbers[i] for p in data.points)) for i, label in enumerate(data.group_labels)
        ),
        header=data.numbers_title,
        notes=tuple(n for n in (*_missing(data), note) if n),
        right=lines * LINE + SIDE_GAP if lines else 0.0,
    )


def _level(ratio: float | None, scale: LogAxis, last: int) -> Path:
    height = scale.share(ratio or 0.0)
    return np.array([[0.0, height], [float(last), height]])


def _bar(point: LandmarkPoint, scale: LogAxis) -> Path:
    """The interval of a point, or the point alone."""
    ends = [point.estimate if end is None else end for end in (point.low, point.high)]
    return np.array([[float(point.day), scale.share(end or 0.0)] for end in ends])


def _missing(data: LandmarkGridFigure) -> list[str]:
    """Why there is no estimate at a landmark, days with the same reason together."""
    days: dict[str, list[str]] = {}
    for point in data.points:
        if point.estimate is None:
            days.setdefault(point.note or "not estimable", []).append(tick_label(point.day, data.x_unit))
    return [f"No estimate at {', '.join(at)} {data.x_unit}: {reason}." for reason, at in days.items()]


def _favours(data: LandmarkGridFigure, scale: LogAxis, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a ratio below and above 1 means, in lines as long as that part of the axis."""
    one, height = scale.share(1.0), plot_height(width)
    low, high = data.favours
    return wrap(low, one * height - SIDE_GAP), wrap(high, (1 - one) * height - SIDE_GAP)


def _draw_favours(page: Page, frame: Frame, data: LandmarkGridFigure, scale: LogAxis) -> None:
    """Upwards along the right side of the plot, each beside its part of the axis."""
    one = scale.share(1.0)
    for lines, middle in zip(_favours(data, scale, frame.width), (one / 2, (1 + one) / 2), strict=True):
        y = frame.top + (1 - middle) * frame.plot_height
        x = frame.left + frame.plot_width + SIDE_GAP + SMALL
        for line in lines:
            page.text(x, y, line, colour=GREY, ha="center", rotation=90)
            x += LINE


def _draw_references(ax: Axes, data: LandmarkGridFigure, scale: LogAxis) -> None:
    """A line per reference across the figure, and its interval as a band with thin edges."""
    across = (0.0, ax.get_xlim()[1])
    for reference, look in zip(data.references, OF_REFERENCES, strict=False):
        dashes = look.dashes or (None, None)
        height = scale.share(reference.estimate)
        ax.plot(across, (height, height), color=look.colour, dashes=dashes, zorder=2)
        if reference.low is None or reference.high is None:
            continue
        low, high = scale.share(reference.low), scale.share(reference.high)
        ax.fill_between(across, low, high, color=look.colour, alpha=0.10, linewidth=0, zorder=1)
        for end in (low, high):
            ax.plot(across, (end, end), color=look.colour, dashes=dashes, linewidth=0.4, zorder=1)


def _draw_point(ax: Axes, point: LandmarkPoint, scale: LogAxis) -> None:
    """A square with its interval; an arrow where the interval goes beyond the axis."""
    if point.estimate is None:
        return
    colour = INK
    bar = _bar(point, scale)
    ax.plot(bar[:, 0], bar[:, 1], color=colour, linewidth=1.1, solid_capstyle="butt", clip_on=False, zorder=3)
    for end, marker, height in ((point.low, "v", 0.0), (point.high, "^", 1.0)):
        if end is not None and scale.is_beyond(end):
            ax.plot(point.day, height, marker=marker, markersize=4, color=colour, clip_on=False, zorder=3)
    if not scale.is_beyond(point.estimate):
        height = scale.share(point.estimate)
        ax.plot(point.day, height, marker="s", markersize=4.2, color=colour, clip_on=False, zorder=4)
