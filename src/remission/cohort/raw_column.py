"""One mapped column as it stands in the sheet, ready to be understood; and what it becomes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from remission.cohort.fold import Fold, code_key, fold_text
from remission.cohort.places import Place
from remission.cohort.schema import FieldSpec, Schema
from remission.cohort.source_spec import ColumnSpec
from remission.core.findings import Finding

# A cell as text and one-letter type (see ledger.EXCEL_TYPES): each distinct one is understood once
Key = tuple[str, str]
Value = str | int | float | tuple[str, ...] | None

ERROR_TEXTS = frozenset(
    [
        "#N/A",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#NV",
        "#WERT!",
        "#BEZUG!",
    ]
)


@dataclass(frozen=True)
class RawColumn:
    """The cells of one column in the rows that hold patients."""

    place: Place
    spec: ColumnSpec
    field: FieldSpec
    rows: list[int]
    keys: list[Key]
    schema: Schema
    epoch_1904: bool = False

    @cached_property
    def distinct(self) -> list[Key]:
        """Each different cell once, in order of appearance."""
        return list(dict.fromkeys(self.keys))

    @cached_property
    def missing_keys(self) -> frozenset[str]:
        """What "not recorded" is written as in this column, folded."""
        return frozenset(code_key(text) for text in (*self.schema.missing, *self.spec.missing))

    def is_missing(self, text: str) -> bool:
        """Whether a text means "not recorded" (an entry of `values` comes first; that is the caller's business)."""
        return not text or code_key(text) in self.missing_keys

    def texts(self, keys: Collection[Key]) -> Iterator[tuple[int, str]]:
        """Row and text of the cells that are one of `keys`."""
        wanted = keys if isinstance(keys, set | dict) else set(keys)
        return ((row, key[0]) for row, key in zip(self.rows, self.keys, strict=True) if key in wanted)

    def rows_with(self, keys: Collection[Key]) -> list[int]:
        """Sheet rows that hold one of these cells."""
        wanted = set(keys)
        return [row for row, key in zip(self.rows, self.keys, strict=True) if key in wanted] if wanted else []

    def error_cells(self) -> tuple[set[Key], list[Finding]]:
        """Cells that hold an error of the spreadsheet program instead of a value."""
        bad = {key for key in self.distinct if key[1] == "e" or key[0].strip() in ERROR_TEXTS or _is_hashes(key[0])}
        if not bad:
            return bad, []
        finding = self.place.finding(
            "error",
            "cell-error",
            "Cells hold an error of the spreadsheet program (such as #N/A or ####) instead of a value.",
            rows=self.rows_with(bad),
            consequence="Their values are not known.",
            todo="Correct the formula or widen the column before exporting; leave it empty if it is not recorded.",
        )
        return bad, [finding]


def _is_hashes(text: str) -> bool:
    return len(text) > 2 and not text.strip("#")


@dataclass(frozen=True)
class Typed:
    """A column that was understood: values by row, comparators, and whether they are calendar days (ordinals)."""

    values: list[Value]
    signs: list[str] | None = None
    is_date: bool = False
    findings: list[Finding] = field(default_factory=list)


def fold_findings(place: Place, texts: Iterable[tuple[int, str]], *, only_letters: bool = False) -> Iterator[Finding]:
    """One finding for each look-alike character of a column, with all its rows.

    Args: only_letters: leave out hyphens and spaces, which in a number are a minus and a gap.
    """
    rows: dict[Fold, list[int]] = {}
    for row, text in texts:
        if not text.isascii():
            for fold in fold_text(text)[1]:
                rows.setdefault(fold, []).append(row)
    for fold, where in rows.items():
        is_letter = fold.kind == "letter"
        if only_letters and not is_letter:
            continue
        yield place.finding(
            "warning" if is_letter else "note",
            "look-alike",
            fold.what,
            rows=where,
            consequence="Spellings that look the same count as the same.",
            todo="Nothing, if that is right; better, type these cells again." if is_letter else "Nothing.",
        )
