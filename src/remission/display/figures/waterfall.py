"""A waterfall plot: the change of each patient as a bar, from the greatest rise to the greatest fall."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.display.figures.fills import fill_sample, filled
from remission.display.figures.key_strip import Sample, draw_strip, plan_strip
from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import widest, wrap
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD, plot_height
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import DOUBLE_CM, GREY, INK, LEADING, NORMAL, SMALL, TONES, house_style
from remission.display.figures.surround import LINE, plan_surround
from remission.display.figures.value_axis import ValueAxis, linear_axis
from remission.display.figures.waterfall_data import WaterfallFigure, WaterfallPanel

HATCH = "//////"
BAR_SHARE = 0.8  # of the room of a bar, where there is room for a gap
NO_GAP_BELOW = 2.5  # points
MOST_BAR = 24.0
BELOW = 6.0
BETWEEN = 14.0  # two panels
MOST_NAME = 60.0  # width of the name of a line beside the plot
NAME_GAP = 4.0
TOO_MANY_VALUES = 12  # values of cut bars that are still listed


def draw_waterfall(data: WaterfallFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one or two panels of bars, coloured by response, hatched below the limit of detection.

    Args: data: changes and words from the study's tables.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width; on a narrow one the second panel stands below the first.
    """
    with house_style():
        data, note = lettered(data)
        width = page_width(width_cm)
        notes = (*(text for p in data.panels for text in (p.note, _cut_note(p))), *data.annotation, note)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=notes)
        names, samples = _legend(data)
        strip = plan_strip(names, width)
        across = len(data.panels) if width > 2 * plot_height(width) else 1
        slot = (width - 2 * EDGE - (across - 1) * BETWEEN) / across
        high = plot_height(width)
        heads = [wrap(p.title, slot, SMALL, True) for p in data.panels]
        head = max(len(h) for h in heads) * LINE + (PAD if any(heads) else 0) + LINE / 2
        deep = head + high + BELOW
        top = around.top + strip.height + PAD
        downwards = -(-len(data.panels) // across)
        page = around.page(top + downwards * (deep + BELOW) - BELOW)
        draw_strip(page, strip, samples, around.top)
        for k, panel in enumerate(data.panels):
            x = EDGE + (k % across) * (slot + BETWEEN)
            y = top + (k // across) * (deep + BELOW)
            page.lines(x, y, heads[k], bold=True)
            _draw_panel(page, panel, (x, y + head, slot, high))
        return page.figure


def _legend(data: WaterfallFigure) -> tuple[list[str], list[Sample]]:
    """The responses that occur, and what a hatched bar means."""
    bars = [bar for panel in data.panels for bar in panel.bars]
    used = sorted({bar.response for bar in bars}) if len(data.responses) > 1 else []
    samples = [fill_sample(TONES[k].face) for k in used]
    names = [data.responses[k] for k in used]
    if any(bar.is_below_floor for bar in bars):
        names.append(data.floor_text)
        samples.append(fill_sample("#dddddd", HATCH))
    return names, samples


def _cut_note(panel: WaterfallPanel) -> str:
    """The values of the bars that go beyond the axis."""
    if panel.limits is None:
        return ""
    low, high = panel.limits
    cut = sorted((b.value for b in panel.bars if not low <= b.value <= high), reverse=True)
    if not cut:
        return ""
    listed = ", ".join(f"{v:+g}".replace("-", "−") for v in cut[:TOO_MANY_VALUES])
    more = f" and {len(cut) - TOO_MANY_VALUES} more" if len(cut) > TOO_MANY_VALUES else ""
    return f"{panel.y_label}: bars with a white end are cut; their values are {listed}{more}."


def _draw_panel(page: Page, panel: WaterfallPanel, place: tuple[float, float, float, float]) -> None:
    """Axis, lines and bars; place: left, top, width and height of the panel with its axis."""
    left, top, width, high = place
    axis = _axis(panel)
    label = wrap(panel.y_label, high, NORMAL)
    room = len(label) * NORMAL * LEADING + 2 + widest(axis.labels) + 6
    named = widest([part for _, name in _lines(panel, axis) for part in wrap(name, MOST_NAME)])
    wide = width - room - (named + NAME_GAP if named else 0)
    x = left
    for line in label:
        page.text(x + NORMAL, top + high / 2, line, size=NORMAL, ha="center", rotation=90)
        x += NORMAL * LEADING
    ax = page.axes(left + room, top, wide, high)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(0, wide)
    ax.set_ylim(axis.low, axis.high)
    ax.set_xticks([])
    ax.set_yticks(axis.ticks, axis.labels)
    ax.axhline(0, color=INK, linewidth=0.6, zorder=4)
    if not panel.bars:
        page.text(left + room + 6, top + high / 2, "No patient with two measurements", colour=GREY)
    _draw_lines(page, ax, panel, (left + room + wide + NAME_GAP, top, high), axis)
    _draw_bars(ax, panel, wide, axis)


def _axis(panel: WaterfallPanel) -> ValueAxis:
    if panel.limits is None:
        return linear_axis([b.value for b in panel.bars] + [v for v, _ in panel.lines], has_zero=True)
    low, high = panel.limits
    axis = linear_axis(panel.limits, has_zero=True)
    marks = [(t, name) for t, name in zip(axis.ticks, axis.labels, strict=True) if low <= t <= high]
    return ValueAxis(low, high, tuple(t for t, _ in marks), tuple(name for _, name in marks))


def _draw_lines(
    page: Page, ax: Axes, panel: WaterfallPanel, place: tuple[float, float, float], axis: ValueAxis
) -> None:
    """Reference values across the plot, named beside it; place: where names begin, top and height of the plot."""
    left, top, high = place
    free = top - LINE
    for value, name in _lines(panel, axis):
        ax.axhline(value, color=GREY, linewidth=0.7, dashes=(3, 2), zorder=1)
        lines = wrap(name, MOST_NAME)
        y = top + (1 - axis.share(value)) * high - len(lines) * LINE / 2
        free = page.lines(left, max(y, free), lines, colour=GREY)


def _lines(panel: WaterfallPanel, axis: ValueAxis) -> list[tuple[float, str]]:
    """Reference values on the axis, from above."""
    return sorted((line for line in panel.lines if axis.low <= line[0] <= axis.high), reverse=True)


def _draw_bars(ax: Axes, panel: WaterfallPanel, width: float, axis: ValueAxis) -> None:
    """The bars in order, in the tone of their response; a white end where the axis ends before the bar."""
    bars = sorted(panel.bars, key=lambda b: (-b.value, b.response, b.is_below_floor))
    room = min(width / max(len(bars), 1), MOST_BAR)
    thick = room * BAR_SHARE if room >= NO_GAP_BELOW else room
    for k, bar in enumerate(bars):
        tone = TONES[bar.response]
        x = k * room + (room - thick) / 2
        end = min(max(bar.value, axis.low), axis.high)
        hatch = HATCH if bar.is_below_floor else ""
        frame = 0.4 if room >= NO_GAP_BELOW else 0.0
        for patch in filled(
            (x, 0), (thick, end), ax.transData, face=tone.face, hatch=hatch, ink=tone.ink, frame_width=frame
        ):
            ax.add_patch(patch)
        if end != bar.value:
            gap = 0.03 * (axis.high - axis.low) * (1 if end > 0 else -1)
            for patch in filled((x, end - 2 * gap), (thick, gap), ax.transData, face="white", frame_width=0, z=3):
                ax.add_patch(patch)
