"""One column of an unknown sheet: its cells in the rows that look like patients, and what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from remission.cohort.dates import read_date_text
from remission.cohort.fold import code_key, fold_text
from remission.cohort.layout import Layout
from remission.cohort.ledger import Ledger, column_letter
from remission.cohort.numbers import read_number_text
from remission.cohort.places import Place
from remission.cohort.raw_column import Key
from remission.cohort.schema import load_schema

_LONGEST_CODE = 48
_LONGEST_SINGLE = 16  # longer texts that all differ are remarks
_MOST_CODES = 25
_MOST = 0.8  # of the filled cells: what makes a column one of numbers or of dates


@dataclass(frozen=True)
class Column:
    """A column to place. `texts` are its filled cells, look-alikes folded, missing marks left out."""

    header: str
    letter: str
    place: Place
    rows: list[int]
    keys: list[Key]

    @cached_property
    def texts(self) -> list[str]:
        missing = {code_key(m) for m in load_schema().missing}
        folded = (" ".join(fold_text(text)[0].split()) for text, _ in self.keys)
        return [text for text in folded if text and code_key(text) not in missing]

    @cached_property
    def codes(self) -> Counter[str]:
        """Each different text with its count, missing marks such as "-" included, in order of appearance."""
        return Counter(t for text, _ in self.keys if (t := " ".join(fold_text(text)[0].split())))

    @property
    def is_empty(self) -> bool:
        return not self.texts

    @cached_property
    def is_numeric(self) -> bool:
        return self._share(lambda text: read_number_text(text, bare_power=True) is not None) >= _MOST

    @cached_property
    def is_dated(self) -> bool:
        real = sum(kind == "d" for _, kind in self.keys)
        written = sum(
            kind != "d" and (date := read_date_text(text)) is not None and date.trouble != "partial"
            for text, kind in self.keys
        )
        return bool(self.texts) and (real + written) / len(self.texts) >= _MOST

    @cached_property
    def is_coded(self) -> bool:
        """Few different short texts: codes, not free text and not identifiers."""
        different = set(self.texts)
        few = len(different) <= min(_MOST_CODES, max(4, len(self.texts) // 2))
        longest = max(map(len, different), default=0)
        is_repeated = len(different) < len(self.texts) or longest <= _LONGEST_SINGLE
        return bool(different) and few and longest <= _LONGEST_CODE and is_repeated

    @property
    def is_unique(self) -> bool:
        return len(set(self.texts)) == len(self.texts)

    @property
    def content(self) -> str:
        """What the cells look like, in one word for a comment."""
        if self.is_empty:
            return "empty"
        if self.is_dated:
            return "dates"
        if self.is_numeric:
            return "numbers"
        return "codes" if self.is_coded else "free text"

    def _share(self, test: Callable[[str], bool]) -> float:
        return sum(test(t) for t in self.texts) / len(self.texts) if self.texts else 0.0


def columns_of(ledger: Ledger, layout: Layout) -> list[Column]:
    """Every column of a sheet, in order, over the rows that look like patients."""
    rows = list(layout.data_rows)
    found = []
    for col, header in enumerate(layout.headers, 1):
        texts, kinds = ledger.grid.columns[col - 1], ledger.grid.types[col - 1]
        keys = [(texts[row - 1], kinds[row - 1]) for row in rows]
        letter = column_letter(col)
        shown = letter if ledger.is_workbook else header
        found.append(Column(header, letter, Place(ledger.file, ledger.sheet, shown, header), rows, keys))
    return found
