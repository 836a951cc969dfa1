"""Response by the criteria of the published cohorts, at every threshold; the order of assessments; the fall of MRD."""

from __future__ import annotations

import contextlib
import math

import pytest

from remission.cohort.table import Cohort
from remission.endpoints.database import open_database
from remission.endpoints.groups import Grouped, evaluate_groups
from remission.endpoints.mrd_kinetics import with_log_reduction
from remission.endpoints.spec import GroupSpec

from .cohort_factory import make_cohort

AT_THE_THRESHOLDS = make_cohort(
    marrow="""
        patient  blasts_percent  hb_g_l  anc_10e9_l  platelets_10e9_l
        a        5               90      1.5         100
        b        5               89.9    1.5         100
        c        5               90      1.49        100
        d        5.1             90      1.5         100
        e        4.9             90      1.0         100
        f        4.9             90      0.99        100
        g        4.9             90      1.0         99.9
        h        4.9             .       .           100
        i        .               90      1.5         100
    """
)


def evaluate(cohort: Cohort, **specs: GroupSpec) -> dict[str, Grouped]:
    with contextlib.closing(open_database(cohort)) as connection:
        return evaluate_groups(connection, cohort, specs)


def test_xie2023() -> None:
    """Exactly 5 % is a remission there; haemoglobin counts; without counts nothing is said of a cleared marrow."""
    made = evaluate(AT_THE_THRESHOLDS, r=GroupSpec("r", preset="xie2023"))["r"].of
    cleared = "blasts cleared, counts not recovered"
    assert made == {
        "a": "CR", "b": cleared, "c": cleared, "d": "no response", "e": cleared, "f": cleared, "g": cleared, "h": None,
        "i": None,
    }  # fmt: skip


def test_yin2024() -> None:
    """Exactly 5 % is no remission there; CRi is CR but for a count."""
    made = evaluate(AT_THE_THRESHOLDS, r=GroupSpec("r", preset="yin2024"))["r"].of
    assert made == {
        "a": "no response", "b": "no response", "c": "no response", "d": "no response", "e": "CR", "f": "CRi",
        "g": "CRi", "h": None, "i": None,
    }  # fmt: skip


def test_shanghai2025() -> None:
    """By blasts alone."""
    made = evaluate(AT_THE_THRESHOLDS, r=GroupSpec("r", preset="shanghai2025"))["r"].of
    assert [made[p] for p in "adehi"] == ["no response", "no response", "CR", "CR", None]


def test_first_assessment_and_confirmation() -> None:
    """Assessments after day 0 are numbered by day; the first decides, or two must agree."""
    cohort = make_cohort(
        marrow="""
            patient  day  blasts_percent
            a        0    90
            a        29   3
            a        15   40
            b        -2   80
            b        15   2
            b        43   1
            c        15   1
            c        44   12
        """
    )
    first = GroupSpec("f", of="marrow.blasts_percent", where={"sequence": 1}, levels={"CR": "< 5", "no CR": ">= 5"})
    once = {"table": "marrow", "sequence": 1, "blasts_percent": "< 5"}
    again = {"table": "marrow", "sequence": 2, "blasts_percent": "< 5"}
    made = evaluate(
        cohort,
        first=first,
        best=GroupSpec(
            "b", of="marrow.blasts_percent", where={"day": "1 .. 84"}, levels={"CR": "< 5", "no CR": ">= 5"}
        ),
        confirmed=GroupSpec("c", levels={"confirmed": [once, again]}, otherwise="not confirmed"),
    )
    assert made["first"].of == {"a": "no CR", "b": "CR", "c": "CR"}
    assert made["best"].of == {"a": "CR", "b": "CR", "c": "CR"}
    assert made["confirmed"].of == {"a": None, "b": "confirmed", "c": None}


def test_mrd_falls_by_logs() -> None:
    """From the last exact value before treatment; below detection is at least so much; recorded values stay."""
    cohort = with_log_reduction(
        make_cohort(
            marrow="""
                patient  day  mrd_percent  mrd_log_reduction
                a        -9   20           .
                a        0    10           .
                a        15   0.1          .
                a        29   <0.01        .
                b        -1   <0.01        .
                b        29   0.1          .
                c        -1   1            .
                c        29   10           .
                d        -1   1            .
                d        29   0.01         5
                e        -1   1            .
                e        29   0            .
            """
        )
    )
    table = cohort.tables["marrow"]
    values, signs = table.columns["mrd_log_reduction"], table.columns["mrd_log_reduction_sign"]
    expected = [None, None, 2, 3, None, None, None, -1, None, 5, None, None]
    for found, wanted in zip(values, expected, strict=True):
        assert found == (None if wanted is None else pytest.approx(wanted))
    assert signs[3] == ">"
    assert signs[2] == ""
    assert math.isclose(float(values[2] or 0), math.log10(10 / 0.1))


def test_the_cell_behind_a_reduction_is_that_of_the_mrd() -> None:
    """Where no column of the sheet holds it."""
    cohort = with_log_reduction(
        make_cohort(
            marrow="""
                patient  day  mrd_percent
                a        0    1
                a        29   0.1
            """
        )
    )
    assert ("marrow", "mrd_log_reduction") in cohort.recorded
    assert cohort.address("marrow", 1, "mrd_log_reduction") == cohort.address("marrow", 1, "mrd_percent")
    assert cohort.tables["marrow"].columns["mrd_log_reduction"] == [None, pytest.approx(1)]
