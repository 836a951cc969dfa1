"""Rectangles with a tint, a pattern and a thin frame, on a page or in a plot."""

from __future__ import annotations

from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from remission.display.figures.key_strip import Sample
from remission.display.figures.legend import SAMPLE
from remission.display.figures.page import Page
from remission.display.figures.style import INK, SMALL


def filled(
    corner: tuple[float, float],
    size: tuple[float, float],
    transform: Transform,
    *,
    face: str,
    hatch: str = "",
    ink: str = INK,
    frame: str = INK,
    frame_width: float = 0.5,
    z: float = 2.0,
) -> tuple[Rectangle, ...]:
    """A filled rectangle and its frame: a pattern takes the colour of the edge, so the frame is drawn afterwards."""
    fill = Rectangle(
        corner,
        *size,
        facecolor=face,
        edgecolor=ink,
        hatch=hatch or None,
        linewidth=0,
        transform=transform,
        zorder=z,
        clip_on=False,
    )
    if not frame_width:
        return (fill,)
    line = Rectangle(
        corner,
        *size,
        facecolor="none",
        edgecolor=frame,
        linewidth=frame_width,
        transform=transform,
        zorder=z + 0.1,
        clip_on=False,
    )
    return (fill, line)


def fill_sample(face: str, hatch: str = "", ink: str = INK) -> Sample:
    """A piece of an area for the legend."""

    def draw(page: Page, x: float, y: float) -> None:
        size = (SAMPLE, SMALL)
        for patch in filled((x, y - SMALL / 2), size, page.points, face=face, hatch=hatch, ink=ink):
            page.figure.add_artist(patch)

    return draw
