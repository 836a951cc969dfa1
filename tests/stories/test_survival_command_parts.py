"""Causes under their codes, each covariate by itself, each group by state: rows, figures, and the same in R."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from remission.results.check import check_results
from remission.table_survival import Ask, analyse_table, read_table
from remission.table_survival.picture import incidence_figure, survival_figure

from .survival_calls import DATA, LUNG, MYELOID, Capture, printed, refuse, rows_of, table_of

CAUSES = "t,c,x\n10,1,3\n12,3,1\n20,3,4\n25,0,1\n30,5,5\n40,5,9\n50,0,2\n60,1,6\n"
SEVEN = "t,e,g\n" + "".join(f"{10 * i},1,{'AB'[i % 2]}\n" for i in range(1, 8))


# ---------------------------------------------------------------- causes


def test_only_codes_that_occur_are_causes(tmp_path: Path, capsys: Capture) -> None:
    """1, 3 and 5: three causes under their codes, whose incidences and the part without event add to 1."""
    line = ("survival", table_of(tmp_path, CAUSES), "--time", "t", "--cause", "c", "--at", "45", "--covariates", "x")
    rows = rows_of(capsys, *line)
    assert {i for i in rows if i.startswith("all.rows@cause")} == {f"all.rows@cause_{c}.events" for c in (1, 3, 5)}
    assert not [i for i in rows if "cox2" in i or "fine_gray4" in i or "incidence@2" in i]
    parts = [rows[f"all.incidence@{c}_45d.estimate"]["value"] for c in (1, 3, 5)]
    assert all(p > 0 for p in parts)
    assert sum(parts) + rows["all.event_free@45d.estimate"]["value"] == pytest.approx(1, abs=1e-12)
    out = printed(capsys, *line)
    assert "cause 5" in out
    assert "cause 2" not in out


def test_causes_are_those_of_the_rows_that_take_part(tmp_path: Path, capsys: Capture) -> None:
    """The only row of cause 9 has no time: cause 9 is none."""
    path = table_of(tmp_path, "t,c\n5,2\n7,0\n,9\n8,2\n")
    rows = rows_of(capsys, "survival", path, "--time", "t", "--cause", "c")
    assert [i for i in rows if i.startswith("all.rows@cause")] == ["all.rows@cause_2.events"]


def test_recoding_the_causes_moves_no_number(tmp_path: Path) -> None:
    """2 and 9 instead of 1 and 2: the same incidences, tests and models under other ids."""
    tables = (DATA / "mgus2_cr.csv", recoded(tmp_path))
    found = [[r.value for r in analyse_table(read_table(_risks(p))).rows.values()] for p in tables]
    assert found[0] == found[1]
    assert len(found[0]) > 500


def recoded(folder: Path) -> Path:
    """mgus2 with the causes 2 and 9 instead of 1 and 2."""
    text = (DATA / "mgus2_cr.csv").read_text(encoding="utf-8").splitlines()
    other = [line[:-1] + {"0": "0", "1": "2", "2": "9"}[line[-1]] for line in text[1:]]
    return table_of(folder, "\n".join([text[0], *other]))


def table_of_lines(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _risks(path: Path) -> Ask:
    return Ask(path, "etime", cause="event", group="sex", covariates=("age", "male"))


def test_the_upper_limit_of_a_cause_that_has_not_occurred(tmp_path: Path, capsys: Capture) -> None:
    """Exact: 1 - 0.025^(1/m) of m at risk, 0.975 of one; and the table says what it is."""
    path = table_of(tmp_path, "t,c\n10,1\n20,1\n30,1\n40,2\n")
    line = ("survival", path, "--time", "t", "--cause", "c", "--at", "5,15,39")
    rows = rows_of(capsys, *line)
    for day, m in ((5, 4), (15, 3), (39, 1)):
        row = rows[f"all.incidence@2_{day}d.high"]
        assert row["value"] == pytest.approx(1 - 0.025 ** (1 / m), rel=1e-12)
        assert "exact upper limit" in row["note"]
    assert "incidence 0: the cause has not occurred by then: exact upper limit" in printed(capsys, *line)


# ---------------------------------------------------------------- univariable beside multivariable


def test_univariable_beside_multivariable(capsys: Capture) -> None:
    """Each covariate by itself is the model of that covariate alone, with its own n; the model of all stays."""
    rows = rows_of(capsys, *LUNG, "--covariates", "age,sex,wt.loss")
    for column, name in (("age", "age"), ("sex", "sex"), ("wt.loss", "wt_loss")):
        alone = rows_of(capsys, *LUNG, "--covariates", column)
        for stat in ("ratio", "low", "high", "p"):
            assert rows[f"all.univariable_{name}.{stat}"]["value"] == alone[f"all.cox_{name}.{stat}"]["value"]
        for stat in ("N", "events"):
            assert rows[f"all.univariable_{name}.{stat}"]["value"] == alone[f"all.cox_model.{stat}"]["value"]
        assert not any("univariable" in i for i in alone)
    assert rows["all.univariable_wt_loss.N"]["value"] == 214
    assert rows["all.univariable_age.N"]["value"] == 228
    assert rows["all.cox_model.N"]["value"] == 214
    out = printed(capsys, *LUNG, "--covariates", "age,sex,wt.loss")
    assert re.search(r"wt\.loss +214 +152 +1\.0013 ", out)


def test_univariable_of_a_later_event(capsys: Capture) -> None:
    """By itself it is the time-dependent ratio; n counts rows and not pieces of follow-up."""
    rows = rows_of(capsys, *MYELOID, "--covariates", "sex")
    assert rows["all.univariable_txtime.ratio"]["value"] == rows["all.time_dependent.ratio"]["value"]
    assert rows["all.univariable_txtime.N"]["value"] == 646


def test_univariable_of_every_cause(capsys: Capture) -> None:
    """Cause-specific Cox and Fine-Gray, each as the model of that covariate alone."""
    line = ("survival", DATA / "mgus2_cr.csv", "--time", "etime", "--cause", "event")
    both, alone = (rows_of(capsys, *line, "--covariates", c) for c in ("age,sex", "sex"))
    for cause in (1, 2):
        for prefix, single in (
            (f"univariable{cause}", f"cox{cause}"),
            (f"univariable_fine_gray{cause}", f"fine_gray{cause}"),
        ):
            assert both[f"all.{prefix}_sex@m.ratio"]["value"] == alone[f"all.{single}_sex@m.ratio"]["value"]
            assert both[f"all.{prefix}_sex.N"]["value"] == 1384


# ---------------------------------------------------------------- repeated in R


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("name", ["codes with gaps", "few at risk"])
def test_r_repeats_them(name: str, tmp_path: Path, capsys: Capture) -> None:
    """Causes under their codes, and a curve whose median is not given."""
    if name == "few at risk":
        line = ("survival", table_of(tmp_path, SEVEN), "--time", "t", "--event", "e", "--group", "g")
    else:
        line = ("survival", recoded(tmp_path), "--time", "etime", "--cause", "event", "--covariates", "age,sex")
    printed(capsys, *line, "--at", "45", "--emit-r", tmp_path / "out.R", "--save", tmp_path / "out.json")
    found = json.loads(printed(capsys, "verify", tmp_path / "out.json", "--json"))
    assert found["agrees"]
    assert found["compared"] > 50


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_repeats_the_curves_of_each_group_by_state(tmp_path: Path) -> None:
    """survfit on the pieces of each arm, split by its own lines."""
    table = read_table(Ask(DATA / "myeloid.csv", "futime", "death", switch="txtime", group="trt", at=(Decimal(365),)))
    rows = analyse_table(table).rows
    script = tmp_path / "pieces.R"
    script.write_text(PIECES, encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("Rscript")), str(script), str(DATA / "myeloid.csv")],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 4
    for arm, state, *numbers in lines:
        head = f"survival.by_trt_and_state.{arm}_{state}.survival@365d"
        ours = [rows[f"{head}.{stat}"].value for stat in ("at_risk", "estimate", "se", "low", "high")]
        assert ours == pytest.approx([float(n) for n in numbers], rel=1e-9)


PIECES = """
library(survival)
d <- read.csv(commandArgs(TRUE)[1])
for (arm in c("A", "B")) {
  one <- d[d$trt == arm, ]
  moved <- !is.na(one$txtime) & one$txtime < one$futime
  before <- Surv(rep(-1, nrow(one)), ifelse(moved, one$txtime, one$futime), ifelse(moved, 0, one$death))
  after <- Surv(one$txtime[moved], one$futime[moved], one$death[moved])
  for (state in c("before", "after")) {
    s <- summary(survfit((if (state == "before") before else after) ~ 1, conf.type = "log-log"), times = 365)
    cat(tolower(arm), state, sprintf("%.15g", c(s$n.risk, s$surv, s$std.err, s$lower, s$upper)), "\\n")
  }
}
"""


# ---------------------------------------------------------------- figures


def test_curves_of_each_group_by_state() -> None:
    """--switch with --group: before and after in either arm; nobody is counted twice, and all are counted."""
    table = read_table(Ask(DATA / "myeloid.csv", "futime", "death", switch="txtime", group="trt"))
    results = analyse_table(table)
    check_results(results)
    figure = survival_figure(results, table)
    labels = [g.label for g in figure.groups]
    assert labels == ["A, before txtime", "A, after txtime", "B, before txtime", "B, after txtime"]
    whole = survival_figure(*_without_group())
    for place in range(len(figure.ticks_days or ())):
        for state in (0, 1):
            parts = [figure.groups[state + 2 * g].at_risk[place] for g in (0, 1)]
            assert sum(p or 0 for p in parts) == whole.groups[state].at_risk[place]
    assert figure.groups[0].at_risk[0] == 317
    assert whole.annotation == ("Mantel-Byar p <0.001",)


def _without_group() -> tuple[Any, Any]:
    table = read_table(Ask(DATA / "myeloid.csv", "futime", "death", switch="txtime"))
    return analyse_table(table), table


def test_too_many_curves_by_state(tmp_path: Path, capsys: Capture) -> None:
    """Four groups would be eight curves."""
    text = "t,e,s,g\n" + "".join(f"{20 + i},1,{'' if i % 2 else 5},{'abcd'[i % 8 // 2]}\n" for i in range(24))
    line = ("survival", table_of(tmp_path, text), "--time", "t", "--event", "e", "--switch", "s", "--group", "g")
    refuse(capsys, "too-many-curves", *line, "--figure", tmp_path / "f.svg")


def test_the_figure_of_incidences_names_causes_and_tests(tmp_path: Path) -> None:
    """Causes by their codes, Gray's test of each."""
    text = CAUSES.replace("t,c,x", "t,c,g").replace(",9\n", ",1\n")
    lines = [line if i == 0 else line[:-1] + "ab"[i % 2] for i, line in enumerate(text.splitlines())]
    table = read_table(Ask(table_of_lines(tmp_path / "c.csv", lines), "t", cause="c", group="g"))
    figure = incidence_figure(analyse_table(table), table)
    assert figure.causes == ("cause 1", "cause 3", "cause 5")
    assert [a.partition(":")[0] for a in figure.annotation] == [f"Gray's test, cause {c}" for c in (1, 3, 5)]


@pytest.mark.parametrize(
    ("table", "labels"),
    [
        (Ask(DATA / "lung.csv", "time", "status=2", group="sex"), ["sex 1", "sex 2"]),
        (Ask(DATA / "myeloid.csv", "futime", "death", group="trt"), ["A", "B"]),
    ],
    ids=["numbers", "words"],
)
def test_a_legend_says_what_a_number_is_of(table: Ask, labels: list[str]) -> None:
    """1 and 2 with the name of their column; words as they are."""
    read = read_table(table)
    assert [g.label for g in survival_figure(analyse_table(read), read).groups] == labels


# ---------------------------------------------------------------- ids


@pytest.mark.parametrize(
    "ask",
    [
        Ask(DATA / "lung.csv", "time", "status=2", group="sex", covariates=("age",), strata="inst", preset="Prism"),
        Ask(DATA / "firth.csv", "days", "event", group="exposed", covariates=("exposed",), rmst=Decimal(1)),
        Ask(DATA / "veteran.csv", "time", "status", group="celltype", covariates=("age", "karno"), cluster="trt"),
        Ask(DATA / "lung.csv", "time", "status=2", group="sex", landmark=Decimal(60), at=(Decimal(90),)),
        Ask(
            DATA / "myeloid.csv", "futime", "death", switch="txtime", covariates=("sex",), group="trt",
            landmark=Decimal(120), at=(Decimal(90),),
        ),
        Ask(DATA / "mgus2_cr.csv", "etime", cause="event", group="sex", covariates=("age", "male"), at=(Decimal(9),)),
    ],
    ids=["strata", "firth", "clusters", "landmark", "later event", "causes"],
)  # fmt: skip
def test_every_id_is_documented(ask: Ask) -> None:
    """The variable of each row, its covariate and cause put as COVARIATE and C, stands on the page of the command."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "survival-command.md").read_text(encoding="utf-8")
    known = set(re.findall(r"[A-Za-z0-9_]+", page))
    for row in analyse_table(read_table(ask)).rows.values():
        name = re.sub(r"^(univariable_fine_gray|fine_gray)\d", r"\1C", row.variable)
        name = re.sub(r"^(cox|univariable)\d", r"\1", name).replace("firth_", "cox_")
        for column in (*ask.covariates, ask.switch):
            name = re.sub(rf"_{column}(?=_log|$)", "_COVARIATE", name) if column else name
        assert name in known, row.id
