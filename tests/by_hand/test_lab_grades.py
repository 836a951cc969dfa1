"""CTCAE grades at every bound: on it, and just beyond it."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.ctcae import find_test, load_criteria, parse_bound, terms_of
from remission.endpoints.safety.lab_grades import LabGrade, grade_lab_value, worst_lab_grades
from remission.endpoints.safety.lab_values import LabValue

from .aligned import aligned, number, yes
from .ctcae_bounds import BOUNDS


def lab(test: str, value: float | None, unit: str = "", known: str = "", sign: str = "") -> LabValue:
    facts = dict(part.split("=") for part in known.split(",") if part)
    return LabValue(
        test,
        value,
        unit,
        sign,  # type: ignore[arg-type]
        lln=number(facts.get("LLN", "")),
        uln=number(facts.get("ULN", "")),
        baseline=number(facts.get("b", "")),
        symptomatic=yes(facts.get("s", "")),
        anticoagulated=yes(facts.get("a", "")),
        row=17,
    )


@pytest.mark.parametrize(
    "row", BOUNDS, ids=lambda r: " ".join(r[n] for n in ("test", "side", "version", "unit", "known"))
)
def test_grades_on_and_beyond_each_bound(row: dict[str, str]) -> None:
    """A value on a bound has the milder grade, or the worse where it is printed so; one just beyond has the next."""
    sides = [term.direction for term in terms_of(row["test"], row["version"])]
    for case in row["grades"].split():
        value, _, expected = case.partition(":")
        grades = grade_lab_value(lab(row["test"], float(value), row["unit"], row["known"]), version=row["version"])
        grade = grades[sides.index(row["side"])]  # type: ignore[arg-type]
        assert ("?" if grade.grade is None else str(grade.grade)) == expected, case
        assert grade.row == 17


@pytest.mark.parametrize(
    "row",
    aligned("""
    test         value  sign  unit    known         least  most  reason
    neutrophils  .      .     10^9/L  LLN=1.8       0      4     no value recorded
    neutrophils  0.4    .     .       LLN=1.8       0      4     no unit recorded
    neutrophils  0.4    .     mg/dL   LLN=1.8       0      4     the unit is not one of this test
    neutrophils  1.7    .     10^9/L  .             0      1     not recorded: lower limit of normal
    alt          130    .     U/L     ULN=40        0      4     not recorded: baseline
    alt          130    .     U/L     b=40          0      4     not recorded: upper limit of normal
    creatinine   110    .     umol/L  ULN=100       1      3     not recorded: baseline
    creatinine   700    .     umol/L  b=50          3      4     not recorded: upper limit of normal
    amylase      600    .     U/L     ULN=100       3      4     not recorded: symptoms (yes or no)
    inr          1.4    .     .       b=1           1      1     .
    inr          2      .     .       b=1.5         1      2     not recorded: anticoagulation (yes or no)
    fibrinogen   1.9    .     g/L     LLN=2         1      4     not recorded: baseline
    potassium    3.2    .     mmol/L  LLN=3.5       1      2     not recorded: symptoms (yes or no)
    """),
    ids=lambda r: f"{r['test']} {r['value']} {r['known']}",
)
def test_what_is_not_recorded_is_said_and_bounded(row: dict[str, str]) -> None:
    """No grade is guessed; what holds whatever is missing is said."""
    value = lab(row["test"], number(row["value"]), row["unit"], row["known"], row["sign"])
    grade = grade_lab_value(value)[0]
    assert (grade.at_least, grade.at_most) == (int(row["least"]), int(row["most"]))
    assert (grade.grade is None) == (row["least"] != row["most"])
    assert grade.reason == row["reason"]


@pytest.mark.parametrize(
    "row",
    aligned("""
    test         value  sign  unit    grade
    neutrophils  0.5    <     10^9/L  4
    neutrophils  0.1    <     10^9/L  4
    platelets    10     <     10^9/L  4
    platelets    150    >     10^9/L  0
    """),
    ids=lambda r: f"{r['test']} {r['sign']}{r['value']}",
)
def test_limits_of_detection_that_decide(row: dict[str, str]) -> None:
    """Below 0.5 is grade 4 whatever the value was."""
    value = lab(
        row["test"], number(row["value"]), row["unit"], "LLN=150" if row["test"] == "platelets" else "", row["sign"]
    )
    assert str(grade_lab_value(value)[0].grade) == row["grade"]


def test_a_limit_of_detection_between_two_grades() -> None:
    """Below 0.6 is grade 3 or 4, and more is not said."""
    (grade,) = grade_lab_value(lab("neutrophils", 0.6, "10^9/L", "LLN=1.8", "<"))
    assert (grade.grade, grade.at_least, grade.at_most) == (None, 3, 4)
    assert grade.reason == "known only as a limit of detection, on which side of a bound it lies cannot be told"


def test_a_missing_baseline_may_be_taken_as_normal_and_says_so() -> None:
    """Only on request, and the grade keeps the note."""
    (grade,) = grade_lab_value(lab("alt", 121, "U/L", "ULN=40"), missing_baseline="normal")
    assert (grade.grade, grade.note) == (2, "baseline not recorded, taken as normal")
    (known,) = grade_lab_value(lab("alt", 121, "U/L", "ULN=40,b=60"), missing_baseline="normal")
    assert (known.grade, known.note) == (1, "")
    (creatinine,) = grade_lab_value(lab("creatinine", 140, "umol/L", "ULN=100"), missing_baseline="normal")
    assert creatinine.grade == 1
    (neutrophils,) = grade_lab_value(lab("neutrophils", 0.2, "10^9/L"), missing_baseline="normal")
    assert (neutrophils.grade, neutrophils.note) == (4, "")


def test_version_five_is_the_default_and_versions_differ() -> None:
    """The same neutrophils are grade 3 in v5.0 and grade 2 in v6.0."""
    value = lab("neutrophils", 0.9, "10^9/L", "LLN=1.8")
    assert [grade_lab_value(value)[0].version, grade_lab_value(value)[0].grade] == ["v5", 3]
    assert grade_lab_value(value, version="v6")[0].grade == 2


@pytest.mark.parametrize(
    ("test", "version"),
    [("phosphate", "v5"), ("phosphate", "v6"), ("cpk", "v6"), ("amylase", "v6")],
)
def test_what_a_version_does_not_grade_by_value_is_left_out_and_said(test: str, version: str) -> None:
    """No bounds, no grade; the version says which tests those are."""
    assert grade_lab_value(lab(test, 9, "mmol/L"), version=version) == ()
    assert any(test in note.lower() for note in load_criteria().versions[version].not_graded)


def test_worst_of_a_patient() -> None:
    """The worst value counts; one that could be worse takes the grade away but not what is known."""
    values = [lab("neutrophils", v, "10^9/L", "LLN=1.8") for v in (1.2, 0.7, 1.9)]
    grades = [grade_lab_value(v)[0] for v in values]
    worst = worst_lab_grades(grades)
    assert worst is not None
    assert (worst.grade, worst.at_least, worst.at_most) == (3, 3, 3)
    unknown = grade_lab_value(lab("neutrophils", None, "10^9/L"))[0]
    doubted = worst_lab_grades([*grades, unknown])
    assert doubted is not None
    assert (doubted.grade, doubted.at_least, doubted.at_most, doubted.reason) == (None, 3, 4, "no value recorded")
    mild = grade_lab_value(lab("neutrophils", 1.7, "10^9/L"))[0]
    settled = worst_lab_grades([*grades, mild])
    assert settled is not None
    assert settled.grade == 3
    either = grade_lab_value(lab("neutrophils", 0.6, "10^9/L", "", "<"))[0]
    surely = grade_lab_value(lab("neutrophils", 0.7, "10^9/L"))[0]
    both = worst_lab_grades([surely, either])
    assert both is not None
    assert (both.grade, both.at_least, both.at_most) == (None, 3, 4)
    assert worst_lab_grades([]) is None


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("ANC", "neutrophils"),
        ("中性粒细胞", "neutrophils"),
        ("T-BIL", "bilirubin"),
        ("iCa", "calcium_ionised"),
        ("Ca", None),
        ("x", None),
    ],
)
def test_hospitals_names_of_tests(name: str, test: str | None) -> None:
    """Plain calcium is no test: whether it was corrected for albumin must be said."""
    assert find_test(name) == test


def test_wrong_input_is_an_error_without_the_value() -> None:
    """A negative value, an unknown version, an unknown sign, an unreadable bound."""
    with pytest.raises(DataError) as negative:
        LabValue("alt", -77.7)
    assert negative.value.code == "negative-lab-value"
    assert "77" not in str(negative.value)
    with pytest.raises(DataError) as version:
        grade_lab_value(lab("alt", 1), version="v7")
    assert version.value.code == "unknown-ctcae-version"
    with pytest.raises(DataError) as sign:
        LabValue("alt", 1, sign="~")  # type: ignore[arg-type]
    assert sign.value.code == "unknown-sign"
    with pytest.raises(DataError) as bound:
        parse_bound("5 UNL")
    assert bound.value.code == "unreadable-bound"


def test_every_rule_of_the_table_can_be_read() -> None:
    """Four bounds a rule, all readable, each with a test that hospitals can name, one set of rules a version."""
    criteria = load_criteria()
    for term in criteria.terms:
        assert term.test in criteria.tests
        assert set(term.versions) <= set(criteria.versions)
        for rule in term.rules:
            assert len(rule.bounds) == 4
            assert any(parse_bound(b) for b in rule.bounds)
    for version in criteria.versions:
        for test in criteria.tests:
            found = [t.direction for t in terms_of(test, version)]
            assert len(found) == len(set(found)), (test, version)
    graded = {(r["test"], r["side"], r["version"]) for r in BOUNDS}
    for term in criteria.terms:
        assert graded & {(term.test, term.direction, version) for version in term.versions}, f"no case: {term.term}"


def test_results_are_frozen() -> None:
    """A grade cannot be changed after it was given."""
    grade = LabGrade("t", "x", "v5", 1, 1, 1)
    with pytest.raises(AttributeError):
        grade.grade = 2  # type: ignore[misc]
