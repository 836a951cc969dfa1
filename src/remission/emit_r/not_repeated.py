"""What no script repeats, by the shape of the id, each with its reason; everything else is repeated.

docs/how-to/verify.md lists the same, and a test holds the two against each other.
"""

from __future__ import annotations

import re

DRAWN = "drawn at random: R's generator would draw other arrangements"
READING = "counts what was read in the sheets, which R does not open"
COPIED = "a recorded value as it stands, nothing is computed"
PROGRAM = "counts the doubts of the program itself"
UNKNOWN = "R gave no number there"

REASONS: tuple[tuple[str, str], ...] = (
    (r"\.logrank_permutation\.p$", DRAWN),
    (r"^survival\.all\.(read|left_out)\.n$", READING),
    (r"^data\.all\.rows_(read|used)(@.*)?\.n$", READING),
    (r"^findings\.", PROGRAM),
    (r"\.value$", COPIED),
)
"""(pattern of ids, reason), the first that fits."""


def reason_of(row_id: str, method: str = "") -> str:
    """Why a number was not repeated. method: that of its row."""
    if method in ("fisher-monte-carlo", "logrank-permutation-mc"):
        return DRAWN
    return next((reason for pattern, reason in REASONS if re.search(pattern, row_id)), UNKNOWN)
