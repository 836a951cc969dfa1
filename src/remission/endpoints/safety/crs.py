"""Cytokine release syndrome: ASTCT 2019 and Lee 2014, two systems with two sets of facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import DataError
from remission.endpoints.safety.reaction import WORST, ReactionGrade, grade_of_level, grade_of_parts

AstctOxygen = Literal["none", "low flow", "high flow", "positive pressure"]
LeeOxygen = Literal["none", "below 40 %", "from 40 %", "ventilator"]
LeePressure = Literal["normal", "fluids", "one low dose", "high dose", "several"]
# low flow is up to 6 L/min; blow-by counts as low flow; face mask, non-rebreather and Venturi mask count as high flow
ASTCT_OXYGEN = {"none": 0, "low flow": 2, "high flow": 3, "positive pressure": 4}
LEE_OXYGEN = {"none": 0, "below 40 %": 2, "from 40 %": 3, "ventilator": 4}
LEE_PRESSURE = {"normal": 0, "fluids": 2, "one low dose": 2, "high dose": 3, "several": 3}


@dataclass(frozen=True)
class AstctCrs:
    """What ASTCT 2019 asks. None is "not recorded".

    Args: fever: 38.0 °C or more, not due to another cause.  fever_masked: antipyretics, tocilizumab or steroids were
    given, after which fever is no longer asked.  hypotension.  vasopressors: how many, vasopressin not counted.
    vasopressin: given.  oxygen: the most that was needed.  is_fatal: death from CRS.  row: of the record.
    """

    fever: bool | None
    hypotension: bool | None = None
    vasopressors: int | None = None
    vasopressin: bool | None = None
    oxygen: AstctOxygen | None = None
    fever_masked: bool = False
    is_fatal: bool = False
    row: int | None = None


@dataclass(frozen=True)
class LeeCrs:
    """What Lee 2014 asks. None is "not recorded".

    Args: symptoms: fever or constitutional symptoms.  pressure: the most that hypotension needed.  oxygen: by the
    fraction needed.  organ_toxicity: worst CTCAE grade of an organ, transaminases left out.  transaminitis: worst CTCAE
    grade of ALT or AST.  is_fatal: death from CRS.  row: of the record.
    """

    symptoms: bool | None
    pressure: LeePressure | None = None
    oxygen: LeeOxygen | None = None
    organ_toxicity: int | None = None
    transaminitis: int | None = None
    is_fatal: bool = False
    row: int | None = None


def grade_crs_astct(record: AstctCrs) -> ReactionGrade:
    """CRS by ASTCT 2019: 0 without fever, then the worse of hypotension and oxygen.

    Raises: DataError (`unknown-level`, `negative-count`).
    Source: Lee et al., Biol Blood Marrow Transplant 2019;25:625-638.  Checked: tests/by_hand/test_crs.py.
    """
    oxygen = grade_of_level(record.oxygen, ASTCT_OXYGEN, part="oxygen")
    pressure = _astct_pressure(record)
    if record.fever is False and not record.fever_masked and not record.is_fatal:
        return ReactionGrade("CRS, ASTCT 2019", 0, 0, 0, row=record.row)
    has_fever = bool(record.fever)
    parts = {"fever": (1, 1) if has_fever else (0, 1), "blood pressure": pressure, "oxygen": oxygen}
    if record.fever_masked and not has_fever:
        # after treatment the grade rests on blood pressure and oxygen; without either there is no CRS any more
        parts["fever"] = (0, 0) if record.fever is False else (0, 1)
    made = grade_of_parts("CRS, ASTCT 2019", parts, is_fatal=record.is_fatal, row=record.row)
    if record.fever is None and not record.fever_masked and not record.is_fatal:
        # without fever it would be no CRS at all, however low the blood pressure
        return ReactionGrade("CRS, ASTCT 2019", None, 0, made.at_most, reason="not recorded: fever", row=record.row)
    return made


def grade_crs_lee(record: LeeCrs) -> ReactionGrade:
    """CRS by Lee 2014: symptoms, then the worst of hypotension, oxygen, organ toxicity and transaminases.

    Raises: DataError (`unknown-level`, `unknown-grade`).
    Source: Lee et al., Blood 2014;124:188-195.  Checked: tests/by_hand/test_crs.py.
    """
    organ, liver = _ctcae(record.organ_toxicity), _ctcae(record.transaminitis)
    parts = {
        "symptoms": (0, 1) if record.symptoms is None else (int(record.symptoms),) * 2,
        "blood pressure": grade_of_level(record.pressure, LEE_PRESSURE, part="pressure"),
        "oxygen": grade_of_level(record.oxygen, LEE_OXYGEN, part="oxygen"),
        # grade 2 toxicity is CRS 2 and so on; a grade 1 organ toxicity is no criterion
        "organ toxicity": (_from_two(organ[0]), _from_two(organ[1])),
        # a grade 4 rise of transaminases is CRS 3, not 4
        "transaminases": (min(_from_two(liver[0]), 3), min(_from_two(liver[1]), 3)),
    }
    return grade_of_parts("CRS, Lee 2014", parts, is_fatal=record.is_fatal, row=record.row)


def _astct_pressure(record: AstctCrs) -> tuple[int, int]:
    """Grade 2 hypotension, 3 one vasopressor with or without vasopressin (or vasopressin alone), 4 several."""
    count = record.vasopressors
    if count is not None and count < 0:
        raise DataError(what="A number of vasopressors is negative.", code="negative-count", expected="0 or more")
    if count:
        return (4, 4) if count > 1 else (3, 3)
    if record.vasopressin:
        return (3, 3) if count == 0 else (3, 4)
    if record.hypotension is False:
        return 0, 0  # nobody is given a vasopressor for a normal blood pressure
    high = 4 if count is None else 3 if record.vasopressin is None else 2
    return (2 if record.hypotension else 0), high


def _ctcae(grade: int | None) -> tuple[int, int]:
    if grade is None:
        return 0, WORST
    if not 0 <= grade <= WORST:
        raise DataError(
            what="A grade of organ toxicity is not a CTCAE grade.",
            code="unknown-grade",
            expected="a whole number 0 to 4",
        )
    return grade, grade


def _from_two(grade: int) -> int:
    return grade if grade > 1 else 0
