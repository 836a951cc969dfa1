"""Where the names of stacked areas stand: inside where they fit, else beside the plot with a swatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.display.figures.lettering import breaks_words, widest, wrap, wrap_evenly
from remission.display.figures.style import LEADING, SMALL

CELL = 1.0  # points; areas are searched in columns of this width
ASIDE = 3.0  # points free beside a label inside its area
ABOVE = 1.5  # and above and below it
MOST_LINES = 3
ROOMY = 0.9  # of the greatest room: of such places the one nearest to the middle of the plot is taken
SWATCH = 9.0  # width of the sample of an area beside its name
SWATCH_GAP = 3.0
BESIDE_GAP = 6.0  # from the plot to the swatches
BESIDE_SHARES = (0.30, 0.36, 0.42)  # of the width of the figure: the least that keeps words whole and few lines
FEW_LINES = 4
APART = 3.0  # between two names beside the plot
LINE = SMALL * LEADING

Column = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AreaLabel:
    """The name of an area; x, y: top left corner in points from that of the plot. has_swatch: beside the plot."""

    state: int
    lines: tuple[str, ...]
    x: float
    y: float
    has_swatch: bool = False

    @property
    def width(self) -> float:
        return widest(self.lines)

    @property
    def height(self) -> float:
        return len(self.lines) * LINE


@dataclass(frozen=True)
class Borders:
    """The borders between areas: heights[i] is the lower and heights[i + 1] the upper border of state i.

    Args: x: of the corners.  heights: from 0 to 1, one row per border.
    """

    x: Column
    heights: Column


def inside(label: str, state: int, borders: Borders, size: tuple[float, float], axis_end: float) -> AreaLabel | None:
    """A roomy place for a name within its area, on as few lines as possible; None where there is none.

    Args: size: width and height of the plot in points.
    """
    width, height = size
    first, top, bottom = _edges(borders, state, width, height, axis_end)
    if not len(top):
        return None
    for lines in _ways_to_break(label):
        wide, high = widest(lines) + 2 * ASIDE, len(lines) * LINE + 2 * ABOVE
        cells = int(np.ceil(wide / CELL))
        if cells > len(top):
            continue
        lowest_top = np.lib.stride_tricks.sliding_window_view(top, cells).max(axis=1)
        highest_bottom = np.lib.stride_tricks.sliding_window_view(bottom, cells).min(axis=1)
        room = highest_bottom - lowest_top
        if room.max() >= high:
            roomy = np.flatnonzero(room >= max(high, ROOMY * room.max()))
            best = int(roomy[np.argmin(np.abs(roomy + cells / 2 - len(top) / 2))])
            y = (lowest_top[best] + highest_bottom[best]) / 2 - len(lines) * LINE / 2
            return AreaLabel(state, lines, first + best * CELL + ASIDE, float(y))
    return None


def _edges(borders: Borders, state: int, width: float, height: float, axis_end: float) -> tuple[float, Column, Column]:
    """Where the first column of the plot begins, and top and bottom of an area in each, from its top left corner."""
    x = borders.x / axis_end * width
    first = float(np.ceil(x[0]))
    starts = np.arange(first, x[-1] - CELL, CELL)
    ends = [np.searchsorted(x, starts + shift, side="right") - 1 for shift in (0.0, CELL)]
    low, high = borders.heights[state], borders.heights[state + 1]
    top = np.maximum(*((1 - high[e]) * height for e in ends))
    bottom = np.minimum(*((1 - low[e]) * height for e in ends))
    return first, top, bottom


def _ways_to_break(label: str) -> list[tuple[str, ...]]:
    """The label on one line, on two, on three; words are kept whole."""
    ways: list[tuple[str, ...]] = [(label,)]
    whole = widest((label,))
    for count in range(2, MOST_LINES + 1):
        for share in (1.05, 1.25, 1.5):
            room = whole / count * share
            lines = wrap(label, room)
            if len(lines) == count and not breaks_words(label, room):
                ways.append(wrap_evenly(label, room))
                break
    return ways


def wrapped_beside(labels: Sequence[str], width: float) -> list[tuple[str, ...]]:
    """Names beside the plot of a figure of that width."""
    for share in BESIDE_SHARES:
        room = share * width - BESIDE_GAP - SWATCH - SWATCH_GAP
        wrapped = [wrap_evenly(label, room) for label in labels]
        if all(len(w) <= FEW_LINES and not breaks_words(t, room) for w, t in zip(wrapped, labels, strict=True)):
            break
    return wrapped


def room_beside(labels: Sequence[str], width: float) -> tuple[float, float]:
    """Width and height that names beside the plot need, 0 for none."""
    if not labels:
        return 0.0, 0.0
    wrapped = wrapped_beside(labels, width)
    height = sum(len(lines) * LINE for lines in wrapped) + APART * (len(labels) - 1)
    return BESIDE_GAP + SWATCH + SWATCH_GAP + max(widest(lines) for lines in wrapped) + 2, height


def beside(
    labels: Sequence[tuple[int, str]], borders: Borders, size: tuple[float, float], width: float
) -> list[AreaLabel]:
    """Names right of the plot, each as near as possible to where its area ends, none upon another.

    Args: labels: state and name.  size: width and height of the plot.  width: of the figure.
    """
    placed: list[AreaLabel] = []
    downwards = sorted(labels, reverse=True)  # states are stacked upwards
    wrapped = wrapped_beside([label for _, label in downwards], width)
    for (state, _), lines in zip(downwards, wrapped, strict=True):
        middle = (1 - (borders.heights[state, -1] + borders.heights[state + 1, -1]) / 2) * size[1]
        least = placed[-1].y + placed[-1].height + APART if placed else 0.0
        y = max(float(middle) - len(lines) * LINE / 2, least)
        placed.append(AreaLabel(state, lines, size[0] + BESIDE_GAP, y, has_swatch=True))
    end = size[1]
    for k in range(len(placed) - 1, -1, -1):  # those pushed out at the bottom push the others up again
        one = placed[k]
        placed[k] = AreaLabel(one.state, one.lines, one.x, min(one.y, end - one.height), has_swatch=True)
        end = placed[k].y - APART
    return placed
