"""What no script repeats, by the shape of the id, each with its reason; everything else is repeated.

docs/how-to/verify.md lists the same, and a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

DRAWN = "drawn at random: R's generator would draw other arrangements"
READING = "counts what was read in the sheets, which R does not open"
COPIED = "a recorded value as it stands, nothing is computed"
PROGRAM = "counts the doubts of the program itself"
UNKNOWN = "R gave no number there"
R_SAID = "R could not compute it: "

REASONS: tuple[tuple[str, str], ...] = (
    (r"\.(logrank|landmark)_permutation(@[^.]+)?\.p$", DRAWN),
    (r"^survival\.all\.(read|left_out)\.n$", READING),
    (r"^data\.all\.rows_(read|used)(@.*)?\.n$", READING),
    (r"^findings\.", PROGRAM),
    (r"\.value$", COPIED),
)
"""(pattern of ids, reason), the first that fits."""


def reason_of(row_id: str, method: str = "", stopped: Mapping[str, str] | None = None) -> str:
    """Why a number was not repeated.

    Args: method: that of its row.  stopped: what ids begin with -> R's words where it could not compute them.
    """
    if method in ("fisher-monte-carlo", "logrank-permutation-mc"):
        return DRAWN
    if known := next((reason for pattern, reason in REASONS if re.search(pattern, row_id)), ""):
        return known
    begins = max((b for b in stopped or {} if row_id.startswith(b)), key=len, default="")
    return f"{R_SAID}{stopped[begins]}" if stopped and begins else UNKNOWN
