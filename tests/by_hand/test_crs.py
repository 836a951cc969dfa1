"""CRS by ASTCT 2019 and by Lee 2014: two systems, each at every step."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.crs import AstctCrs, LeeCrs, grade_crs_astct, grade_crs_lee
from remission.endpoints.safety.icans import Icans, grade_icans
from remission.endpoints.safety.reaction import check_one_system

from .aligned import aligned, whole, yes

ASTCT = aligned("""
    fever  hypotension  vasopressors  vasopressin  oxygen             grade  decided by
    no     no           0             no           none               0      .
    no     yes          1             no           high flow          0      .
    yes    no           0             no           none               1      fever
    yes    no           .             .            none               1      fever
    yes    yes          0             no           none               2      blood pressure
    yes    no           0             no           low flow           2      oxygen
    yes    yes          0             yes          none               3      blood pressure
    yes    yes          1             no           low flow           3      blood pressure
    yes    yes          1             yes          none               3      blood pressure
    yes    yes          1             .            high flow          3      blood pressure, oxygen
    yes    no           0             no           high flow          3      oxygen
    yes    yes          2             no           none               4      blood pressure
    yes    yes          2             yes          positive pressure  4      blood pressure, oxygen
    yes    no           0             no           positive pressure  4      oxygen
    yes    .            .             .            positive pressure  4      oxygen
""")
ASTCT_UNKNOWN = aligned("""
    fever  hypotension  vasopressors  vasopressin  oxygen    least  most  missing
    .      yes          1             no           none      0      3     fever
    yes    .            .             .            none      1      4     blood pressure
    yes    yes          .             .            none      2      4     blood pressure
    yes    yes          0             .            none      2      3     blood pressure
    yes    .            0             no           none      1      2     blood pressure
    yes    yes          .             yes          none      3      4     blood pressure
    yes    yes          1             no           .         3      4     oxygen
    yes    .            .             .            .         1      4     blood pressure, oxygen
""")
LEE = aligned("""
    symptoms  pressure      oxygen       organs  liver  grade
    no        normal        none         0       0      0
    no        normal        none         1       1      0
    yes       normal        none         0       0      1
    yes       normal        none         1       1      1
    yes       fluids        none         0       0      2
    yes       one low dose  none         0       0      2
    yes       normal        below 40 %   0       0      2
    yes       normal        none         2       0      2
    yes       normal        none         0       2      2
    yes       high dose     none         0       0      3
    yes       several       none         0       0      3
    yes       normal        from 40 %    0       0      3
    yes       normal        none         3       0      3
    yes       normal        none         0       4      3
    yes       normal        ventilator   0       0      4
    yes       normal        none         4       0      4
    yes       .             ventilator   .       .      4
""")


def astct(row: dict[str, str]) -> AstctCrs:
    return AstctCrs(
        fever=yes(row["fever"]),
        hypotension=yes(row["hypotension"]),
        vasopressors=whole(row["vasopressors"]),
        vasopressin=yes(row["vasopressin"]),
        oxygen=row["oxygen"] or None,  # type: ignore[arg-type]
        row=3,
    )


@pytest.mark.parametrize("row", ASTCT, ids=lambda r: " ".join(r.values()))
def test_astct(row: dict[str, str]) -> None:
    """Fever is asked for; then the worse of blood pressure and oxygen. Vasopressin is not counted."""
    made = grade_crs_astct(astct(row))
    assert (made.grade, ", ".join(made.decided_by), made.row) == (int(row["grade"]), row["decided by"], 3)
    assert made.at_least == made.at_most == made.grade


@pytest.mark.parametrize("row", ASTCT_UNKNOWN, ids=lambda r: " ".join(r.values()))
def test_astct_not_recorded(row: dict[str, str]) -> None:
    """What is not recorded is not "no"."""
    made = grade_crs_astct(astct(row))
    assert (made.grade, made.at_least, made.at_most) == (None, int(row["least"]), int(row["most"]))
    assert made.reason == f"not recorded: {row['missing']}"


@pytest.mark.parametrize("row", LEE, ids=lambda r: " ".join(r.values()))
def test_lee(row: dict[str, str]) -> None:
    """Organ toxicity counts from grade 2; a grade 4 rise of transaminases is CRS 3."""
    made = grade_crs_lee(
        LeeCrs(
            yes(row["symptoms"]),
            row["pressure"] or None,  # type: ignore[arg-type]
            row["oxygen"] or None,  # type: ignore[arg-type]
            whole(row["organs"]),
            whole(row["liver"]),
        )
    )
    assert made.grade == int(row["grade"])


def test_lee_not_recorded() -> None:
    """Transaminases that are not recorded could make a 3, organs a 4."""
    made = grade_crs_lee(LeeCrs(True, "fluids", "none", 0, None))
    assert (made.grade, made.at_least, made.at_most, made.reason) == (None, 2, 3, "not recorded: transaminases")
    assert grade_crs_lee(LeeCrs(True, "fluids", "none", None, 0)).at_most == 4
    assert grade_crs_lee(LeeCrs(None, "normal", "none", 0, 0)).reason == "not recorded: symptoms"


def test_the_same_patient_differs_between_the_systems() -> None:
    """One vasopressor at a low dose is grade 3 by ASTCT and grade 2 by Lee: they are never put together."""
    by_astct = grade_crs_astct(AstctCrs(True, True, 1, False, "none"))
    by_lee = grade_crs_lee(LeeCrs(True, "one low dose", "none", 0, 0))
    assert (by_astct.grade, by_lee.grade) == (3, 2)
    with pytest.raises(DataError) as error:
        check_one_system([by_astct, by_lee])
    assert error.value.code == "mixed-grading-systems"
    assert check_one_system([by_lee, by_lee]) == "CRS, Lee 2014"
    assert check_one_system([]) == ""
    icans = [grade_icans(Icans(30, uses_capd=c)) for c in (True, False)]
    assert check_one_system(icans) == "ICANS, ASTCT 2019"


def test_fever_that_was_treated_is_no_longer_asked() -> None:
    """After tocilizumab, blood pressure and oxygen decide alone."""
    assert grade_crs_astct(AstctCrs(False, True, 0, False, "none", fever_masked=True)).grade == 2
    assert grade_crs_astct(AstctCrs(False, False, 0, False, "none", fever_masked=True)).grade == 0
    assert grade_crs_astct(AstctCrs(None, False, 0, False, "none", fever_masked=True)).at_most == 1
    assert grade_crs_astct(AstctCrs(True, False, 0, False, "none", fever_masked=True)).grade == 1


def test_death_from_crs_is_grade_five() -> None:
    """Whatever else is recorded."""
    assert grade_crs_astct(AstctCrs(None, is_fatal=True)).grade == 5
    assert grade_crs_lee(LeeCrs(None, is_fatal=True)).grade == 5


def test_wrong_input() -> None:
    """An unknown level of oxygen, a negative count, a grade that is none."""
    with pytest.raises(DataError) as level:
        grade_crs_astct(AstctCrs(True, oxygen="nasal"))  # type: ignore[arg-type]
    assert level.value.code == "unknown-level"
    assert "nasal" not in str(level.value)
    with pytest.raises(DataError) as count:
        grade_crs_astct(AstctCrs(True, True, -1))
    assert count.value.code == "negative-count"
    with pytest.raises(DataError) as grade:
        grade_crs_lee(LeeCrs(True, organ_toxicity=5))
    assert grade.value.code == "unknown-grade"
