"""A figure to be drawn, and the block it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from remission.display.figures.any_figure import FigureData
from remission.display.grid import Block, FigureBlock
from remission.display.outline import Outline
from remission.display.words import Ids, text
from remission.results.row import Row
from remission.results.table import Results

NAIVE_STRIP = "Naive comparison: biased, the groups were known only after the start"


# More rows behind one figure than a reader would look through.
IDS_LISTED_UP_TO = 400


def series_of(results: Results, ids: Ids, variable: str) -> dict[str, dict[str, Row]]:
    """Category -> stat -> row of one variable, in the order of the rows."""
    head = ids.id(variable, "x").rpartition(variable)[0] + f"{variable}@"
    found: dict[str, dict[str, Row]] = {}
    for row in results.rows.values():
        if row.variable == variable and row.id.startswith(head):
            found.setdefault(row.category, {})[row.stat] = row
    return found


def p_words(row: Row | None, words: str) -> tuple[str, ...]:
    if row is None or row.status != "ok":
        return ()
    return (f"{words} p {row.shown}" if row.shown[:1] in "<>" else f"{words} p = {row.shown}",)


def over_time(series: dict[str, dict[str, Row]], label: str, stat: str) -> tuple[list[int], list[float]]:
    """Days and values of one column, in the order of the rows."""
    mine = [(c, s) for c, s in series.items() if c.rpartition("_")[0].rpartition("_")[0] == label]
    days = [int(c.rpartition("_")[2].removesuffix("d")) for c, _ in mine]
    return days, [float(s[stat].value or 0) for _, s in mine]


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its file stem and what it shows."""

    stem: str
    data: FigureData


@dataclass
class Page:
    """What every kind of analysis is shown from, and the figures asked for so far.

    rates: analysis -> names of its rates, in order.
    """

    results: Results
    outline: Outline
    rates: dict[str, tuple[str, ...]]
    drawings: list[Drawing] = field(default_factory=list)


def figure_blocks(
    drawings: list[Drawing], stem: str, title: str, data: FigureData | None, words: str, ids: tuple[str, ...] = ()
) -> list[Block]:
    """A figure block where there is something to draw."""
    if data is None:
        return []
    drawings.append(Drawing(stem, data))
    return [FigureBlock(stem, title, stem, title, (text(words),) if words else (), ids)]


def ids_of(results: Results, analysis: str, variables: tuple[str, ...]) -> tuple[str, ...]:
    """The rows of some variables of an analysis, where they are few enough to stand behind a figure."""
    found = tuple(r.id for r in results.rows.values() if r.analysis == analysis and r.variable in variables)
    return found if len(found) <= IDS_LISTED_UP_TO else ()
