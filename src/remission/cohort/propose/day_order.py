"""The order of day and month for columns that cannot tell: as in the other dates of the file, and said so."""

from __future__ import annotations

from dataclasses import replace

from remission.cohort.dates import read_date_text
from remission.cohort.propose.column import Column
from remission.cohort.propose.proposal import ProposedColumn


def sure_orders(columns: list[Column]) -> set[str]:
    """Orders ("dmy", "mdy") that some date of the columns can only be read in."""
    found: set[str] = set()
    for column in columns:
        for text in column.texts if column.is_dated else ():
            date = read_date_text(text)
            if date and len(date.by_order) == 1:
                found |= set(date.by_order)
    return found - {"ymd"}


def settle_order(proposed: ProposedColumn, column: Column, orders: set[str]) -> ProposedColumn:
    """Name the order for a column of dates of which each could be read both ways."""
    dates = [d for t in column.texts if (d := read_date_text(t))]
    if not column.is_dated or sure_orders([column]) or not any(d.is_open for d in dates):
        return proposed
    if len(orders) != 1:
        doubt = 'QUESTION: day or month first? No date tells; add dates = "dmy" or dates = "mdy"'
        return replace(proposed, doubts=(*proposed.doubts, doubt))
    order = "dmy" if "dmy" in orders else "mdy"
    doubt = "no date of this column tells day from month; the order is that of the other dates"
    return replace(proposed, spec=replace(proposed.spec, dates=order), doubts=(*proposed.doubts, doubt))  # type: ignore[arg-type]
