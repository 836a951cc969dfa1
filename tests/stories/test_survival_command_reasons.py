"""What the command says where a number, an option or a cell cannot be used: never a blank, never a silent choice."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from remission.analyses.spec import SurvivalSpec
from remission.table_survival import Ask
from remission.table_survival.look import shown

from .survival_calls import DATA, LUNG, MYELOID, Capture, printed, refuse, rows_of, table_of

# seven die one after the other: the median is read on day 40, where four are at risk
SEVEN = "t,e\n" + "".join(f"{10 * i},1\n" for i in range(1, 8))


# ---------------------------------------------------------------- no median of a few


def test_a_median_of_a_few_is_not_given(tmp_path: Path, capsys: Capture) -> None:
    """Four at risk at the median: no number, the reason in the row and below the table; the option prints it."""
    line = ("survival", table_of(tmp_path, SEVEN), "--time", "t", "--event", "e")
    row = rows_of(capsys, *line)["all.median.estimate"]
    assert (row["value"], row["status"], row["note"]) == (None, "undefined", "not given: fewer than 5 at risk there")
    assert "median: not given: fewer than 5 at risk there (--median-at-risk 0 gives it)" in printed(capsys, *line)
    for n, value in (("0", 40), ("1", 40), ("4", 40), ("5", None)):
        assert rows_of(capsys, *line, "--median-at-risk", n)["all.median.estimate"]["value"] == value
    assert "not given" not in printed(capsys, *line, "--median-at-risk", "4")


def test_the_first_quartile_of_the_same_curve_is_given(tmp_path: Path, capsys: Capture) -> None:
    """Six are at risk on day 20, two on day 60: the rule is of the day and not of the curve."""
    rows = rows_of(capsys, "survival", table_of(tmp_path, SEVEN), "--time", "t", "--event", "e")
    assert rows["all.quartile1.estimate"]["value"] == 20
    assert rows["all.quartile3.estimate"]["value"] is None


def test_the_rule_is_that_of_a_study() -> None:
    """One default, not two."""
    assert Ask(Path("x"), "t", "e").fewest_at_median == SurvivalSpec.median_at_risk == 5


@pytest.mark.parametrize("preset", ["R", "SPSS"])
def test_a_preset_prints_as_its_program(preset: str, tmp_path: Path, capsys: Capture) -> None:
    """Unless the number is named."""
    line = ("survival", table_of(tmp_path, SEVEN), "--time", "t", "--event", "e", "--preset", preset)
    assert rows_of(capsys, *line)["all.median.estimate"]["value"] == 40
    assert rows_of(capsys, *line, "--median-at-risk", "5")["all.median.estimate"]["value"] is None


# ---------------------------------------------------------------- options without effect

EVENT = ("--event", "status=2")
CAUSE = ("--cause", "status")


@pytest.mark.parametrize(
    "more",
    [
        (*EVENT, "--ties", "breslow"),
        (*EVENT, "--firth"),
        (*EVENT, "--cluster", "inst"),
        (*EVENT, "--strata", "inst"),
        (*EVENT, "--switch", "age", "--firth"),
        (*EVENT, "--switch", "age", "--cluster", "inst"),
        (*EVENT, "--switch", "age", "--strata", "inst"),
        (*EVENT, "--group", "sex", "--strata", "sex"),
        (*EVENT, "--group", "sex", "--preset", "Prism", "--ties", "efron"),
        (*EVENT, "--group", "sex", "--preset", "Prism", "--firth"),
        (*EVENT, "--sheet", "lung"),
        (*EVENT, "--switch", "age", "--entry", "ph.ecog", "--landmark", "30"),
        (*CAUSE, "--group", "sex", "--ties", "efron"),
        (*CAUSE, "--group", "sex", "--cluster", "inst"),
        (*CAUSE, "--group", "sex", "--firth"),
        (*CAUSE, "--strata", "sex"),
        (*CAUSE, "--preset", "R"),
        (*CAUSE, "--median-at-risk", "3"),
    ],
    ids=" ".join,
)
def test_an_option_that_would_change_nothing(more: tuple[str, ...], capsys: Capture) -> None:
    """Refused, with the name of the option: silence would pass for an answer."""
    err = refuse(capsys, "options-clash", "survival", DATA / "lung.csv", "--time", "time", *more)
    assert err.startswith("--")


@pytest.mark.parametrize(
    "more",
    [
        ("--group", "sex", "--ties", "breslow"),
        ("--covariates", "age", "--cluster", "inst"),
        ("--switch", "age", "--ties", "breslow"),
        ("--group", "sex", "--firth"),
    ],
    ids=" ".join,
)
def test_an_option_that_changes_something(more: tuple[str, ...], capsys: Capture) -> None:
    """The same options where there is a model: taken, and a number moves."""
    with_it, without = rows_of(capsys, *LUNG, *more), rows_of(capsys, *LUNG, *more[:2])
    assert any(with_it[i]["value"] != without[i]["value"] for i in without if i in with_it)


def test_the_ways_with_ties_are_listed(capsys: Capture) -> None:
    """Three, and not an empty one."""
    err = refuse(capsys, "bad-call", *LUNG, "--covariates", "age", "--ties", "foo")
    assert all(f"'{name}'" in err for name in ("efron", "breslow", "exact"))
    assert "''" not in err


@pytest.mark.parametrize(("event", "words"), [("status=", "no code after"), ("=2", "no column before")])
def test_half_an_event(event: str, words: str, capsys: Capture) -> None:
    """The sign = with nothing on one side."""
    assert words in refuse(capsys, "bad-call", "survival", DATA / "lung.csv", "--time", "time", "--event", event)


@pytest.mark.parametrize(
    "more",
    [("--at", "1e18"), ("--at", "100001"), ("--rmst", "1e30"), ("--at", "0.5"), ("--median-at-risk", "-1")],
    ids=" ".join,
)
def test_an_amount_that_cannot_be(more: tuple[str, ...], capsys: Capture) -> None:
    """Longer than anybody lives, a part of a day, or below 0."""
    refuse(capsys, "bad-call", *LUNG, *more)


# ---------------------------------------------------------------- cells


def test_one_number_written_in_two_ways(tmp_path: Path, capsys: Capture) -> None:
    """1 and 1.0 are no two groups: the rows of the rarer way are named."""
    path = table_of(tmp_path, "t,e,g\n5,1,1\n6,0,2\n7,1,1.0\n8,1,1\n9,0,2\n")
    for option in ("--group", "--strata", "--cluster"):
        more = (option, "g") if option == "--group" else (option, "g", "--covariates", "x")
        path.write_text("t,e,g,x\n5,1,1,3\n6,0,2,4\n7,1,1.0,2\n8,1,1,1\n9,0,2,2\n", encoding="utf-8")
        err = refuse(capsys, "levels-one-number", "survival", path, "--time", "t", "--event", "e", *more)
        assert "row 4" in err
        assert "1 of 5 rows" in err


@pytest.mark.parametrize(
    ("unit", "longest", "beyond"),
    [("days", "100000", "100001"), ("months", "3285.4", "3285.5"), ("years", "273.7", "273.8")],
)
def test_a_time_beyond_any_life(unit: str, longest: str, beyond: str, tmp_path: Path, capsys: Capture) -> None:
    """100,000 days in every unit; the row is named and not the value."""
    line = ("survival", tmp_path / "table.csv", "--time", "t", "--event", "e", "--unit", unit)
    table_of(tmp_path, f"t,e\n{longest},1\n2,0\n")
    assert rows_of(capsys, *line)["all.rows.N"]["value"] == 2
    for value in (beyond, "1000000000000000001", "1e40"):
        table_of(tmp_path, f"t,e\n3,1\n{value},0\n")
        err = refuse(capsys, "time-too-long", *line)
        assert "row 3" in err
        assert value not in err


def test_a_text_of_many_values(tmp_path: Path, capsys: Capture) -> None:
    """The advice fits what was asked: a covariate is not told to become one."""
    path = table_of(tmp_path, "t,e,x\n" + "".join(f"{i + 1},1,word{i}\n" for i in range(40)))
    line = ("survival", path, "--time", "t", "--event", "e")
    assert "--covariates" not in refuse(capsys, "too-many-levels", *line, "--covariates", "x")
    assert "--covariates" in refuse(capsys, "too-many-levels", *line, "--group", "x")


def test_a_table_in_which_nobody_has_the_event(tmp_path: Path, capsys: Capture) -> None:
    """Said as what it is, with both ways on."""
    path = table_of(tmp_path, "t,e\n5,0\n9,0\n")
    err = refuse(capsys, "no-events", "survival", path, "--time", "t", "--event", "e")
    assert "Every row is censored" in err
    assert "--event e=CODE" in err


@pytest.mark.parametrize(
    "more", [("--event", "t"), ("--event", "e", "--switch", "t"), ("--event", "e", "--group", "e")], ids=" ".join
)
def test_a_column_has_one_meaning(more: tuple[str, ...], tmp_path: Path, capsys: Capture) -> None:
    """The time is no event and no later event; the event is no group."""
    path = table_of(tmp_path, "t,e\n1,1\n2,0\n")
    refuse(capsys, "column-used-twice", "survival", path, "--time", "t", *more)


# ---------------------------------------------------------------- reasons on the screen


def test_beyond_the_last_follow_up(capsys: Capture) -> None:
    """--at, --rmst and --landmark after everybody has left: a sentence each, and no table of blanks."""
    out = printed(capsys, *LUNG, "--group", "sex", "--at", "5000", "--rmst", "5000", "--landmark", "2000")
    assert "at 5000 of 1, 2: beyond the last follow-up" in out
    assert "restricted mean of 1, 2: day 5000 is beyond the last follow-up" in out
    assert "nobody is under observation after day 2000" in out
    assert "tau" not in out


def test_incidence_beyond_the_last_follow_up(capsys: Capture) -> None:
    """Men have all had an event by then, so that theirs is known; women have not."""
    line = ("survival", DATA / "mgus2_cr.csv", "--time", "etime", "--cause", "event", "--unit", "months")
    out = printed(capsys, *line, "--group", "sex", "--at", "600")
    assert "cause 1 at 600 of F: beyond the last follow-up" in out


def test_changes_of_state_that_do_not_count(tmp_path: Path, capsys: Capture) -> None:
    """A switch on the last day or later is said on the screen; with none other, why there is no comparison."""
    assert "1 more changed on the last day of follow-up or later, which does not count" in printed(capsys, *MYELOID)
    path = table_of(tmp_path, "t,e,s\n5,1,9\n6,0,6\n7,1,\n8,1,\n")
    out = printed(
        capsys, "survival", path, "--time", "t", "--event", "e", "--switch", "s", "--figure", tmp_path / "f.svg"
    )
    assert "no comparison: nobody changed state under observation, 2 on the last day of follow-up or later" in out


def test_a_landmark_is_told_with_its_groups(capsys: Capture) -> None:
    """Both groups, and who left by then; where nobody is left the reason."""
    out = printed(capsys, *MYELOID, "--landmark", "120")
    assert re.search(r"before txtime +451 +220", out)
    assert "75 rows had the event or left by then" in out
    assert "no hazard ratio: " in printed(capsys, *MYELOID, "--landmark", "9000")


def test_nr_is_explained(capsys: Capture) -> None:
    """As a time, where it stands in a table; NR as a response is no such time."""
    assert printed(capsys, *MYELOID).rstrip().endswith("NR, as a time: not reached")
    assert "NR" not in printed(capsys, *LUNG)


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (0.00004, 4, "<0.0001"),
        (-0.00004, 4, ">-0.0001"),
        (0.0, 4, "0"),
        (0.5, 4, "0.5000"),
        (0.00005, 4, "0.0001"),
        (1.5e9, 4, "1.50e+09"),
        (math.inf, 4, "-"),
        (None, 4, "-"),
    ],
)
def test_no_number_looks_like_nothing(value: float | None, digits: int, words: str) -> None:
    """What is not 0 is not printed as 0.0000."""
    assert shown(value, digits) == words
