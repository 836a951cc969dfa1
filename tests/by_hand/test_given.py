"""What was given, from the records of a few patients: days, pauses, reductions, doses, cycles."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.exposure.given import (
    GivenCycle,
    Interruption,
    PatientExposure,
    Reduction,
    derive_given_cycles,
    derive_patient_exposure,
    number_cycles,
)
from remission.endpoints.exposure.infusions import Infusion, derive_drug_days, read_infusions

from .aligned import aligned, number, whole
from .cohort_factory import make_cohort

# a: as planned, two cycles. b: a pause of 3 days and a reduction. c: stopped. d: dose missing. e: end missing.
# f: no cycles recorded. g: the day of the step is in both records. h: paused by a dose of 0.
COHORT = make_cohort(
    infusions="""
        patient  cycle  start_day  end_day  dose_ug_per_day  stop_reason
        a        1      0          6        9                .
        a        1      7          27       28               .
        a        2      42         69       28               .
        b        1      0          6        9                .
        b        1      7          9        28               oedema
        b        1      13         27       14               .
        c        1      0          6        9                .
        c        1      7          13       28               sepsis
        d        1      0          6        .                .
        d        1      7          13       28               .
        e        1      0          .        9                .
        f        .      0          13       15               .
        f        .      28         41       15               .
        g        1      0          7        9                .
        g        1      7          27       28               .
        h        1      0          4        28               fever
        h        1      5          6        0                .
        h        1      7          9        28               .
    """,
)
RECORDS = read_infusions(COHORT.tables["infusions"], "abcdefgh")
PLANNED = {("a", 1): 28, ("a", 2): 28, ("b", 1): 28, ("c", 1): 28, ("g", 1): 28}
CYCLES = derive_given_cycles(RECORDS, planned_days=PLANNED)
EXPECTED = aligned("""
    patient  cycle  days  first  last  ug   completed  rows        stop
    a        1      28    0      27    651  yes        0 1         .
    a        2      28    42     69    784  yes        2           .
    b        1      25    0      27    357  no         3 4 5       .
    c        1      14    0      13    259  no         6 7         sepsis
    d        1      14    0      13    .    ?          8 9         .
    e        1      .     0      .     .    ?          10          .
    f        .      28    0      41    420  ?          11 12       .
    g        1      28    0      27    651  yes        13 14       .
    h        1      8     0      9     224  ?          15 16 17    .
""")


@pytest.mark.parametrize(
    ("made", "row"), list(zip(CYCLES, EXPECTED, strict=True)), ids=lambda x: getattr(x, "patient", "")
)
def test_cycles(made: GivenCycle, row: dict[str, str]) -> None:
    """Days on drug, the span, the cumulative dose, completed or not, and the rows behind them."""
    assert (made.patient, made.cycle) == (row["patient"], whole(row["cycle"]))
    assert (made.days_on_drug, made.first_day, made.last_day) == tuple(whole(row[n]) for n in ("days", "first", "last"))
    assert made.dose_ug == number(row["ug"])
    assert made.is_completed is {"yes": True, "no": False, "?": None}[row["completed"]]
    assert made.is_stopped_early is {"yes": False, "no": True, "?": None}[row["completed"]]
    assert (" ".join(map(str, made.rows)), made.stop_reason) == (row["rows"], row["stop"])


def test_only_the_asked_patients_are_read() -> None:
    """Their records keep their place in the sheet."""
    assert [r.row for r in read_infusions(COHORT.tables["infusions"], "cf")] == [6, 7, 11, 12]


def test_reasons_of_what_cannot_be_computed() -> None:
    """A missing dose leaves the days; a missing end leaves nothing but the start."""
    of = {c.patient: c for c in CYCLES}
    assert (of["d"].reason, of["d"].dose_reason) == ("", "not recorded: dose of an infusion")
    assert of["e"].reason == of["e"].dose_reason == "not recorded: end of an infusion"


def test_interruptions_and_whether_they_count() -> None:
    """Three days without drug: a pause a study may allow. The reason is that of the record before."""
    (pause,) = next(c for c in CYCLES if c.patient == "b").interruptions
    assert pause == Interruption(first_day=10, last_day=12, days=3, counts=True, reason="oedema", rows=(4, 5))
    for counts_from, counts in ((3, True), (4, False)):
        made = derive_given_cycles([r for r in RECORDS if r.patient == "b"], counts_from_days=counts_from)
        assert [p.counts for p in made[0].interruptions] == [counts]
    one_day = derive_given_cycles([Infusion("a", 1, 0, 4, 28), Infusion("a", 1, 6, 9, 28)])
    assert [(p.days, p.counts) for p in one_day[0].interruptions] == [(1, True)]
    (fever,) = next(c for c in CYCLES if c.patient == "h").interruptions
    assert (fever.first_day, fever.last_day, fever.reason) == (5, 6, "fever")
    assert all(not c.interruptions for c in CYCLES if c.patient in "acg")


def test_the_stop_is_that_of_the_last_day() -> None:
    """Rows in any order."""
    made = derive_given_cycles([Infusion("a", 1, 7, 13, 28, "sepsis"), Infusion("a", 1, 0, 6, 9, "step")])
    assert made[0].stop_reason == "sepsis"


def test_reductions_with_their_reason() -> None:
    """28 to 14 is a reduction, 9 to 28 is a step."""
    (reduction,) = next(c for c in CYCLES if c.patient == "b").reductions
    assert reduction == Reduction(day=13, from_ug=28, to_ug=14, reason="oedema", rows=(4, 5))
    assert all(not c.reductions for c in CYCLES if c.patient != "b")


def test_sums_per_patient() -> None:
    """Two cycles of patient a; a sum is not made where a cycle is not known."""
    sums = {p.patient: p for p in derive_patient_exposure(CYCLES)}
    assert sums["a"] == PatientExposure("a", 2, 2, 56, 1435, "", (0, 1, 2))
    assert sums["d"] == PatientExposure("d", 1, None, 14, None, "not recorded: dose of an infusion", (8, 9))
    assert [sums["e"].cycles_started, sums["e"].days_on_drug] == [1, None]
    assert [sums["f"].cycles_started, sums["f"].days_on_drug, sums["f"].reason] == [None, 28, "not recorded: cycle"]
    assert [sums["c"].cycles_started, sums["c"].cycles_completed] == [1, 0]


@pytest.mark.parametrize(("after", "cycles"), [(14, [1, 1]), (13, [1, 2]), (7, [1, 2]), (0, [1, 2])])
def test_cycles_from_the_days_between_records(after: int, cycles: list[int]) -> None:
    """Days 14 to 27 are 14 days without drug: a new cycle after more than 13. Recorded cycles stay."""
    numbered = number_cycles(RECORDS, new_cycle_after_days=after)
    assert [r.cycle for r in numbered if r.patient == "f"] == cycles
    assert [r.cycle for r in numbered if r.patient != "f"] == [r.cycle for r in RECORDS if r.patient != "f"]
    assert [r.row for r in numbered] == [r.row for r in RECORDS]


def test_cycles_are_numbered_in_the_order_of_days() -> None:
    """Rows in any order, also of a patient whose origin is long before the first infusion."""
    days = [(100, 113), (30, 36), (37, 43), (200, 203)]
    records = [Infusion("a", None, start, end, 15, row=place) for place, (start, end) in enumerate(days)]
    assert [r.cycle for r in number_cycles(records, new_cycle_after_days=7)] == [2, 1, 1, 3]
    recorded = [*records, Infusion("a", 4, 300, 310, 15)]
    assert [r.cycle for r in number_cycles(recorded, new_cycle_after_days=7)] == [None, None, None, None, 4]
    undated = [*records, Infusion("a", None, 300, None, 15)]
    assert {r.cycle for r in number_cycles(undated, new_cycle_after_days=7)} == {None}


@pytest.mark.parametrize(
    "row",
    aligned("""
    records            last day  days  ug    why
    0-27@28            on drug   28    784   the day of the end counts
    0-28@28            stopped   28    784   it does not
    0-7@9 7-28@28      stopped   28    651   steps that share a day
    0-7@9 7-27@28      on drug   28    651   the shared day has the dose of the next record
    0-7@9 6-27@28      on drug   28    .     two shared days with two doses
    0-7@28 5-9@28      on drug   10    280   shared days with one dose
    3-3@9              on drug   1     9     one day
    3-3@9              stopped   0     0     no day
    7-27@28 0-6@9      on drug   28    651   order does not matter
    0-6@0              on drug   0     0     a dose of 0 is no day on drug
    """),
    ids=lambda r: r["why"],
)
def test_days_on_drug(row: dict[str, str]) -> None:
    """What a record's last day means, and records that share days."""
    records = []
    for place, part in enumerate(row["records"].split()):
        days, dose = part.split("@")
        records.append(Infusion("a", 1, *map(int, days.split("-")), float(dose), row=place))
    made = derive_drug_days(records, last_day=row["last day"])  # type: ignore[arg-type]
    assert len(made.days) == int(row["days"])
    assert (None if made.dose_reason else sum(d.dose_ug or 0 for d in made.days)) == number(row["ug"])


def test_clashing_records_say_so() -> None:
    """The days stay, the dose is not known."""
    made = derive_drug_days([Infusion("a", 1, 0, 7, 9, row=0), Infusion("a", 1, 6, 9, 28, row=1)])
    assert (made.reason, made.dose_reason) == ("", "two records say different doses for a day")


def test_wrong_records() -> None:
    """An end before the start, a negative dose, impossible settings: the message names the record, not the value."""
    with pytest.raises(DataError) as order:
        Infusion("a", 1, 5, 4, 9, row=11)
    assert (order.value.code, order.value.where) == ("infusion-ends-before-start", "record 12 of the infusions")
    with pytest.raises(DataError) as dose:
        Infusion("a", 1, 0, 4, -9.5)
    assert dose.value.code == "impossible-dose"
    assert "9.5" not in str(dose.value)
    for call in (
        lambda: derive_given_cycles([], counts_from_days=0),
        lambda: number_cycles([], new_cycle_after_days=-1),
    ):
        with pytest.raises(DataError) as days:
            call()
        assert days.value.code == "negative-days"
