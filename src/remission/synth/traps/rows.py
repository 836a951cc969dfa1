"""Rows and columns that are no data: titles, units, means, remarks, the header once more, what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from remission.synth.mess import Box, Line, Mess, Pages, Spot, Value
from remission.synth.traps.trap import Trap


def _line(pages: Pages, values: Sequence[Value], *, is_confirmed: bool = True) -> Line:
    padded = [*values, *[None] * (len(pages.columns) - len(values))]
    return Line([Box(value) for value in padded], is_record=False, is_confirmed=is_confirmed)


def _title(mess: Mess) -> list[Spot]:
    pages = mess.pages["Marrow"]
    pages.above = [_line(pages, ["Marrows of the ward (synthetic)"], is_confirmed=False)]
    return [Spot(pages, pages.above[0])]


def _insert(
    sheet: str, make: Callable[[Pages], Sequence[Value]], at: str, *, is_confirmed: bool = True
) -> Callable[[Mess], list[Spot]]:
    """One more row: `first` below the header, `middle`, or `last`."""

    def plant(mess: Mess) -> list[Spot]:
        pages = mess.pages[sheet]
        line = _line(pages, make(pages), is_confirmed=is_confirmed)
        pages.lines.insert({"first": 0, "middle": len(pages.lines) // 2, "last": len(pages.lines)}[at], line)
        return [Spot(pages, line)]

    return plant


def _units(pages: Pages) -> list[Value]:
    units = {"start_day": "yyyy-mm-dd", "end_day": "yyyy-mm-dd", "dose_ug_per_day": "µg/day"}
    return [units.get(c.to.rpartition(".")[2]) for c in pages.columns]


def _mean(pages: Pages) -> list[Value]:
    at = pages.index("blasts_percent")
    found = [x for line in pages.lines if isinstance(x := line.boxes[at].value, int | float)]
    return ["Mean", *[None] * (at - 1), round(sum(found) / len(found), 1)]


def _header_again(pages: Pages) -> list[Value]:
    return [box.value for box in pages.header.boxes]


def _empty_row(mess: Mess) -> list[Spot]:
    """A row with an id and nothing else, prepared for an event that was never entered."""
    pages = mess.pages["Adverse events"]
    last = next(line for line in reversed(pages.lines) if line.is_record)
    line = Line([Box(last.patient), *(Box(None) for _ in pages.columns[1:])], patient=last.patient)
    line.boxes[0].is_touched = True
    pages.lines.append(line)
    return [Spot(pages, line, 0)]


def _hidden_row(mess: Mess) -> list[Spot]:
    row = mess.pick("Therapies", lambda r: not r.line.is_hidden, takes=False)
    row.line.is_hidden = True
    return [Spot(row.pages, row.line)]


def _hidden_column(mess: Mess) -> list[Spot]:
    pages = mess.pages["Patients"]
    at = pages.index("height_cm")
    pages.hidden_columns.add(at)
    return [Spot(pages, None, at)]


def _hidden_sheet(mess: Mess) -> list[Spot]:
    pages = mess.pages["Laboratory"]
    pages.is_hidden = True
    return [Spot(pages, None)]


def _merged_cells(mess: Mess) -> list[Spot]:
    """The unit of a value is merged with the one below: the lower of the two is lost."""
    pages = mess.pages["Laboratory"]
    at = pages.index("unit")
    pairs = [
        (upper, lower)
        for upper, lower in pairwise(pages.lines)
        if upper.is_record and lower.is_record and not upper.is_touched and not lower.is_touched
    ]
    upper, lower = pairs[int(mess.draw.integers(0, len(pairs)))]
    for line in (upper, lower):
        line.boxes[at].is_touched = True
    lower.boxes[at].value = None
    pages.merged_down.append((upper, at))
    return [Spot(pages, upper, at)]


def _two_header_rows(mess: Mess) -> list[Spot]:
    """A header over several columns: study.toml joins the two with a colon."""
    pages = mess.pages["Outcomes"]
    pages.upper = "Outcome"
    return [Spot(pages, pages.top, 1)]


def _remarks(mess: Mess) -> list[Spot]:
    pages = mess.pages["Outcomes"]
    count = sum(line.is_record for line in pages.lines)
    at = pages.add_column("Remarks", ["seen in clinic" if i % 3 else "letter sent" for i in range(count)])
    return [Spot(pages, None, at)]


ROWS = (
    Trap("title-row", "reading", "title-row", "A title stands above the header.", _title, order=9),
    Trap(
        "units-row",
        "reading",
        "skipped-row",
        "A row of units stands below the header.",
        _insert("Infusions", _units, "first"),
        order=9,
    ),
    Trap("mean-row", "reading", "skipped-row", "A row holds a mean.", _insert("Marrow", _mean, "last"), order=9),
    Trap(
        "header-again",
        "reading",
        "skipped-row",
        "The header is repeated among the data.",
        _insert("Laboratory", _header_again, "middle"),
        order=9,
    ),
    Trap(
        "footnote",
        "reading",
        "skipped-row",
        "A remark stands below the data.",
        _insert("Therapies", lambda _: ["Note: dates of grafts as the transplant centre reported them"], "last"),
        order=9,
    ),
    Trap(
        "total-unconfirmed",
        "stop",
        "row-not-a-patient",
        "A row of totals is not confirmed in study.toml.",
        _insert("Patients", lambda _: ["Total", None, 40.2, None, 61], "last", is_confirmed=False),
        order=9,
    ),
    Trap(
        "blank-row",
        "reading",
        "blank-row",
        "A row is blank.",
        _insert("Adverse events", lambda _: [], "middle"),
        order=9,
    ),
    Trap("empty-row", "reading", "empty-row", "A row holds an id and nothing else.", _empty_row, order=8),
    Trap("hidden-row", "reading", "hidden-row", "A row is hidden.", _hidden_row),
    Trap("hidden-column", "reading", "hidden-column", "A column is hidden.", _hidden_column),
    Trap("hidden-sheet", "reading", "hidden-sheet", "A sheet is hidden.", _hidden_sheet),
    Trap("merged-cells", "doubt", "merged-cells", "Two cells of a column are merged.", _merged_cells, order=10),
    Trap("remarks", "reading", "unmapped-column", "A column of remarks is not used.", _remarks),
    Trap(
        "two-header-rows",
        "reading",
        "merged-header",
        "The header has two rows, the upper one merged.",
        _two_header_rows,
        order=9,
    ),
)
