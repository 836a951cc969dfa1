"""A swimmer plot: a bar per patient, treatments as its pieces, events as marks upon it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.ticks import nice_ticks, tick_label
from remission.display.figures.fills import fill_sample, filled
from remission.display.figures.key_strip import Sample, draw_strip, plan_strip
from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import text_width, widest, wrap
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD
from remission.display.figures.plot_parts import labels_that_fit
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import DOUBLE_CM, FILLS, GREY, LEADING, NORMAL, SMALL, TONES, house_style
from remission.display.figures.surround import LINE, plan_surround
from remission.display.figures.swimmer_data import EventKind, SwimmerFigure, SwimmerPatient, check_is_legible
from remission.display.figures.swimmer_marks import (
    MOST_SIZE,
    ORDER,
    arrow_sample,
    draw_arrow,
    draw_mark,
    mark_sample,
    place_marks,
)

BODY = 560.0  # points all bars may take together
LEAST_ROW, MOST_ROW = 5.6, 13.0
# the first stands out; neighbours differ in lightness or pattern
SEGMENTS = tuple(FILLS[k] for k in (1, 2, 3, 5, 6, 4, 0))
THICK = 0.66  # of the height of a row
STRIP = 5.0  # width of the band that holds a group together
MOST_LABEL_SHARE = 0.2  # of the width
BELOW_AXIS = 15.0
KEPT_END = 5  # letters of a label that is too long
ARROW = 9.0
RIGHT = 22.0  # of the end of the axis, for an arrow and for marks that moved
MOVED = "Marks that would hide each other are set side by side: the first of them stands at its day."


@dataclass(frozen=True)
class Bar:
    """A bar and how far down its middle is, in points from the top of the plot."""

    patient: SwimmerPatient
    y: float


@dataclass(frozen=True)
class Block:
    """The bars of a group: its name, and where it begins and ends in points from the top of the plot."""

    group: int
    name: tuple[str, ...]
    start: float
    end: float


@dataclass(frozen=True)
class Rows:
    """All bars and blocks, the height of a row and of all."""

    bars: tuple[Bar, ...]
    blocks: tuple[Block, ...]
    pitch: float
    height: float


def draw_swimmer(data: SwimmerFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one bar per patient, by group; the legend names only what occurs.

    Args: data: days and words from the study's tables.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its bars need.
    Raises: ResultsError (`too-many-bars`) above 100 patients: see swimmer_pages.
    """
    check_is_legible(data)
    with house_style():
        data, note = lettered(data, "Patient")
        width = page_width(width_cm)
        rows = _plan_rows(data, width)
        left = _left(data, width)
        across = width - left - RIGHT - EDGE
        per_day = across / max(data.last_day, 1)
        size = min(MOST_SIZE, rows.pitch * 0.76)
        placed = [place_marks(bar.patient.events, per_day, size) for bar in rows.bars]
        moved = MOVED if any(is_moved for _, is_moved in placed) else ""
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, moved, note))
        names, samples = _legend(data)
        strip = plan_strip(names, width)
        top = around.top + strip.height + (PAD if names else 0)
        label = wrap(data.x_label, width - left - EDGE, NORMAL)
        page = around.page(top + rows.height + BELOW_AXIS + len(label) * NORMAL * LEADING)
        draw_strip(page, strip, samples, around.top)
        ax = _axes(page, data, (left, top, across, rows.height))
        for bar, (marks, _) in zip(rows.bars, placed, strict=True):
            _draw_bar(ax, bar.patient, bar.y, rows.pitch, per_day)
            _draw_marks(ax, bar.patient, marks, bar.y, size, per_day)
        room = left - (EDGE + STRIP + 4 if data.groups else EDGE) - 5
        step = 1 if rows.pitch >= LINE else 2  # where rows are thin, every second bar has its label
        for bar in rows.bars[::step]:
            page.text(left - 5, top + bar.y + SMALL * 0.36, _shortened(bar.patient.label, room), ha="right")
        _draw_groups(page, rows, top)
        page.lines(left + across / 2, top + rows.height + BELOW_AXIS, label, size=NORMAL, ha="center")
        return page.figure


def _plan_rows(data: SwimmerFigure, width: float) -> Rows:
    """Bars below each other, each group under its name."""
    bars = data.in_order()
    pitch = min(max(BODY / len(bars), LEAST_ROW), MOST_ROW)
    placed: list[Bar] = []
    blocks: list[Block] = []
    y = 2.0
    for group, members in groupby(bars, key=lambda p: p.group):
        start = y
        name = wrap(data.groups[group] if data.groups else "", width - 2 * EDGE - STRIP - 4, SMALL, True)
        y += len(name) * LINE + 1 if name else 0
        for patient in members:
            placed.append(Bar(patient, y + pitch / 2))
            y += pitch
        blocks.append(Block(group, name, start, y))
        y += 5.0
    return Rows(tuple(placed), tuple(blocks), pitch, y - 3.0)


def _left(data: SwimmerFigure, width: float) -> float:
    """Where day 0 is, in points."""
    names = min(widest([p.label for p in data.patients]), MOST_LABEL_SHARE * width)
    first = text_width(tick_label(0, data.x_unit)) / 2
    return max(EDGE + (STRIP + 4 if data.groups else 0) + names + 6, EDGE + first + 1)


def _shortened(label: str, width: float) -> str:
    """A label that would be too wide for its row, cut in its middle: what tells patients apart is mostly at the end."""
    if text_width(label) <= width:
        return label
    end = label[-KEPT_END:]
    keep = next((k for k in range(len(label) - KEPT_END, 0, -1) if text_width(f"{label[:k]}…{end}") <= width), 0)
    return f"{label[:keep].rstrip()}…{end}"


def _axes(page: Page, data: SwimmerFigure, place: tuple[float, float, float, float]) -> Axes:
    """The empty plot: points across from day 0, points down from the first bar."""
    ax = page.axes(*place)
    _, _, width, height = place
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    at = [t / max(data.last_day, 1) * width for t in nice_ticks(data.last_day, data.x_unit) if t <= data.last_day]
    labels = [tick_label(t, data.x_unit) for t in nice_ticks(data.last_day, data.x_unit) if t <= data.last_day]
    ax.set_xticks(at, labels_that_fit(at, labels))
    return ax


def _draw_bar(ax: Axes, patient: SwimmerPatient, y: float, pitch: float, per_day: float) -> None:
    """Observation as an open bar, treatments as filled pieces of it, an arrow where it goes on."""
    high = THICK * pitch
    bar = ((0.0, y - high / 2), (patient.last_day * per_day, high))
    for patch in filled(*bar, ax.transData, face="white", frame=GREY, frame_width=0.6, z=1):
        ax.add_patch(patch)
    for s in patient.segments:
        fill = SEGMENTS[s.treatment]
        corner = (s.first_day * per_day, y - high / 2)
        # a treatment of a day is as wide as a day, but never too thin to be seen
        size = (max((s.last_day - s.first_day) * per_day, 0.8), high)
        for patch in filled(corner, size, ax.transData, face=fill.face, hatch=fill.hatch * 2, ink=fill.ink, frame=GREY):
            ax.add_patch(patch)


def _draw_marks(
    ax: Axes,
    patient: SwimmerPatient,
    marks: list[tuple[EventKind, float]],
    y: float,
    size: float,
    per_day: float,
) -> None:
    end = patient.last_day * per_day
    for kind, x in marks:
        draw_mark(ax, kind, x, y, size)
        end = max(end, x + size / 2)
    if patient.is_ongoing:
        draw_arrow(ax, end, y, ARROW)


def _draw_groups(page: Page, rows: Rows, top: float) -> None:
    """The name of each group, and the band at the left that holds its bars together."""
    for block in rows.blocks:
        if block.name:
            page.lines(EDGE + STRIP + 4, top + block.start, block.name, bold=True)
            corner, size = (EDGE, top + block.start), (STRIP, block.end - block.start)
            for patch in filled(corner, size, page.points, face=TONES[block.group].face):
                page.figure.add_artist(patch)


def _legend(data: SwimmerFigure) -> tuple[list[str], list[Sample]]:
    """Names and samples of the treatments and events that occur."""
    treated = sorted({s.treatment for p in data.patients for s in p.segments})
    kinds = sorted({e.kind for p in data.patients for e in p.events}, key=ORDER.__getitem__)
    names = [data.treatments[k] for k in treated] + [data.name_of(kind) for kind in kinds]
    samples: list[Sample] = [fill_sample(f.face, f.hatch * 2, f.ink) for f in (SEGMENTS[k] for k in treated)]
    samples += [mark_sample(kind) for kind in kinds]
    if any(p.is_ongoing for p in data.patients):
        names.append("Still under observation")
        samples.append(arrow_sample)
    return names, samples
