"""Engraftment from daily counts, day by day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.engraftment import (
    NEUTROPHILS,
    PLATELETS,
    CountOnDay,
    EngraftmentRule,
    derive_engraftment,
)

from .aligned import aligned

# counts are day:count, "." is a count that was not recorded
NEUTROPHIL_CASES = aligned("""
    counts                                     status         day  used      gaps   why
    5:0.1 10:0.5 11:0.5 12:0.6                 derived        10   10 11 12  .      exactly 0.5 is reached
    5:0.1 10:0.5 11:0.49 12:0.6 13:0.7 14:0.8  derived        12   12 13 14  .      one count below begins anew
    5:0.1 10:0.5 11:0.6                        not reached    .    .         .      two days are not three
    5:0.1 10:0.5 11:. 12:0.6 13:0.7            derived        10   10 12 13  11-11  a missing count is a gap
    5:0.1 10:0.5 14:0.6 15:0.7                 derived        10   10 14 15  11-13  three days without counts
    12:0.6 5:0.1 11:0.5 10:0.5                 derived        10   10 11 12  .      order does not matter
    0:2.0 1:1.5 2:0.9 5:0.1 10:1 11:1 12:1     derived        10   10 11 12  .      before the nadir does not count
    0:2.0 1:1.5 2:0.9                          never below    .    .         .      never fell
    -3:0.1 -2:0.2 10:1 11:1 12:1               never below    .    .         .      before the graft does not count
    5:0.1 10:1 11:1 12:1 12:0.4 13:1 14:1      not reached    .    .         .      the lowest of a day counts
    0:0.1 1:0.5 2:0.5 3:0.5                    derived        1    1 2 3     .      the day of the graft counts
    5:0 10:0.5 11:0.5 12:0.6                   derived        10   10 11 12  .      a count of 0 is a count
    5:.                                        not derivable  .    .         .      no count at all
""")


def counts_of(text: str) -> list[CountOnDay]:
    pairs = [part.split(":") for part in text.split()]
    return [CountOnDay(int(day), None if c == "." else float(c), 100 + i) for i, (day, c) in enumerate(pairs)]


@pytest.mark.parametrize("row", NEUTROPHIL_CASES, ids=lambda r: r["why"])
def test_neutrophils(row: dict[str, str]) -> None:
    """First of three recorded days in a row from 0.5 on, after the counts had fallen; gaps are named."""
    made = derive_engraftment(NEUTROPHILS, counts_of(row["counts"]))
    assert (made.status, "" if made.day is None else str(made.day)) == (row["status"], row["day"])
    assert " ".join(map(str, made.used_days)) == row["used"]
    assert " ".join(f"{a}-{b}" for a, b in made.gaps) == row["gaps"]
    assert bool(made.reason) == (row["status"] != "derived")


def test_the_rows_behind_a_day() -> None:
    """The three counts it rests on, and nothing else."""
    assert derive_engraftment(NEUTROPHILS, counts_of("5:0.1 10:0.5 11:0.5 12:0.6 13:1")).rows == (101, 102, 103)


SEVEN = " ".join(f"{day}:20" for day in range(14, 21))


@pytest.mark.parametrize(
    "row",
    aligned("""
    counts  transfusions  status         day  why
    plain   none          derived        14   exactly 20 is reached
    plain   13            derived        14   the day before
    plain   14            not reached    .    the first day
    plain   20            not reached    .    the seventh day
    plain   21            derived        14   the day after
    longer  16            derived        17   seven days after the transfusion
    six     none          not reached    .    six days are not seven
    gap     17            not reached    .    on a day without a count
    plain   unknown       not derivable  .    transfusions not recorded
    """),
    ids=lambda r: r["why"],
)
def test_platelets(row: dict[str, str]) -> None:
    """First of seven recorded days in a row from 20 on, no transfusion from the first to the last."""
    counts = {
        "plain": f"8:9 {SEVEN}",
        "longer": f"8:9 {SEVEN} 21:25 22:25 23:25",
        "six": f"8:9 {SEVEN.removesuffix(' 20:20')}",
        "gap": f"8:9 {SEVEN.replace(' 17:20', '')} 21:20",
    }[row["counts"]]
    days = {"none": [], "unknown": None}.get(row["transfusions"], [row["transfusions"]])
    made = derive_engraftment(
        PLATELETS, counts_of(counts), transfusion_days=None if days is None else [int(d) for d in days]
    )
    assert (made.status, "" if made.day is None else str(made.day)) == (row["status"], row["day"])


def test_a_recorded_day_is_taken_as_given() -> None:
    """Also where the counts say something else; the row is that of the record."""
    made = derive_engraftment(PLATELETS, counts_of("5:0.1"), given_day=13, given_row=4)
    assert (made.status, made.day, made.rows) == ("taken as given", 13, (4,))


def test_the_nadir_can_be_left_out() -> None:
    """A study whose counts begin after the nadir may say so."""
    rule: EngraftmentRule = replace(NEUTROPHILS, after_nadir=False)
    assert derive_engraftment(rule, counts_of("10:1 11:1 12:1")).day == 10


@pytest.mark.parametrize("count", [-1.0, float("nan")])
def test_a_count_that_is_none(count: float) -> None:
    """A negative count is an error, and is not printed."""
    with pytest.raises(DataError) as error:
        derive_engraftment(NEUTROPHILS, [CountOnDay(1, count)])
    assert error.value.code == "negative-count"
