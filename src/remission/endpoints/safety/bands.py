"""Bands of grades as a paper prints them: any, 1-2, >=3, 3-4, 0."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remission.core.errors import DataError

_BAND = re.compile(r"(?:(?P<least>>=|≥)\s*(?P<from>[0-5]))|(?P<low>[0-5])(?:\s*[-–]\s*(?P<high>[0-5]))?")


@dataclass(frozen=True)
class GradeBand:
    """Grades `low` to `high`. takes_ungraded: an event without a grade belongs to it (any grade, and no other)."""

    label: str
    low: int
    high: int
    takes_ungraded: bool = False

    def holds(self, grade: int | None) -> bool | None:
        """Does a grade belong to the band? None where it is not recorded and the band asks for it."""
        if grade is None:
            return True if self.takes_ungraded else (False if self.high == 0 else None)
        return self.low <= grade <= self.high


def parse_band(text: str) -> GradeBand:
    """ "any" (1-5), "0", "3", "1-2", "3-4", ">=3" (3-5). Raises: DataError `unknown-grade-band`."""
    plain = text.strip().lower()
    if plain == "any":
        return GradeBand("any", 1, 5, takes_ungraded=True)
    found = _BAND.fullmatch(plain)
    low = int(found["from"] or found["low"]) if found else 1
    high = (5 if found["least"] else int(found["high"] or low)) if found else 0
    if high < low:
        raise DataError(
            what="A band of grades cannot be read.",
            code="unknown-grade-band",
            expected='"any", one grade, two grades such as "1-2", or ">=3"',
        )
    return GradeBand(text.strip(), low, high)
