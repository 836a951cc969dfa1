"""Notes on what was read without trouble and is still worth a look: merged headers, "<", dates written in two ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from remission.cohort.dates import read_date_text
from remission.cohort.layout import Layout
from remission.cohort.numbers import read_number_text
from remission.cohort.places import Place, count_of
from remission.cohort.raw_column import Key, RawColumn, Typed
from remission.core.findings import Finding


def merged_headers(layout: Layout, places: Mapping[int, Place]) -> Iterator[Finding]:
    """Groups of columns under one upper header, as merged cells or gaps in the upper row make them."""
    if layout.header_rows < 2:
        return
    numbered = enumerate(layout.headers, 1)
    for top, members in groupby(numbered, key=lambda pair: pair[1].partition(": ")[0] if ": " in pair[1] else ""):
        columns = [col for col, _ in members]
        if top and len(columns) > 1:
            yield places[columns[0]].finding(
                "note",
                "merged-header",
                f"One upper header stands over {len(columns)} columns.",
                rows=[layout.header_row],
                consequence=f'They are called "{top}: ..." in study.toml.',
                todo="Nothing, if all of them belong to it.",
            )


def value_notes(raw: RawColumn, typed: Typed) -> Iterator[Finding]:
    """What the cells of one column look like, where they were read."""
    if raw.field.comparator and typed.signs:
        yield from _below_limit(raw)
    if typed.is_date:
        yield from _date_forms(raw)


def _below_limit(raw: RawColumn) -> Iterator[Finding]:
    found = [key for key in raw.distinct if (n := read_number_text(key[0])) and n.comparator in ("<", "≤")]
    if rows := raw.rows_with(found):
        yield raw.place.finding(
            "note",
            "below-limit",
            f'{count_of(len(rows), "cell says", "cells say")} "less than".',
            rows=rows,
            consequence="The value is kept with its sign, and counts as below what the assay can tell.",
            todo="Nothing.",
        )


def _date_forms(raw: RawColumn) -> Iterator[Finding]:
    """Dates as text beside true dates; in a text file, dates written otherwise than most of the column."""
    forms: dict[str, list[Key]] = {}
    for key in raw.distinct:
        text, kind = key
        if kind == "d" or read_date_text(text) is not None:
            forms.setdefault("" if kind == "d" else _form(text), []).append(key)
    if len(forms) < 2:
        return
    if "" in forms:
        others, among = [key for form, keys in forms.items() if form for key in keys], "as text, beside true dates"
    else:
        counts = Counter({form: len(raw.rows_with(keys)) for form, keys in forms.items()})
        usual = counts.most_common(1)[0][0]
        others = [key for form, keys in forms.items() if form != usual for key in keys]
        among = "in another way than most of the column"
    rows = raw.rows_with(others)
    yield raw.place.finding(
        "note",
        "text-date",
        f"{count_of(len(rows), 'date is', 'dates are')} written {among}.",
        rows=rows,
        consequence="They are read like the others: day or month first is decided for the whole column.",
        todo="Compare one of them with the record.",
    )


def _form(text: str) -> str:
    """How a date is written, without its digits: "Y-9-9", "9.9.Y"."""
    return re.sub(r"\d+", "9", re.sub(r"\d{4}", "Y", " ".join(text.split())))
