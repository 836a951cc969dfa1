"""A synthetic ward from call to report: the same bytes for a seed, clean data without a doubt, every trap told."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from remission.checking import check_path, new_study
from remission.cli import main
from remission.core.errors import DataError, FileError
from remission.study import run_study
from remission.synth import Asked, write_ward
from remission.synth.sheets import SHEETS
from remission.synth.traps import TRAPS

ROOT = Path(__file__).resolve().parents[2]
WARD = ROOT / "studies" / "synthetic_ward"
# how the kept ward was made; its folder holds nothing else
KEPT = Asked(patients=60, seed=2025, centres=2, as_csv=True)


def tool() -> ModuleType:
    """tools/traps.py, which holds traps.csv against the findings."""
    spec = importlib.util.spec_from_file_location("traps_tool", ROOT / "tools" / "traps.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["traps_tool"] = module
    spec.loader.exec_module(module)
    return module


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    "asked",
    [
        Asked(patients=25, seed=3, centres=2, redcap=True, omop=True),
        Asked(patients=25, seed=3, as_csv=True),
        Asked(patients=40, seed=3, messy=True),
    ],
    ids=["workbook", "csv", "messy"],
)
def test_a_seed_is_a_ward(asked: Asked, tmp_path: Path) -> None:
    """The same call gives the same bytes, in every file."""
    write_ward(tmp_path / "one", asked)
    write_ward(tmp_path / "two", asked)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_another_seed_is_another_ward(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_ward(tmp_path / str(seed), Asked(patients=25, seed=seed, as_csv=True))
    one, two = files_of(tmp_path / "1"), files_of(tmp_path / "2")
    assert all(one[name] != two[name] for name in one)


def test_more_patients_are_drawn_in_chunks_of_their_own(tmp_path: Path) -> None:
    """The ids go on from chunk to chunk, each patient once in each sheet of one row a patient."""
    made = write_ward(
        tmp_path / "large", Asked(patients=20_050, seed=1, without=("Infusions", "Laboratory", "Adverse events"))
    )
    for path in made.files:
        with path.open(encoding="utf-8", newline="") as handle:
            ids = [row["Patient ID"] for row in csv.DictReader(handle)]
        assert set(ids) == {f"SYN-{n:05d}" for n in range(1, 20_051)}
        if path.name in ("synthetic_patients.csv", "synthetic_outcomes.csv"):
            assert len(ids) == 20_050


@pytest.mark.parametrize(("seed", "as_csv"), [(1, False), (2, True)])
def test_a_clean_ward_leaves_no_doubt(seed: int, as_csv: bool, tmp_path: Path) -> None:
    """Of its own study.toml there are notes on the floors of the assays and on text files, no warning and no error."""
    write_ward(tmp_path / "ward", Asked(patients=60, seed=seed, centres=3, as_csv=as_csv))
    found = {(f.severity, f.rule) for f in check_path(tmp_path / "ward")}
    allowed = {("note", rule) for rule in ("assay-floor", "below-limit", "encoding", "delimiter")}
    assert found <= allowed
    assert ("note", "assay-floor") in found


def test_new_understands_the_clean_workbook(tmp_path: Path) -> None:
    """`remission new` places every column as the ward's own study.toml does, and what it proposes leaves no doubt."""
    made = write_ward(tmp_path / "ward", Asked(patients=40, seed=4))
    study, notes = new_study(tmp_path / "new", made.files[0])
    proposed = tomllib.loads(study.read_text(encoding="utf-8"))["source"]
    placed = {c["to"] for s in proposed for c in s["column"]}
    assert {c.to for sheet in SHEETS for c in sheet.columns if not c.to.endswith(".patient")} <= placed
    assert not [note for note in notes if "left out" in note and "0 left out" not in note]
    assert not [f for f in check_path(study.parent) if f.severity != "note"]


def test_everything_says_synthetic(tmp_path: Path) -> None:
    """Study, files, sheets and ids: nothing of it can be taken for a patient."""
    made = write_ward(tmp_path / "ward", Asked(patients=25, seed=1, redcap=True, omop=True, messy=True))
    assert tomllib.loads(made.study.read_text(encoding="utf-8"))["study"]["kind"] == "synthetic"
    data = [p for p in made.files if p.name != "traps.csv"]
    assert all("synthetic" in p.name for p in data)
    book = openpyxl.load_workbook(made.files[0])
    assert all("synthetic" in name for name in book.sheetnames)
    assert "Synthetic" in str(book.properties.title)
    with next(p for p in data if p.name == "synthetic_person.csv").open(encoding="utf-8", newline="") as handle:
        assert all(row["person_source_value"].startswith("SYN-") for row in csv.DictReader(handle))


# ---------------------------------------------------------------- traps


@pytest.mark.parametrize("seed", [11, 12])
def test_every_trap_is_told_where_it_is_and_nothing_else_is_an_error(seed: int, tmp_path: Path) -> None:
    """The findings of a messy ward, held against traps.csv."""
    made = write_ward(tmp_path / "ward", Asked(patients=120, seed=seed, centres=2, messy=True))
    found = tool().judge(tmp_path / "ward")
    assert found.missed == ()
    assert found.extra == ()
    assert len(found.planted) == made.traps > 90


def test_each_trap_finds_a_place(tmp_path: Path) -> None:
    """In a ward of some hundred patients every trap can be planted: none is there for show."""
    made = write_ward(tmp_path / "ward", Asked(patients=300, seed=5, messy=True))
    assert made.skipped == ()
    with (tmp_path / "ward" / "traps.csv").open(encoding="utf-8", newline="") as handle:
        planted = {row["trap"] for row in csv.DictReader(handle)}
    assert planted == {trap.name for trap in TRAPS if not trap.is_alone}


@pytest.mark.parametrize("trap", [t.name for t in TRAPS if t.is_alone])
def test_a_trap_that_stands_alone_is_told(trap: str, tmp_path: Path) -> None:
    write_ward(tmp_path / "ward", Asked(patients=60, seed=1, traps=(trap,)))
    found = tool().judge(tmp_path / "ward")
    assert found.planted == {trap}
    assert found.missed == found.extra == ()


def test_what_only_has_to_be_read_changes_no_result(tmp_path: Path) -> None:
    """Letters, formats, titles, units and marks aside, the messy ward is the clean one: every result is the same."""
    analysis = tool().analysis
    write_ward(tmp_path / "clean", Asked(patients=60, seed=7, centres=2))
    write_ward(tmp_path / "messy", Asked(patients=60, seed=7, centres=2, traps=("reading",)))
    clean = analysis(tmp_path / "clean")
    assert len(clean) > 1000
    assert clean == analysis(tmp_path / "messy")


def test_the_judge_can_fail(tmp_path: Path) -> None:
    """A trap that is not in the data is missed, and an error that no trap explains is extra."""
    write_ward(tmp_path / "ward", Asked(patients=60, seed=1, traps=("unknown-code", "impossible-age")))
    listed = tmp_path / "ward" / "traps.csv"
    head, first, second = listed.read_text(encoding="utf-8").splitlines()
    kept, moved = (first, second) if first.startswith("unknown-code") else (second, first)
    cells = moved.split(",")
    cells[3] = "2" if cells[3] != "2" else "3"
    listed.write_text("\n".join([head, kept, ",".join(cells)]) + "\n", encoding="utf-8")
    found = tool().judge(tmp_path / "ward")
    assert [m.split(":")[0] for m in found.missed] == ["impossible-age"]
    assert [e.rpartition(" ")[2] for e in found.extra] == ["[impossible-age]"]


# ---------------------------------------------------------------- REDCap and OMOP


def test_redcap_holds_what_the_sheets_hold(tmp_path: Path) -> None:
    """As many repeated rows as the sheets have; every variable is in the dictionary; codes are explained."""
    write_ward(tmp_path / "ward", Asked(patients=30, seed=2, as_csv=True, redcap=True))
    folder = tmp_path / "ward" / "redcap"
    with (folder / "synthetic_redcap_data.csv").open(encoding="utf-8", newline="") as handle:
        data = list(csv.DictReader(handle))
    with (folder / "synthetic_redcap_dictionary.csv").open(encoding="utf-8", newline="") as handle:
        dictionary = {row["Variable / Field Name"]: row for row in csv.DictReader(handle)}
    own = {"redcap_repeat_instrument", "redcap_repeat_instance"}
    assert {n for n in data[0] if n not in own and not n.endswith("_complete")} == set(dictionary)
    for sheet in SHEETS:
        form = sheet.name.lower().replace(" ", "_")
        with (tmp_path / "ward" / sheet.file).open(encoding="utf-8", newline="") as handle:
            rows = sum(1 for _ in csv.DictReader(handle))
        assert sum(bool(row[f"{form}_complete"]) for row in data) == rows
    sex = dict(
        part.split(", ") for part in dictionary["patients_sex"]["Choices, Calculations, OR Slider Labels"].split(" | ")
    )
    assert {sex[row["patients_sex"]] for row in data if row["patients_sex"]} == {"male", "female"}


def test_omop_counts_what_the_sheets_count(tmp_path: Path) -> None:
    """Persons, deaths and grafts are those of the sheets, and nobody is observed after death."""
    write_ward(tmp_path / "ward", Asked(patients=50, seed=2, as_csv=True, omop=True))
    ward = tmp_path / "ward"

    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    deaths = {r["person_id"]: r["death_date"] for r in rows(ward / "omop" / "synthetic_death.csv")}
    outcomes, therapies = rows(ward / "synthetic_outcomes.csv"), rows(ward / "synthetic_therapies.csv")
    assert len(rows(ward / "omop" / "synthetic_person.csv")) == len(outcomes) == 50
    assert sorted(deaths.values()) == sorted(r["Date of death"] for r in outcomes if r["Date of death"])
    grafts = [r for r in therapies if r["Treatment"] == "HSCT" and r["Before/after"] == "after"]
    done = [
        r for r in rows(ward / "omop" / "synthetic_procedure_occurrence.csv") if r["procedure_source_value"] == "HSCT"
    ]
    assert sorted(r["Treatment date"] for r in grafts) == sorted(r["procedure_date"] for r in done)
    for period in rows(ward / "omop" / "synthetic_observation_period.csv"):
        death = deaths.get(period["person_id"])
        assert death is None or period["observation_period_end_date"] == death


# ---------------------------------------------------------------- the call


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(patients=19), "bad-size"),
        (Asked(patients=1_000_001), "bad-size"),
        (Asked(centres=0), "bad-centres"),
        (Asked(seed=-1), "bad-seed"),
        (Asked(traps=("greek-leter",)), "unknown-trap"),
        (Asked(without=("Patients",)), "unknown-sheet"),
        (Asked(messy=True, as_csv=True), "messy-workbook"),
        (Asked(messy=True, patients=5000), "messy-workbook"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_writes_nothing(asked: Asked, code: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        write_ward(tmp_path / "ward", asked)
    assert error.value.code == code
    assert error.value.todo
    assert not (tmp_path / "ward").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileError) as error:
        write_ward(tmp_path, Asked())
    assert error.value.code == "study-exists"
    assert files_of(tmp_path) == {"mine.txt": b"mine"}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints, for people and for machines; a wrong trap names the nearest one and exits with 2."""
    assert main(["synth", str(tmp_path / "a"), "--patients", "30", "--traps", "greek-letter"]) == 0
    assert "30 patients, all made up" in capsys.readouterr().out
    assert main(["synth", str(tmp_path / "b"), "--patients", "30", "--csv", "--without", "Laboratory", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["files"]) == len(SHEETS) - 1
    assert main(["synth", str(tmp_path / "c"), "--traps", "greek-leter"]) == 2
    assert "greek-letter" in capsys.readouterr().err


# ---------------------------------------------------------------- the kept ward


def test_the_kept_ward_is_what_the_command_writes(tmp_path: Path) -> None:
    """studies/synthetic_ward, byte for byte."""
    write_ward(tmp_path / "ward", KEPT)
    assert {n: b for n, b in files_of(WARD).items() if not n.startswith("out/")} == files_of(tmp_path / "ward")


def test_the_kept_ward_runs(tmp_path: Path) -> None:
    """From the sheets to the report, which says on its page that nobody in it exists."""
    run = run_study(WARD, tmp_path / "out")
    assert not run.stopped
    assert not [f for f in run.findings if f.severity != "note"]
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "synthetic" in report.lower()
    assert run.results is not None
    failed = [r.id for r in run.results.rows.values() if r.status == "failed"]
    assert failed == []
