"""Columns of codes and of free text: a code must be known to study.toml or the schema; text is kept as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from remission.cohort.dates import DATE_IN_TEXT
from remission.cohort.fold import code_key, fold_text, tight_key
from remission.cohort.places import count_of
from remission.cohort.raw_column import Key, RawColumn, Typed, Value, fold_findings
from remission.core.findings import Finding

Meaning = str | tuple[str, ...]


class CodeBook:
    """What each text of a column means: the `values` of study.toml, then the codes of the schema.

    Looked up as printed, then without look-alikes and case, then without spaces; a spelling that would fit two
    different meanings fits none.
    """

    def __init__(self, given: Mapping[str, Meaning], allowed: Iterable[str], synonyms: Mapping[str, Iterable[str]]):
        self.given = [_table(given, key) for key in _GIVEN_KEYS]
        codes: dict[str, Meaning] = {code: code for code in allowed}
        for code in tuple(codes):
            codes.update({text: code for text in synonyms.get(code, ()) if text not in codes})
        self.schema = [_table(codes, key) for key in _SCHEMA_KEYS]

    def meaning(self, text: str, *, only_given: bool = False) -> Meaning | None:
        """The code or codes a text stands for; None where it is not known."""
        for level, key in zip(self.given, _GIVEN_KEYS, strict=True):
            if (found := level.get(key(text))) is not None:
                return found
        if only_given:
            return None
        for level, key in zip(self.schema, _SCHEMA_KEYS, strict=True):
            if (found := level.get(key(text))) is not None:
                return found
        return None


def _as_printed(text: str) -> str:
    return text.strip()


def _folded(text: str) -> str:
    return " ".join(fold_text(text)[0].split())


def _table(given: Mapping[str, Meaning], key: Callable[[str], str]) -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    unclear = set()
    for text, meaning in given.items():
        if table.setdefault(key(text), meaning) != meaning:
            unclear.add(key(text))
    return {text: meaning for text, meaning in table.items() if text not in unclear}


_GIVEN_KEYS: tuple[Callable[[str], str], ...] = (_as_printed, _folded, code_key, tight_key)
_SCHEMA_KEYS: tuple[Callable[[str], str], ...] = (_as_printed, code_key)


def read_codes(raw: RawColumn) -> Typed:
    """A column of a `code` field. A tuple stands for several records of one row."""
    bad, findings = raw.error_cells()
    book = CodeBook(raw.spec.values, raw.field.allowed, raw.schema.codes)
    is_open = not raw.field.allowed and not raw.spec.values
    values: dict[Key, Value] = {}
    unknown: list[Key] = []
    dated: list[Key] = []
    blanked: list[Key] = []
    for key in raw.distinct:
        text = key[0]
        if key in bad:
            continue
        meaning = book.meaning(text, only_given=True)
        if meaning is None:
            if raw.is_missing(text):
                continue
            if key[1] == "d":
                dated.append(key)
                continue
            meaning = " ".join(fold_text(text)[0].split()) if is_open else book.meaning(text)
            if is_open and DATE_IN_TEXT.search(text):
                meaning = DATE_IN_TEXT.sub("[date]", str(meaning))
                blanked.append(key)
        if meaning is None:
            unknown.append(key)
        else:
            values[key] = meaning
    findings += fold_findings(raw.place, raw.texts(values))
    findings += _unknown_codes(raw, unknown)
    if dated:
        findings.append(_date_for_code(raw, dated))
    findings += _date_in_text(raw, blanked)
    return Typed([values.get(key) for key in raw.keys], findings=findings)


def _unknown_codes(raw: RawColumn, keys: list[Key]) -> list[Finding]:
    if not keys:
        return []
    rows = raw.rows_with(keys)
    known = ", ".join(raw.field.allowed or sorted({str(v) for v in raw.spec.values.values()}))
    return [
        raw.place.finding(
            "error",
            "unknown-code",
            f"{count_of(len(rows), 'cell holds', 'cells hold')} a text that study.toml does not explain"
            f" ({count_of(len(keys), 'different text')}).",
            rows=rows,
            consequence="The values are not known.",
            todo=f"Add each text to values of this column, with what it means ({known}), or to missing.",
        )
    ]


def _date_for_code(raw: RawColumn, keys: list[Key]) -> Finding:
    rows = raw.rows_with(keys)
    return raw.place.finding(
        "error",
        "date-instead-of-value",
        f"{count_of(len(rows), 'cell is a date', 'cells are dates')} where a code should be.",
        rows=rows,
        consequence="The values are not known: a spreadsheet program turns 5/10 into a date.",
        todo="Format the column as text and type these cells again.",
    )


def read_texts(raw: RawColumn) -> Typed:
    """A column of free text, as it stands; only calendar dates inside it are blanked, and listed."""
    bad, findings = raw.error_cells()
    values: dict[Key, Value] = {}
    dated: list[Key] = []
    for key in raw.distinct:
        text = key[0].strip()
        if key in bad:
            continue
        meant = raw.spec.values.get(text)
        if isinstance(meant, str):
            values[key] = meant
        elif not raw.is_missing(text):
            clean = "[date]" if key[1] == "d" else DATE_IN_TEXT.sub("[date]", text)
            if clean != text:
                dated.append(key)
            values[key] = clean
    findings += _date_in_text(raw, dated)
    return Typed([values.get(key) for key in raw.keys], findings=findings)


def _date_in_text(raw: RawColumn, keys: list[Key]) -> list[Finding]:
    """The warning for calendar dates inside texts; they are blanked."""
    if not keys:
        return []
    rows = raw.rows_with(keys)
    return [
        raw.place.finding(
            "warning",
            "date-in-text",
            f"{count_of(len(rows), 'cell of text holds', 'cells of text hold')} a calendar date.",
            rows=rows,
            consequence="The date is left out of the text: no calendar date is carried on.",
            todo="If the day matters, give it a column of its own.",
        )
    ]
