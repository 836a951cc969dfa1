"""Findings: the data are doubtful. Nothing is repaired or dropped silently; it is listed here instead."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, order=True)
class Finding:
    """One doubt about the data, with its address.

    Args: severity: `error` stops the study, `warning` should be looked at, `note` says what was read how.
    rule: stable kebab-case name.  file, sheet, row, column: address as the user sees it (row 1-based; column a letter
    for workbooks, the header for text files; several rows as "17, 88, 140").  what: the doubt in the user's words,
    without patients' values.  consequence: what it does to the study.  todo: what the user can do.
    patients: study ids, only where an id is needed to find the row; never printed to a log.
    """

    severity: Severity
    rule: str
    file: str = ""
    sheet: str = ""
    row: str = ""
    column: str = ""
    what: str = ""
    consequence: str = ""
    todo: str = ""
    patients: str = ""


COLUMNS = tuple(f.name for f in fields(Finding))


ROWS_PRINTED = 12


def some_rows(rows: str) -> str:
    """The first rows of a long list, for a terminal or a report; findings.csv has them all."""
    listed = rows.split(", ")
    return rows if len(listed) <= ROWS_PRINTED else f"{', '.join(listed[:ROWS_PRINTED])} … ({len(listed)} in all)"


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Most serious first, then by rule and place; duplicates removed; the order is the same in every run."""

    def key(f: Finding) -> tuple[int, str, str, str, tuple[int, str], str, str]:
        head = f.row.split(",")[0].strip()
        row = (int(head), f.row) if head.isdigit() else (0, f.row)
        return (SEVERITIES.index(f.severity), f.rule, f.file, f.sheet, row, f.column, f.what)

    return tuple(sorted(set(findings), key=key))


def write_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Write findings.csv (UTF-8 with BOM, so that Excel opens it right)."""
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(f) for f in sort_findings(findings))
