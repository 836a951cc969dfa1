"""Immune effector cell-associated neurotoxicity syndrome (ICANS) by ASTCT 2019: ICE score, or CAPD below 12 years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import DataError
from remission.endpoints.safety.reaction import ReactionGrade, grade_of_level, grade_of_parts

Consciousness = Literal["awake", "awakens spontaneously", "to voice", "to touch", "unarousable"]
Seizure = Literal["none", "resolves", "prolonged"]
Oedema = Literal["none", "focal", "diffuse"]
CONSCIOUSNESS = {"awake": 0, "awakens spontaneously": 1, "to voice": 2, "to touch": 3, "unarousable": 4}
SEIZURE = {"none": 0, "resolves": 3, "prolonged": 4}
OEDEMA = {"none": 0, "focal": 3, "diffuse": 4}
ICE_FROM_YEARS = 12


@dataclass(frozen=True)
class Icans:
    """What ASTCT 2019 asks of the nervous system. None is "not recorded"; only what no other cause explains counts.

    Args: age_years.  ice: 0 to 10.  capd: Cornell score 0 to 32, for children below 12 and for those whose development
    is delayed (`uses_capd`).  cannot_answer: ICE or CAPD cannot be done at all.  consciousness: "awake" is not
    depressed; "to touch": only to a tactile stimulus; "unarousable": also stupor, coma, vigorous stimuli.  seizure:
    `resolves` also non-convulsive on EEG that resolves; `prolonged` also more than 5 minutes or repeated without
    return.  motor_weakness: deep and focal.  oedema: `diffuse` also posturing, sixth nerve palsy, papilloedema,
    Cushing's triad.  is_fatal: death from ICANS.  row: of the record.
    """

    age_years: float | None
    ice: int | None = None
    capd: int | None = None
    cannot_answer: bool = False
    uses_capd: bool = False
    consciousness: Consciousness | None = None
    seizure: Seizure | None = None
    motor_weakness: bool | None = None
    oedema: Oedema | None = None
    is_fatal: bool = False
    row: int | None = None


def grade_icans(record: Icans) -> ReactionGrade:
    """ICANS by ASTCT 2019: the worst of score, consciousness, seizure, motor findings and oedema.

    Conventions: exactly 12 years is the ICE score. An ICE score of 0 is grade 3 in a patient who is awake (global
    aphasia) and grade 4 in one who cannot be roused. Not graded where the age is not recorded and no score by CAPD
    was asked for.
    Raises: DataError (`score-out-of-range`, `unknown-level`).
    Source: Lee et al., Biol Blood Marrow Transplant 2019;25:625-638.  Checked: tests/by_hand/test_icans.py.
    """
    _check_score("ICE", record.ice, 10)
    _check_score("CAPD", record.capd, 32)
    if record.age_years is None and not record.uses_capd and not record.is_fatal:
        return ReactionGrade("ICANS, ASTCT 2019", None, 0, 4, reason="not recorded: age", row=record.row)
    is_child = record.uses_capd or (record.age_years is not None and record.age_years < ICE_FROM_YEARS)
    motor = (0, 4) if record.motor_weakness is None else (4 * record.motor_weakness,) * 2
    parts: dict[str, tuple[int, int]] = {
        "CAPD" if is_child else "ICE score": _score(record, is_child=is_child),
        "consciousness": grade_of_level(record.consciousness, CONSCIOUSNESS, part="consciousness"),
        "seizure": grade_of_level(record.seizure, SEIZURE, part="seizure"),
        "motor weakness": (motor[0], motor[1]),
        "oedema": grade_of_level(record.oedema, OEDEMA, part="oedema"),
    }
    return grade_of_parts(
        "ICANS, ASTCT 2019 (CAPD)" if is_child else "ICANS, ASTCT 2019", parts, is_fatal=record.is_fatal, row=record.row
    )


def _score(record: Icans, *, is_child: bool) -> tuple[int, int]:
    """ICE 10 is grade 0, 7-9 is 1, 3-6 is 2, 0-2 is 3; CAPD 0 is 0, 1-8 is 1, from 9 is 3."""
    if record.cannot_answer:
        # a child who cannot do CAPD is grade 4; in an adult only consciousness makes a 4 of an ICE score of 0
        return (4, 4) if is_child else (3, 3)
    score = record.capd if is_child else record.ice
    if score is None:
        return 0, 4 if is_child else 3
    if is_child:
        grade = 3 if score >= 9 else 1 if score >= 1 else 0
    else:
        grade = 0 if score == 10 else 1 if score >= 7 else 2 if score >= 3 else 3
    return grade, grade


def _check_score(name: str, score: int | None, most: int) -> None:
    if score is not None and not 0 <= score <= most:
        raise DataError(
            what=f"A score of {name} is outside its scale.",
            code="score-out-of-range",
            expected=f"a whole number 0 to {most}",
            todo="Correct the score, or leave the cell empty.",
        )
