"""The layout of a sheet: which rows are titles, the header, units, means or remarks, and which are patients.

Nothing is decided for good here: a row that looks like something else than a patient is named with its reason, and
study.toml confirms it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from remission.cohort.fold import header_key
from remission.cohort.ledger import Ledger, column_letter
from remission.cohort.row_kinds import looks_numeric, row_kind

LOOK_AHEAD = 40


@dataclass(frozen=True)
class Layout:
    """Where the parts of a sheet are; rows 1-based.

    Args: headers: one a column, "Top: Sub" where the header has two rows, "(column C)" where it is empty; a second
    column of the same name is "Name (2)".  skip_rows: row -> 'title', 'blank', 'units', 'mean/total', 'remark' or
    'repeated header'.  duplicates: headers that stand over several columns.  unnamed: columns without a header.
    """

    header_row: int
    header_rows: int
    headers: tuple[str, ...]
    skip_rows: dict[int, str]
    first_data_row: int
    last_data_row: int
    duplicates: tuple[str, ...] = ()
    unnamed: tuple[int, ...] = ()
    data_rows: tuple[int, ...] = field(default=(), repr=False)


def find_layout(
    ledger: Ledger,
    *,
    header_row: int | None = None,
    header_rows: int | None = None,
    expected: Sequence[str] = (),
) -> Layout:
    """Recognise titles, header, units, means, remarks and blank rows.

    Args: header_row, header_rows: where study.toml says so.  expected: headers that should be there; they decide
    between candidates for the header row.
    """
    filled = _filled_per_row(ledger)
    top = header_row or _find_header_row(ledger, filled, expected)
    depth = header_rows or _header_depth(ledger, top, filled)
    headers, duplicates, unnamed = _headers(ledger, top, depth)
    skip = {row: "title" if filled[row - 1] else "blank" for row in range(1, top)}
    skip.update(_classify(ledger, top, depth, filled))
    data = tuple(row for row in range(top + depth, ledger.n_rows + 1) if row not in skip)
    return Layout(
        header_row=top,
        header_rows=depth,
        headers=headers,
        skip_rows=dict(sorted(skip.items())),
        first_data_row=data[0] if data else 0,
        last_data_row=data[-1] if data else 0,
        duplicates=duplicates,
        unnamed=unnamed,
        data_rows=data,
    )


def _filled_per_row(ledger: Ledger) -> list[int]:
    """How many cells of each row hold anything."""
    return [sum(map(bool, map(str.strip, row))) for row in zip(*ledger.grid.columns, strict=True)]


def row_texts(ledger: Ledger, row: int) -> list[str]:
    """The texts of one row, left to right."""
    return [column[row - 1] for column in ledger.grid.columns]


def _find_header_row(ledger: Ledger, filled: list[int], expected: Sequence[str]) -> int:
    """The first row that is as wide as the table and holds words, not numbers."""
    ahead = min(LOOK_AHEAD, ledger.n_rows)
    if not ahead:
        return 1
    parts = {header_key(part) for header in expected for part in (header, *header.split(": "))} - {""}
    if parts:
        scores = [sum(header_key(t) in parts for t in row_texts(ledger, r) if t) for r in range(1, ahead + 1)]
        if max(scores):
            return next(r for r, score in enumerate(scores, 1) if score * 2 >= max(scores))
    usual = sorted(filled[:ahead])[-max(1, ahead // 4)]
    for row in range(1, ahead + 1):
        texts = [t for t in row_texts(ledger, row) if t.strip()]
        if len(texts) * 2 < usual or len(texts) < min(2, ledger.n_cols):
            continue
        numbers = sum(looks_numeric(t) for t in texts)
        if numbers * 5 <= len(texts):
            return row
    return next((row for row in range(1, ahead + 1) if filled[row - 1] * 2 >= usual and filled[row - 1]), 1)


def _header_depth(ledger: Ledger, top: int, filled: list[int]) -> int:
    """One or two rows: two where cells are merged across or down, or where the row below fills the gaps."""
    if top >= ledger.n_rows:
        return 1
    for first, left, last, right in ledger.grid.merged:
        if first == top and (right > left or last > first):
            return max(2, last - first + 1) if last > first else 2
    upper, lower = row_texts(ledger, top), row_texts(ledger, top + 1)
    gaps = [i for i, text in enumerate(upper) if not text.strip() and any(upper[:i])]
    below = [lower[i] for i in range(len(lower)) if lower[i].strip()]
    if not gaps or not below or any(looks_numeric(t) for t in below):
        return 1
    named_gaps = sum(bool(lower[i].strip()) for i in gaps)
    # sub-headers stand under the gaps and under the group's first column, not under the id
    if named_gaps == len(gaps) and not lower[0].strip() and filled[top] < ledger.n_cols:
        return 2
    return 1


def _headers(ledger: Ledger, top: int, depth: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    levels = [_spread(ledger, row, top, depth) for row in range(top, min(top + depth, ledger.n_rows + 1))]
    names, unnamed = [], []
    for col in range(ledger.n_cols):
        parts: list[str] = []
        for level in levels:
            part = " ".join(level[col].split())
            if part and part not in parts:
                parts.append(part)
        names.append(": ".join(parts) or f"(column {column_letter(col + 1)})")
        if not parts:
            unnamed.append(col + 1)
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    duplicates = tuple(name for name, count in seen.items() if count > 1)
    return tuple(unique), duplicates, tuple(unnamed)


def _spread(ledger: Ledger, row: int, top: int, depth: int) -> list[str]:
    """The texts of one header row, with merged cells and group titles spread over the columns they stand above."""
    texts = row_texts(ledger, row)
    spans = [m for m in ledger.grid.merged if m[0] <= row <= m[2] and m[1] <= len(texts)]
    for first, left, _, right in spans:
        for col in range(left, min(right, len(texts)) + 1):
            texts[col - 1] = ledger.text(first, left)
    if depth > 1 and row == top and not spans:
        below = row_texts(ledger, row + 1)
        for i in range(1, len(texts)):
            if not texts[i].strip() and below[i].strip() and below[i - 1].strip():
                texts[i] = texts[i - 1]
    return texts


def _classify(ledger: Ledger, top: int, depth: int, filled: list[int]) -> dict[int, str]:
    """Rows below the header that are not patients, each with the reason."""
    first = top + depth
    header = [header_key(t) for t in row_texts(ledger, top)]
    sample = range(first, min(first + 200, ledger.n_rows + 1))
    leads = [ledger.text(r, 1).strip() for r in sample if filled[r - 1] > 1]
    ids_have_digits = sum(any(c.isdigit() for c in t) for t in leads) * 2 > len(leads)
    skip: dict[int, str] = {}
    lead_column = ledger.grid.columns[0] if ledger.grid.columns else []
    few = max(1, ledger.n_cols // 4)
    for row in range(first, ledger.n_rows + 1):
        n = filled[row - 1]
        if not n:
            skip[row] = "blank"
            continue
        lead = lead_column[row - 1]
        # almost every row is a patient whose first cell is short and holds a digit: not worth a closer look
        if n > few and row > first + 1 and len(lead) < 25 and any(c.isdigit() for c in lead):
            continue
        kind = row_kind(row_texts(ledger, row), header, is_first=row <= first + 1, ids_have_digits=ids_have_digits)
        if kind:
            skip[row] = kind
    return skip
