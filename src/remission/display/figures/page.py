"""A figure measured in points from its top left corner, so that everything can be placed before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from remission.core.errors import ResultsError
from remission.display.figures.lettering import properties
from remission.display.figures.style import INK, LEADING, POINTS_PER_CM, SMALL

LEAST_CM = 7.0


class Page:
    """A Figure with helpers that take points: x to the right, y downwards from the top edge."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self.points: Transform = (
            Affine2D().scale(1 / 72, -1 / 72).translate(0, height / 72) + self.figure.dpi_scale_trans
        )

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes whose frame has its top left corner at (x, y); only the left and bottom spines are drawn."""
        ax = self.figure.add_axes(
            (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        )
        ax.spines[["top", "right"]].set_visible(False)
        ax.patch.set_visible(False)
        return ax

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SMALL,
        bold: bool = False,
        colour: str = INK,
        ha: str = "left",
        rotation: float = 0,
        transform: Transform | None = None,
    ) -> Text:
        """One line whose baseline is at y."""
        return self.figure.text(
            x,
            y,
            text,
            fontproperties=properties(text, size, bold=bold),
            color=colour,
            ha=ha,
            va="baseline",
            rotation=rotation,
            rotation_mode="anchor",
            transform=self.points if transform is None else transform,
        )

    def lines(
        self,
        x: float,
        top: float,
        lines: Sequence[str],
        *,
        size: float = SMALL,
        bold: bool = False,
        colour: str = INK,
        ha: str = "left",
    ) -> float:
        """Several lines, the first starting at `top`; returns where the next one would start."""
        for line in lines:
            self.text(x, top + size, line, size=size, bold=bold, colour=colour, ha=ha)
            top += size * LEADING
        return top

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        edge: str = INK,
        fill: str = "white",
        z: float = 1,
    ) -> None:
        """A rectangle with its top left corner at (x, y)."""
        self.figure.add_artist(
            Rectangle(
                (x, y),
                width,
                height,
                edgecolor=edge,
                facecolor=fill,
                linewidth=0.6 if edge != "none" else 0,
                transform=self.points,
                zorder=z,
            )
        )

    def mark(self, x: float, y: float, marker: str, *, size: float, face: str, edge: str) -> None:
        """One marker of matplotlib's, its middle at (x, y)."""
        self.figure.add_artist(
            Line2D(
                (x,),
                (y,),
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=face,
                markeredgecolor=edge,
                markeredgewidth=0.5,
                transform=self.points,
            )
        )

    def arrow(self, x: float, y: float, to_x: float, to_y: float, *, head: bool = True) -> None:
        """A straight line, with a head at its end unless it only leads to other lines."""
        self.figure.add_artist(
            FancyArrowPatch(
                (x, y),
                (to_x, to_y),
                arrowstyle="-|>,head_length=3,head_width=1.5" if head else "-",
                mutation_scale=1,
                shrinkA=0,
                shrinkB=0,
                linewidth=0.6,
                color=INK,
                joinstyle="miter",
                transform=self.points,
                zorder=0.5,
            )
        )


def page_width(width_cm: float) -> float:
    """Points in a width of centimetres. Raises: ResultsError (`figure-too-narrow`) where no text would fit."""
    if width_cm < LEAST_CM:
        raise ResultsError(
            what="A figure is too narrow for its text.",
            code="figure-too-narrow",
            expected=f"a width of {LEAST_CM} cm or more",
            found=f"{width_cm} cm",
            todo="Choose 8.5 cm (one column) or 17.5 cm (a page).",
        )
    return width_cm * POINTS_PER_CM
