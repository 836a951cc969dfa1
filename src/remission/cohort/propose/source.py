"""One unknown sheet to one proposed [[source]]."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from remission.cohort.fold import code_key, fold_text
from remission.cohort.layout import Layout
from remission.cohort.ledger import Ledger
from remission.cohort.propose.assign import Assignment, assign_columns
from remission.cohort.propose.column import Column, columns_of, is_filled
from remission.cohort.propose.day_order import settle_order
from remission.cohort.propose.place import GRAFT_FIELDS
from remission.cohort.propose.proposal import Constant, Left, ProposedColumn, ProposedSource
from remission.cohort.propose.role import Role, find_role
from remission.cohort.propose.twice import add_second_targets, id_column

Records = dict[str, dict[str, Constant]]


def propose_source(
    ledger: Ledger, layout: Layout, *, name: str, orders: Callable[[list[Column]], set[str]]
) -> ProposedSource | None:
    """A proposal for one sheet, or None where no column could name a patient."""
    columns = columns_of(ledger, layout)
    role = find_role(columns)
    if role.id_column < 0:
        return None
    result = assign_columns(columns, role)
    add_second_targets(columns, role, result)
    known = orders(columns)
    proposed: list[ProposedColumn] = []
    for index, column in enumerate(columns):
        if index == role.id_column:
            proposed.append(id_column(columns, role))
        for one in result.placed.get(index, ()):
            settled = settle_order(one, column, known)
            proposed.append(replace(settled, filled_at=_visits_filled(columns, index, result)))
    _graft_records(role, proposed, result)
    blank_id = _has_continued_rows(columns[role.id_column], role)
    named = _rows_with_an_id(ledger, layout, role)
    return ProposedSource(
        name=name,
        file=ledger.file,
        sheet=ledger.sheet,
        header_row=layout.header_row,
        header_rows=layout.header_rows,
        skip_rows={r: k for r, k in layout.skip_rows.items() if k not in ("title", "blank") and r not in named},
        doubtful_rows={row: layout.skip_rows[row] for row in named},
        columns=tuple(proposed),
        left=_left(columns, result),
        records=_in_order(result.records, proposed),
        table=role.table,
        blank_id=blank_id,
        about=role.reason,
        has_one_row_a_patient=columns[role.id_column].is_unique,
        has_dates=_has_dates(columns, result),
    )


def _visits_filled(columns: list[Column], index: int, result: Assignment) -> tuple[str, ...]:
    """The visits of a sheet of many marrows a patient in whose rows a column is filled, as in study.toml."""
    placed = ((i, p) for i, group in result.placed.items() for p in group)
    found = next(((i, p.spec.values) for i, p in placed if p.spec.to == "marrow.visit"), None)
    if found is None or found[0] == index:
        return ()
    by, meanings = found
    names = {code_key(text): meaning for text, meaning in meanings.items() if isinstance(meaning, str)}
    pairs = zip(columns[by].keys, columns[index].keys, strict=True)
    seen = dict.fromkeys(code_key(" ".join(fold_text(v)[0].split())) for (v, _), (text, _) in pairs if is_filled(text))
    return tuple(dict.fromkeys(names[key] for key in seen if key in names))


def _rows_with_an_id(ledger: Ledger, layout: Layout, role: Role) -> list[int]:
    """Rows that look like units although they begin with something like the ids of the patients."""
    ids = [ledger.text(row, role.id_column + 1).strip() for row in layout.data_rows]
    shapes = {shape_of(text) for text in ids if any(char.isdigit() for char in text)}
    rows = [row for row, kind in layout.skip_rows.items() if kind == "units"]
    return [row for row in rows if shape_of(ledger.text(row, role.id_column + 1).strip()) in shapes]


def shape_of(text: str) -> str:
    """An id with every digit run as one 9: "P012" and "P7" have one shape."""
    return re.sub(r"\d+", "9", text)


def _has_dates(columns: list[Column], result: Assignment) -> bool:
    """Whether a mapped column holds calendar dates, so that an origin date is needed."""
    return any(columns[index].is_dated for index in result.placed)


def _in_order(records: Records, proposed: list[ProposedColumn]) -> Records:
    """Records in the order in which the sheet comes to them."""
    heads = dict.fromkeys(p.spec.to.rpartition(".")[0] for p in proposed)
    return {head: records[head] for head in [*heads, *records] if head in records}


def _left(columns: list[Column], result: Assignment) -> tuple[Left, ...]:
    return tuple(result.left[index] for index in range(len(columns)) if index in result.left)


def _graft_records(role: Role, proposed: list[ProposedColumn], result: Assignment) -> None:
    """A long sheet of grafts has no column that says so: every record is a transplantation."""
    names = {p.spec.to.rpartition(".")[2] for p in proposed}
    if role.table == "therapies" and "kind" not in names and names & GRAFT_FIELDS:
        constants = result.records.setdefault("therapies", {})
        constants["kind"] = "HSCT"
        if "relation" not in names:
            constants["relation"] = "after"


def _has_continued_rows(column: Column, role: Role) -> bool:
    """Whether a long sheet leaves the id blank in some rows, as one does under a patient with several records."""
    blank = [not text.strip() for text, _ in column.keys]
    return any(blank) and not blank[0] and bool(role.table)
