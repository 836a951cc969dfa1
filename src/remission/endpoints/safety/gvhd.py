"""Graft-versus-host disease: how its grades are written, and the acute grade from the stages of the organs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.cohort.fold import fold_text
from remission.core.errors import DataError

Chronic = Literal["none", "mild", "moderate", "severe"]
ORGANS = ("skin", "liver", "gut")
# the 1994 consensus: least stage of each organ for each grade; one organ is enough
CONSENSUS_1994 = {4: (4, 4, None), 3: (None, 2, 2), 2: (3, 1, 1), 1: (1, None, None)}
WORST_STAGE = 4
_ACUTE = {
    "0": 0, "no": 0, "none": 0, "无": 0, "否": 0, "i": 1, "1": 1, "ⅰ": 1, "ii": 2, "2": 2, "ⅱ": 2, "iii": 3, "3": 3,
    "ⅲ": 3, "iv": 4, "4": 4, "ⅳ": 4,
}  # fmt: skip
_CHRONIC: dict[str, Chronic] = {
    "none": "none", "no": "none", "0": "none", "无": "none", "否": "none", "mild": "mild", "轻度": "mild",
    "moderate": "moderate", "中度": "moderate", "severe": "severe", "重度": "severe",
}  # fmt: skip


@dataclass(frozen=True)
class AcuteGvhd:
    """Acute GVHD of one patient. grade: 0 to 4, None where it cannot be told (`reason`); organs: those that decide."""

    grade: int | None
    organs: tuple[str, ...] = ()
    reason: str = ""
    row: int | None = None


def parse_acute_grade(text: str) -> int | None:
    """ "II", "grade 2", "Ⅱ度" as 2; None where it is no grade ("II-IV" is a range, not a grade)."""
    plain = fold_text(text.strip())[0].casefold()
    for word in ("acute", "agvhd", "gvhd", "grade", "grad", "度", "级"):
        plain = plain.replace(word, "")
    return _ACUTE.get(plain.strip(" .:"))


def parse_chronic_grade(text: str) -> Chronic | None:
    """ "Mild", "重度" as the NIH grade; None where it is none of them. "limited" and "extensive" are another system."""
    return _CHRONIC.get(fold_text(text.strip())[0].casefold())


def grade_acute_gvhd(*, skin: int | None, liver: int | None, gut: int | None, row: int | None = None) -> AcuteGvhd:
    """The acute grade by the 1994 consensus from the stages of skin, liver and gut, each 0 to 4.

    Returns: the worst grade an organ makes; not gradable where an organ that is not recorded could make it worse.
    Raises: DataError `stage-out-of-range`.
    Source: Przepiorka et al., Bone Marrow Transplant 1995;15:825-828.  Checked: tests/by_hand/test_gvhd.py.
    """
    stages = {"skin": skin, "liver": liver, "gut": gut}
    if any(s is not None and not 0 <= s <= WORST_STAGE for s in stages.values()):
        raise DataError(
            what="A stage of GVHD is outside 0 to 4.", code="stage-out-of-range", expected="0 to 4, or nothing"
        )
    recorded = {organ: stage for organ, stage in stages.items() if stage is not None}
    made = {organ: _organ_grade(organ, stage) for organ, stage in recorded.items()}
    grade = max(made.values(), default=0)
    missing = [o for o in ORGANS if o not in recorded and _organ_grade(o, WORST_STAGE) > grade]
    if missing:
        return AcuteGvhd(None, reason=f"not recorded: {', '.join(missing)}", row=row)
    return AcuteGvhd(grade, tuple(o for o, g in made.items() if g == grade and grade > 0), row=row)


def _organ_grade(organ: str, stage: int) -> int:
    """The grade one organ makes by itself."""
    leasts = {grade: least[ORGANS.index(organ)] for grade, least in CONSENSUS_1994.items()}
    return max((grade for grade, least in leasts.items() if least is not None and stage >= least), default=0)
