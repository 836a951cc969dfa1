"""Ids of patients: always text, one spelling a patient, never missing, and once in a sheet of one row a patient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from remission.cohort.fold import fold_text
from remission.cohort.places import Place, count_of, rows_text
from remission.cohort.raw_column import Key, RawColumn, fold_findings
from remission.cohort.source_spec import SourceSpec
from remission.core.findings import Finding


@dataclass(frozen=True)
class RowIds:
    """The patient of every row of a sheet (None where it has none).

    Args: spellings: per row, the id as typed, for the comparison of spellings.  flags: mark -> "yes"/"no" a row.
    continued: rows that belong to the patient above.
    """

    ids: list[str | None]
    spellings: list[str]
    flags: dict[str, list[str | None]]
    continued: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_ids(raw: RawColumn, source: SourceSpec, formats: Iterable[str] = ()) -> RowIds:
    """The id column of a sheet: look-alikes folded, marks taken off, blanks continued where study.toml says so.

    Args: formats: number formats of the cells, by which a workbook shows 7 as 007.
    """
    shown = list(formats) or [""] * len(raw.keys)
    ids: list[str | None] = []
    spellings: list[str] = []
    flags: dict[str, list[str | None]] = {mark: [] for mark in raw.spec.marks}
    missing: list[int] = []
    continued: list[int] = []
    bad, errors = raw.error_cells()
    dated = {key for key in raw.distinct if key[1] == "d"}
    for row, key, number_format in zip(raw.rows, raw.keys, shown, strict=True):
        text = "" if key in bad or key in dated else key[0]
        if re.fullmatch("0+", number_format) and text.isdigit():
            text = text.zfill(len(number_format))
        typed = fold_text(text)[0]
        found, plain = split_marks(typed, raw.spec.marks)
        if raw.is_missing(plain.strip()):
            before = ids[-1] if ids and source.blank_id == "continues" else None
            ids.append(before)
            spellings.append("")
            (continued if before else missing).append(row)
            for values in flags.values():
                values.append(None)
            continue
        ids.append(plain.strip())
        spellings.append(plain)
        for mark, values in flags.items():
            values.append("yes" if mark in found else "no")
    findings = [*errors, *_date_for_id(raw, dated), *fold_findings(raw.place, raw.texts(raw.distinct))]
    findings += _id_findings(raw, missing, continued, flags)
    return RowIds(ids, spellings, flags, continued, findings)


def _date_for_id(raw: RawColumn, keys: set[Key]) -> Iterator[Finding]:
    if keys:
        rows = raw.rows_with(keys)
        yield raw.place.finding(
            "error",
            "date-instead-of-value",
            f"{count_of(len(rows), 'id is a date', 'ids are dates')}.",
            rows=rows,
            consequence="These rows are not read: a spreadsheet program turns 1-5 into a date.",
            todo="Format the column as text and type these ids again.",
        )


def split_marks(text: str, marks: Iterable[str]) -> tuple[set[str], str]:
    """The trailing marks of a text, and the text without them."""
    found: set[str] = set()
    while mark := next((m for m in marks if len(text.strip()) > len(m) and text.strip().endswith(m)), ""):
        found.add(mark)
        text = text.strip().removesuffix(mark).rstrip()
    return found, text


def _id_findings(
    raw: RawColumn, missing: list[int], continued: list[int], flags: dict[str, list[str | None]]
) -> Iterator[Finding]:
    if missing:
        yield raw.place.finding(
            "error",
            "missing-id",
            f"{count_of(len(missing), 'row holds', 'rows hold')} data but no patient id.",
            rows=missing,
            consequence="These rows are not read.",
            todo='Fill in the id, add the row to skip_rows, or say blank_id = "continues" for this source.',
        )
    if continued:
        yield raw.place.finding(
            "note",
            "continued-row",
            f"{count_of(len(continued), 'row without an id goes', 'rows without an id go')} with the patient above.",
            rows=continued,
            consequence="They are further records of that patient.",
            todo="Nothing, if that is right.",
        )
    for mark, target in raw.spec.marks.items():
        marked = [row for row, flag in zip(raw.rows, flags[mark], strict=True) if flag == "yes"]
        if marked:
            yield raw.place.finding(
                "note",
                "marked-id",
                f"{count_of(len(marked), 'id carries', 'ids carry')} the mark {mark}.",
                rows=marked,
                consequence=f"The mark is taken off, and {target} is yes for them and no for the others.",
                todo="Nothing, if that is right.",
            )


def spelling_key(text: str) -> str:
    """What two spellings of one id have in common: 7, 007, "7 " and 7.0."""
    plain = "".join(text.split()).casefold()
    plain = re.sub(r"^(\d+)\.0+$", r"\1", plain)
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)


@dataclass(frozen=True)
class Spelling:
    """One spelling of an id in one sheet."""

    text: str
    place: Place
    rows: tuple[int, ...]


def check_spellings(seen: Iterable[Spelling]) -> Iterator[Finding]:
    """An error where ids are spelled in two ways, in one sheet or across sheets; one for each pair of sheets."""
    groups: dict[str, list[Spelling]] = {}
    for one in seen:
        groups.setdefault(spelling_key(one.text), []).append(one)
    pairs: dict[tuple[Place, Place], tuple[list[int], list[int]]] = {}
    for first, *others in groups.values():
        for other in others:
            if other.text != first.text:
                first_rows, rows = pairs.setdefault((first.place, other.place), ([], []))
                first_rows.extend(first.rows)
                rows.extend(other.rows)
    for (place, other_place), (first_rows, rows) in pairs.items():
        same = place == other_place
        elsewhere = "" if same else f" from {place.words}, row {rows_text(first_rows)}"
        yield other_place.finding(
            "error",
            "id-spelling",
            f"{count_of(len(rows), 'cell spells', 'cells spell')} a patient id differently{elsewhere}"
            " (zeros, spaces, .0 or case).",
            rows=[*first_rows, *rows] if same else rows,
            consequence="They are taken for the same patient; it is not known whether that is right.",
            todo="Write the id in one way everywhere; format the column as text.",
        )


def check_duplicates(
    place: Place, ids: list[str | None], rows: list[int], continued: list[int]
) -> tuple[set[int], list[Finding]]:
    """Rows that repeat an id in a sheet of one row a patient, and the error that names them."""
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    allowed = set(continued)
    for patient, row in zip(ids, rows, strict=True):
        if patient is None or row in allowed:
            continue
        if patient in first:
            again.setdefault(patient, []).append(row)
        else:
            first[patient] = row
    if not again:
        return set(), []
    repeated = {row for found in again.values() for row in found}
    named = sorted({first[p] for p in again} | repeated)
    finding = place.finding(
        "error",
        "duplicate-id",
        f"{count_of(len(again), 'id stands', 'ids stand')} in more than one row of a sheet with one row a patient.",
        rows=named,
        consequence="Only the first row of each is read.",
        todo="Remove the repeated row, or correct its id.",
    )
    return repeated, [finding]
