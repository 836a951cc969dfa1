"""One column of an unknown sheet: its cells in the rows that look like patients, and what they have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

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
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年")
_LONG_NUMBER = re.compile(r"\d[\d /()-]{4,}\d")  # telephone and hospital numbers
_SHARE = re.compile(r"\d{1,2}/\d{1,2}")  # 9/10: a match of tissue types
_SENTENCE = re.compile(r"[a-zà-ÿ]{3,}[.!?](?:\s|$)|[。！？]")
_MOST = 0.8  # of the filled cells: what makes a column one of numbers or of dates


@dataclass(frozen=True)
class Column:
    """A column to place. `texts` are its filled cells, look-alikes folded, missing marks left out.

    Args: unit_row: what a row of units below the header says of it.
    """

    header: str
    letter: str
    place: Place
    rows: list[int]
    keys: list[Key]
    unit_row: str = ""

    @cached_property
    def texts(self) -> list[str]:
        folded = (" ".join(fold_text(text)[0].split()) for text, _ in self.keys)
        return [text for text in folded if is_filled(text)]

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
    def tells(self) -> bool:
        """Whether some cell tells something no code tells: a date, a telephone number, a sentence with numbers."""
        return not self.is_dated and not self.is_numeric and any(is_story(text) for text in set(self.texts))

    @cached_property
    def is_coded(self) -> bool:
        """Few different short texts: codes, not free text and not identifiers."""
        if self.tells:
            return False
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


def is_story(text: str) -> bool:
    """Whether a text is more than a code, so that it may say who a patient is and must not be copied."""
    words = text.split()
    if len(words) > 1 and (_DATE.search(text) or _LONG_NUMBER.search(text)):
        return True
    has_number = any(any(c.isdigit() for c in word) and not _SHARE.fullmatch(word.strip("(),;")) for word in words)
    return (len(words) > 3 and has_number) or len(words) > 6 or (len(words) > 2 and bool(_SENTENCE.search(text)))


def is_filled(text: str) -> bool:
    """Whether a cell holds something other than a mark for "not recorded"."""
    return bool(text.strip()) and code_key(text) not in _missing()


@cache
def _missing() -> frozenset[str]:
    return frozenset(code_key(m) for m in load_schema().missing)


def columns_of(ledger: Ledger, layout: Layout) -> list[Column]:
    """Every column of a sheet, in order, over the rows that look like patients."""
    rows = list(layout.data_rows)
    found = []
    for col, header in enumerate(layout.headers, 1):
        texts, kinds = ledger.grid.columns[col - 1], ledger.grid.types[col - 1]
        keys = [(texts[row - 1], kinds[row - 1]) for row in rows]
        letter = column_letter(col)
        shown = letter if ledger.is_workbook else header
        unit = next((texts[row - 1].strip() for row, kind in layout.skip_rows.items() if kind == "units"), "")
        found.append(Column(header, letter, Place(ledger.file, ledger.sheet, shown, header), rows, keys, unit))
    return found
