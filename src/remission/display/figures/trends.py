"""Medians with quartiles over time in small multiples, the numbers measured below each visit."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.display.figures.key_strip import Sample, draw_strip, plan_strip
from remission.display.figures.legend import SAMPLE
from remission.display.figures.lettered import lettered
from remission.display.figures.page import Page, page_width
from remission.display.figures.panel_grid import NumberRow, PanelPlan, draw_frame, plan_grid
from remission.display.figures.panels_data import TrendPanel, TrendsFigure
from remission.display.figures.plot_layout import PAD
from remission.display.figures.plot_parts import draw_sample
from remission.display.figures.style import DOUBLE_CM, INK, LOOKS, Look, house_style
from remission.display.figures.surround import plan_surround
from remission.display.figures.value_axis import ValueAxis, linear_axis, log_axis

MARKERS = ("o", "s", "^", "D", "v", "P")
APART = 0.09  # of the distance of two visits, from one group to the next
CAP = 2.4


def draw_trends(data: TrendsFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw each variable: medians joined by lines, quartiles as bars, n of each group below.

    Args: data: medians, quartiles and numbers from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width; panels stand side by side as far as their words allow.
    """
    with house_style():
        data, note = lettered(data, "Group")
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        named = data.groups if any(data.groups) else ()
        strip = plan_strip(named, width)
        top = around.top + (strip.height + PAD if named else 0)
        places, end = plan_grid([_plan(p, len(data.groups)) for p in data.panels], width, top)
        page = around.page(end)
        draw_strip(page, strip, [_sample(LOOKS[k], MARKERS[k]) for k in range(len(named))], around.top)
        for panel, place in zip(data.panels, places, strict=True):
            _draw_panel(draw_frame(page, place), panel)
        return page.figure


def _plan(panel: TrendPanel, groups: int) -> PanelPlan:
    """What the grid needs to know of a panel."""
    rows = tuple(NumberRow("n", g.counts, LOOKS[k] if groups > 1 else None) for k, g in enumerate(panel.groups))
    return PanelPlan(panel.title, panel.unit, panel.visits, _axis(panel), rows, is_empty=not panel.values)


def _axis(panel: TrendPanel) -> ValueAxis:
    values = list(panel.values)
    if panel.floor is not None:
        values = [max(v, panel.floor) for v in values] + [panel.floor]
    return log_axis(values) if panel.is_log else linear_axis(values)


def _draw_panel(ax: Axes, panel: TrendPanel) -> None:
    """One group beside the other, so that their bars can be told apart."""
    floor = panel.floor
    if floor is not None:
        ax.axhline(floor, color=INK, linewidth=0.7, dashes=(3, 2), zorder=1)

    def above(value: float) -> float:
        return value if floor is None else max(value, floor)

    for k, group in enumerate(panel.groups):
        look = LOOKS[k]
        aside = APART * (k - (len(panel.groups) - 1) / 2)
        at = [(i + aside, above(m)) for i, m in enumerate(group.median) if m is not None]
        ax.plot(
            [x for x, _ in at],
            [y for _, y in at],
            color=look.colour,
            dashes=look.dashes or (None, None),
            marker=MARKERS[k],
            markersize=3.8,
            markeredgecolor=look.text,
            markeredgewidth=0.5,
            clip_on=False,
            zorder=3 + k / 10,
        )
        for i, (low, high) in enumerate(zip(group.q1, group.q3, strict=True)):
            if low is not None and high is not None:
                _draw_bar(ax, i + aside, above(low), above(high), look)


def _draw_bar(ax: Axes, x: float, low: float, high: float, look: Look) -> None:
    """From the lower to the upper quartile."""
    ax.plot((x, x), (low, high), color=look.colour, linewidth=0.8, zorder=2, clip_on=False)
    ax.plot(
        (x, x),
        (low, high),
        linestyle="none",
        marker="_",
        markersize=CAP * 2,
        markeredgewidth=0.8,
        color=look.colour,
        zorder=2,
        clip_on=False,
    )


def _sample(look: Look, marker: str) -> Sample:
    """A piece of line with its marker for the legend."""

    def draw(page: Page, x: float, y: float) -> None:
        draw_sample(page, look, x, y)
        page.mark(x + SAMPLE / 2, y, marker, size=3.8, face=look.colour, edge=look.text)

    return draw
