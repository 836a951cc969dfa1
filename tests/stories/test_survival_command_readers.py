"""What readers stumbled on: empty options, double columns, many strata, late entry, small landmarks, ratios."""

from __future__ import annotations

from pathlib import Path

import pytest

from .survival_calls import LUNG, MYELOID, Capture, printed, refuse, rows_of, table_of

PLACED = ("--time", "t", "--event", "e")
# five rows: the first two have left before the others enter
LATE = "s,t,e,c\n0,3,1,1\n0,4,1,2\n10,20,1,1\n10,25,0,0\n12,30,1,1\n"
STAYS = "the only one at risk on day 4 had the event: the estimate stays 0 whatever happens to those who enter later"
# ten rows; six change state by day 15, and one of them has the event
TINY = "t,e,g,s\n" + "".join(
    f"{t},{e},{g},{s}\n"
    for t, e, g, s in (
        (20, 1, "a", ""), (22, 1, "a", ""), (25, 1, "a", ""), (31, 0, "a", ""), (33, 1, "b", 4), (40, 0, "b", 9),
        (41, 0, "b", 12), (45, 0, "a", 15), (50, 0, "b", 3), (52, 0, "b", 40),
    )
)  # fmt: skip


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "option",
    ["group", "strata", "covariates", "cluster", "switch", "entry", "cause", "event", "at", "rmst", "landmark",
     "median-at-risk", "preset", "sheet", "figure", "emit-r", "save"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_value(option: str, value: str, capsys: Capture) -> None:
    """An empty shell variable does not silently take away what was asked for."""
    err = refuse(capsys, "bad-call", *LUNG, f"--{option}", value)
    assert err.startswith(f"--{option} is there, but its value is empty")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--covariates", "age,"), "nothing before or after a comma"),
        (("--covariates", ",age"), "nothing before or after a comma"),
        (("--covariates", "age,sex,age"), "names age twice"),
        (("--at", "30,60,30"), "names day 30 twice"),
        (("--at", "0,0"), "names day 0 twice"),
        (("--at", "30,"), "numbers of 0 or more"),
    ],
    ids=str,
)
def test_a_list_with_a_gap_or_a_double(more: tuple[str, ...], words: str, capsys: Capture) -> None:
    """Refused and not reduced."""
    assert words in refuse(capsys, "bad-call", *LUNG, *more)


def test_a_header_that_stands_twice(tmp_path: Path, capsys: Capture) -> None:
    """Refused where the column is asked for, with the letters of both; else it does no harm."""
    path = table_of(tmp_path, "t,e,x,t\n5,1,3,9\n6,0,4,8\n7,1,5,7\n")
    assert "columns A, D" in refuse(capsys, "column-twice", "survival", path, *PLACED)
    path = table_of(tmp_path, "x,t,e,x\n5,1,1,9\n6,2,0,8\n7,3,1,7\n")
    assert rows_of(capsys, "survival", path, *PLACED)["all.rows.N"]["value"] == 3
    assert "columns A, D" in refuse(capsys, "column-twice", "survival", path, *PLACED, "--covariates", "x")


@pytest.mark.parametrize(("name", "meant"), [("nofile.csv", ""), ("wards.csv", "ward.csv"), ("ward.txt", "ward.csv")])
def test_a_file_that_is_not_there(name: str, meant: str, tmp_path: Path, capsys: Capture) -> None:
    """A near name is offered; two names are not near because both end in .csv."""
    for other in ("o_wide.csv", "ward.csv"):
        (tmp_path / other).write_text("t,e\n1,1\n", encoding="utf-8")
    err = refuse(capsys, "no-file", "survival", tmp_path / name, *PLACED)
    assert (f"Did you mean {meant}?" if meant else "Check the name and the folder.") in err


# ---------------------------------------------------------------- strata


def test_many_strata(tmp_path: Path, capsys: Capture) -> None:
    """Forty matched pairs: the stratified log-rank test is McNemar's, (b - c)^2 / (b + c), the ratio b / c."""
    first_dies_first = [i % 4 != 0 for i in range(40)]  # thirty and ten
    lines = [
        f"{i},{5 + i if (g == 'a') == first else 200 + i},1,{g}\n"
        for i, first in enumerate(first_dies_first)
        for g in "ab"
    ]
    path = table_of(tmp_path, "pair,t,e,g\n" + "".join(lines))
    rows = rows_of(capsys, "survival", path, *PLACED, "--group", "g", "--strata", "pair")
    assert rows["by_g.logrank_stratified.statistic"]["value"] == pytest.approx((30 - 10) ** 2 / 40, rel=1e-12)
    assert rows["by_g.hazard_ratio@b.ratio"]["value"] == pytest.approx(10 / 30, rel=1e-9)


def test_strata_of_one_row_each(tmp_path: Path, capsys: Capture) -> None:
    """Nothing can be compared within them: a dash, and why."""
    lines = "".join(f"{i},{5 + i},1,{'ab'[i % 2]}\n" for i in range(40))
    path = table_of(tmp_path, "id,t,e,g\n" + lines)
    assert "no stratified test: " in printed(capsys, "survival", path, *PLACED, "--group", "g", "--strata", "id")


@pytest.mark.parametrize(
    ("more", "within", "without"),
    [
        (("--strata", "sex"), "within the strata of sex", "without the strata of sex"),
        (("--cluster", "id"), "by the clusters of id", "without the clusters of id"),
        (("--firth",), "with Firth's penalty", "without Firth's penalty"),
    ],
    ids=["strata", "clusters", "penalty"],
)
def test_which_ratio_is_within_strata(more: tuple[str, ...], within: str, without: str, capsys: Capture) -> None:
    """Two time-dependent ratios in one output: each says which it is, in its row and on the screen."""
    line = (*MYELOID, "--covariates", "trt", *more)
    rows = rows_of(capsys, *line)
    assert within in rows["all.univariable_txtime.ratio"]["note"]
    for name in ("naive.ratio", "time_dependent.ratio", "mantel_byar.p"):
        assert without in rows[f"all.{name}"]["note"]
    out = printed(capsys, *line)
    assert f"univariable, txtime: {within}" in out
    assert f"all of it {without}" in out
    assert "without" not in rows_of(capsys, *MYELOID)["all.time_dependent.ratio"]["note"]


# ---------------------------------------------------------------- late entry, landmarks


def test_a_survival_of_0_while_others_enter_later(tmp_path: Path, capsys: Capture) -> None:
    """The row and the screen say why it stays 0; on the day itself, and without late entry, nothing is said."""
    path = table_of(tmp_path, LATE)
    line = ("survival", path, *PLACED, "--entry", "s", "--at", "4,15,22")
    rows = rows_of(capsys, *line)
    notes = [rows[f"all.survival@{day}d.estimate"]["note"] for day in (4, 15, 22)]
    assert notes == ["", STAYS, STAYS]
    assert rows["all.survival@22d.estimate"]["status"] == "ok"
    assert rows["all.survival@22d.at_risk"]["value"] == 2
    assert f"at 15, at 22: {STAYS}" in printed(capsys, *line)
    assert "stays 0" not in printed(capsys, *line[:-4], "--at", "40")
    causes = ("survival", path, "--time", "t", "--cause", "c", "--entry", "s", "--at", "15")
    assert rows_of(capsys, *causes)["all.event_free@15d.estimate"]["note"] == STAYS
    assert f"event-free at 15: {STAYS}" in printed(capsys, *causes)


def test_times_not_after_the_landmark(capsys: Capture) -> None:
    """No number at risk of 0 beside n: a sentence of their own."""
    line = (*LUNG, "--group", "sex", "--landmark", "365", "--at", "30,365,400")
    rows = {i.removeprefix("survival_landmark_365d."): r for i, r in rows_of(capsys, *line).items()}
    for day in (30, 365):
        for stat in ("estimate", "at_risk"):
            row = rows[f"by_sex.1.survival@{day}d.{stat}"]
            assert (row["value"], row["status"]) == (None, "undefined")
            assert row["note"] == "not after the landmark on day 365: the curve begins there, at 1"
    assert rows["by_sex.1.survival@400d.at_risk"]["value"] == 31
    assert "nobody is under observation yet" not in printed(capsys, *line)


def test_beside_a_tiny_landmark(tmp_path: Path, capsys: Capture) -> None:
    """Five events of ten rows: Firth's ratio and the exact p stand beside those of large samples.

    Nobody has left by day 15, so that both are those of a column that says who had changed by then.
    """
    path = table_of(tmp_path, TINY)
    rows = rows_of(capsys, "survival", path, *PLACED, "--switch", "s", "--group", "g", "--landmark", "15")
    cells = [line.split(",") for line in TINY.splitlines()[1:]]
    changed = "t,e,h\n" + "".join(f"{t},{e},{int(s != '' and int(s) <= 15)}\n" for t, e, _, s in cells)
    path = table_of(tmp_path, changed)
    same = rows_of(capsys, "survival", path, *PLACED, "--covariates", "h", "--group", "h", "--firth")
    assert rows["all.landmark_permutation@15d.p"]["method"] == "logrank-permutation-exact"
    assert rows["all.landmark_permutation@15d.p"]["value"] == same["by_h.logrank_permutation.p"]["value"]
    for stat in ("ratio", "low", "high", "p"):
        ours = rows[f"all.landmark_penalised@15d.{stat}"]["value"]
        assert ours == pytest.approx(same[f"all.cox_h.{stat}"]["value"], rel=1e-9)
    landmark = {i.removeprefix("survival_landmark_15d."): r for i, r in rows.items()}
    for name in ("logrank_permutation.p", "hazard_ratio_penalised@b.ratio"):
        assert landmark[f"by_g.{name}"]["value"] == pytest.approx(rows[f"by_g.{name}"]["value"], rel=1e-9)
    out = printed(capsys, "survival", table_of(tmp_path, TINY), *PLACED, "--switch", "s", "--landmark", "15")
    assert "beside it Firth's hazard ratio (few events): " in out
    assert "log-rank by permutation (a small group): p " in out


def test_nothing_beside_a_landmark_of_many(capsys: Capture) -> None:
    """Hundreds of events: neither row."""
    rows = rows_of(capsys, *MYELOID, "--landmark", "120", "--group", "trt")
    assert not [i for i in rows if "penalised" in i or "permutation" in i]


def test_a_coefficient_that_runs_away_is_no_number(tmp_path: Path, capsys: Capture) -> None:
    """Nobody of b has the event beside somebody of a: no ratio of 1e-10, but a reason, and Firth's beside it."""
    path = table_of(tmp_path, "t,e,g,s\n3,1,a,0\n4,1,b,0\n20,1,a,10\n25,0,a,10\n30,1,b,12\n")
    line = ("survival", path, *PLACED, "--group", "g", "--entry", "s")
    rows = rows_of(capsys, *line)
    assert rows["by_g.hazard_ratio@b.ratio"]["value"] is None
    assert "no maximum" in rows["by_g.hazard_ratio@b.ratio"]["note"]
    assert 0 < rows["by_g.hazard_ratio_penalised@b.ratio"]["value"] < 1
    assert "ratio of b: no maximum" in printed(capsys, *line)
