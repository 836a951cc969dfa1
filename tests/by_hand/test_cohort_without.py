"""Leaving patients out of a cohort keeps every other value at its cell."""

from remission.cohort.table import Address, Cohort, SourceInfo, Table, without

MOVED = Address("b.csv", "", 9, "Sex", "Sex")
TABLE = Table(
    name="patients",
    columns={"patient": ["A", "B", "C"], "sex": ["male", None, "female"]},
    source=[0, 0, 0],
    row=[2, 3, 4],
    record=["", "", ""],
    cells={(0, "", "sex"): ("Sex", "Sex"), (0, "", "patient"): ("Id", "Id")},
    moved={(2, "sex"): MOVED},
)
COHORT = Cohort(
    tables={"patients": TABLE},
    sources=(SourceInfo("s", "a.csv", "", 3, 3, "x"),),
    recorded=frozenset({("patients", "sex")}),
)


def test_the_others_keep_their_cells() -> None:
    """The row of C is still row 4, its merged value still stands in the other file."""
    left = without(COHORT, ["B"])
    assert left.patients == ["A", "C"]
    assert left.tables["patients"].columns["sex"] == ["male", "female"]
    assert str(left.address("patients", 1, "patient")) == "a.csv, row 4, column Id"
    assert left.address("patients", 1, "sex") == MOVED


def test_nobody_left_out_is_the_same_cohort() -> None:
    """No copy is made where nothing changes."""
    assert without(COHORT, []) is COHORT
