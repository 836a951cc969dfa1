"""OMOP CDM tables, as CSV and as Parquet: who was exposed, when, and what followed, each at its row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from remission.cli import main
from remission.cohort.forms.omop_concepts import omop_words
from remission.cohort.schema import load_schema
from remission.core.errors import FileError

from .reading import read_study

STUDY = '[[source]]\nname = "CDM"\nfile = "cdm"\n'

# SYNTHETIC. Person 4 was never given blinatumomab; person 3 has two observation periods and was grafted before.
TABLES = {
    "person": """\
person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth
1,8507,1980,6,8
2,8532,1950,6,7
3,8532,2001,,
4,8507,1990,1,1
""",
    "drug_exposure": """\
drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date
1,1,45892531,2021-08-01,2021-08-28
2,1,45892531,2021-06-07,2021-07-04
3,2,45892531,2021-07-01,2021-07-10
4,3,900001,2022-02-02,2022-03-01
5,3,1319998,2022-02-02,2022-03-01
6,4,1319998,2021-01-01,2021-01-02
""",
    "observation_period": """\
observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id
1,1,2020-01-01,2023-06-07,32817
2,2,2020-01-01,2021-12-24,32817
3,3,2019-01-01,2020-01-01,32817
4,3,2021-01-01,2024-01-01,32817
5,4,2020-01-01,2024-01-01,32817
""",
    "death": """\
person_id,death_date,death_type_concept_id,cause_concept_id
2,2021-12-24,32817,700001
""",
    "procedure_occurrence": """\
procedure_occurrence_id,person_id,procedure_concept_id,procedure_date
1,1,2107002,2021-10-01
2,3,2107002,2021-05-05
3,3,555,2021-05-06
4,4,2107002,2021-05-05
""",
    "measurement": """\
measurement_id,person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,unit_concept_id
1,1,3000963,2021-06-06,4172703,101,8636
2,1,3024929,2021-06-06,4171756,5,8848
3,2,424242,2021-06-30,,1,
4,4,3000963,2021-06-06,,99,8636
""",
    "condition_occurrence": """\
condition_occurrence_id,person_id,condition_concept_id,condition_start_date
1,1,800001,2020-09-01
2,1,800001,2020-02-11
3,2,12,2020-02-11
""",
    "concept": """\
concept_id,concept_name,vocabulary_id,concept_code
900001,blinatumomab 0.035 MG Injection [Blincyto],RxNorm,1597264
2107002,"Hematopoietic progenitor cell (HPC); allogeneic transplantation per donor",CPT4,38240
700001,Septic shock,SNOMED,76571007
800001,Acute lymphoid leukemia,SNOMED,91857003
8636,gram per liter,UCUM,g/L
8848,thousand per microliter,UCUM,10*3/uL
""",
}


def write_tables(folder: Path, *, parquet: bool = False, without: tuple[str, ...] = ()) -> None:
    """The tables as files in folder/cdm."""
    cdm = folder / "cdm"
    cdm.mkdir(exist_ok=True)
    for name, text in TABLES.items():
        if name in without:
            continue
        path = cdm / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        if parquet:
            with duckdb.connect(":memory:") as connection:
                connection.execute(f"COPY (FROM read_csv('{path}')) TO '{cdm / name}.parquet'")
            path.unlink()


@pytest.mark.parametrize("parquet", [False, True])
def test_the_cohort_is_that_of_the_tables(tmp_path: Path, parquet: bool) -> None:
    """Worked out by hand from the tables above; CSV and Parquet give the same."""
    write_tables(tmp_path, parquet=parquet)
    cohort, findings = read_study(STUDY, tmp_path)
    patients, outcomes, grafts, labs, infusions = (
        cohort.tables[name].columns for name in ("patients", "outcomes", "therapies", "labs", "infusions")
    )
    assert cohort.patients == ["1", "2", "3"]
    assert patients["sex"] == ["male", "female", "female"]
    assert patients["age_years"] == [40, 71, 21]  # a day before the birthday, after it, by the year alone
    assert patients["first_infusion_day"] == [0, 0, 0]
    assert patients["diagnosis_day"] == [-482, None, None]
    assert list(zip(infusions["patient"], infusions["start_day"], infusions["end_day"], strict=True)) == [
        ("1", 55, 82), ("1", 0, 27), ("2", 0, 9), ("3", 0, 27),
    ]  # fmt: skip
    order = [outcomes["patient"].index(p) for p in ("1", "2", "3")]
    assert [outcomes["status"][i] for i in order] == ["alive", "dead", "alive"]
    assert [outcomes["death_day"][i] for i in order] == [None, 176, None]
    assert [outcomes["last_contact_day"][i] for i in order] == [730, 176, 698]
    assert [outcomes["cause_of_death"][i] for i in order] == [None, "Septic shock", None]
    assert list(zip(grafts["patient"], grafts["kind"], grafts["relation"], grafts["start_day"], strict=True)) == [
        ("1", "HSCT", "after", 116), ("3", "HSCT", "before", -273),
    ]  # fmt: skip
    assert list(zip(labs["test"], labs["value"], labs["value_sign"], labs["unit"], labs["day"], strict=True)) == [
        ("Hb", 101, "", "gram per liter", -1), ("platelets", 5, "<", "thousand per microliter", -1),
    ]  # fmt: skip
    assert [f for f in findings if f.severity == "error"] == []
    ending = "parquet" if parquet else "csv"
    assert str(cohort.address("outcomes", order[1], "death_day")) == f"cdm/death.{ending}, row 2, column death_date"
    assert cohort.address("therapies", 1, "start_day").row == 3  # type: ignore[union-attr]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    """Other persons, concepts of no set and ages by the year stand in the findings, at their rows."""
    write_tables(tmp_path)
    _, findings = read_study(STUDY, tmp_path)
    told = {(f.rule, f.file, f.row): f.what for f in findings}
    assert ("omop-other-persons", "cdm/person.csv", "") in told
    assert "1319998" in told["omop-unknown-concept", "cdm/drug_exposure.csv", "6"]
    assert "555" in told["omop-unknown-concept", "cdm/procedure_occurrence.csv", "4"]
    assert "424242" in told["omop-unknown-concept", "cdm/measurement.csv", "4"]
    assert ("omop-age", "cdm/person.csv", "4") in told
    assert not any(f.rule == "blank-row" for f in findings)


def test_new_makes_a_study_that_runs(tmp_path: Path) -> None:
    """`remission new` names the folder where it is, and the study runs as it stands."""
    write_tables(tmp_path)
    assert main(["check", str(tmp_path / "cdm")]) == 0
    assert main(["new", str(tmp_path / "s"), str(tmp_path / "cdm")]) == 0
    assert 'file = "../cdm"' in (tmp_path / "s" / "study.toml").read_text(encoding="utf-8")
    assert main(["study", str(tmp_path / "s")]) == 0
    assert "\nos." in (tmp_path / "s" / "out" / "results.csv").read_text(encoding="utf-8-sig")


def test_without_the_table_concept_ids_count(tmp_path: Path) -> None:
    """The packaged ids find persons 1 and 2; the study's own file adds the concept of person 3."""
    write_tables(tmp_path, without=("concept",))
    cohort, _ = read_study(STUDY, tmp_path)
    assert cohort.patients == ["1", "2"]
    own = tmp_path / "cdm" / "concept_sets.csv"
    own.write_text("set,concept_id\nblinatumomab,900001\nhsct,2107002\n", encoding="utf-8")
    cohort, _ = read_study(STUDY, tmp_path)
    assert cohort.patients == ["1", "2", "3"]
    assert cohort.tables["therapies"].columns["kind"] == ["HSCT", "HSCT"]


def test_numbers_kept_with_decimals_are_ids(tmp_path: Path) -> None:
    """8507.0 is the concept 8507."""
    write_tables(tmp_path)
    person = tmp_path / "cdm" / "person.csv"
    person.write_text(person.read_text(encoding="utf-8").replace("8507", "8507.0"), encoding="utf-8")
    cohort, _ = read_study(STUDY, tmp_path)
    assert cohort.tables["patients"].columns["sex"][0] == "male"


@pytest.mark.parametrize(
    ("without", "change", "code"),
    [
        (("death",), None, "no-omop-table"),
        ((), ("drug_exposure.csv", "person_id,drug_concept_id\n1,2\n"), "no-exposure"),
        ((), ("concept_sets.csv", "a,b\n1,2\n"), "concept-sets"),
        ((), ("concept_sets.csv", "set,concept_id\nhscts,2\n"), "concept-sets"),
        (("death",), ("death.parquet", "no parquet"), "broken-parquet"),
    ],
)
def test_what_cannot_be_read_is_one_error(
    tmp_path: Path, without: tuple[str, ...], change: tuple[str, str] | None, code: str
) -> None:
    """A table that is missing or broken, nobody exposed, a set that is not known."""
    write_tables(tmp_path, without=without)
    if change:
        (tmp_path / "cdm" / change[0]).write_text(change[1], encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_study(STUDY, tmp_path)
    assert caught.value.code == code


def test_every_set_has_a_source() -> None:
    """No id or code without where it was found; every set is of a table that is read."""
    words = omop_words()
    for one in words.sets.values():
        assert all(one.ids.values())
        assert all(one.codes.values())
        assert one.ids or one.codes or one.words
        assert one.table in {"drug_exposure", "procedure_occurrence", "condition_occurrence", "measurement"}
    assert set(words.meanings["gender"].values()) == set(load_schema().field("patients", "sex").allowed)


def test_nobody_grafted_is_recorded_as_such(tmp_path: Path) -> None:
    """Procedures without a graft say that there was none; without the table nothing is said."""
    write_tables(tmp_path)
    (tmp_path / "cdm" / "procedure_occurrence.csv").write_text(
        "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date\n1,1,555,2021-10-01\n", encoding="utf-8"
    )
    cohort, findings = read_study(STUDY, tmp_path)
    assert len(cohort.tables["therapies"]) == 0
    assert ("therapies", "start_day") in cohort.recorded
    assert [f for f in findings if f.severity == "error"] == []
    (tmp_path / "cdm" / "procedure_occurrence.csv").unlink()
    cohort, _ = read_study(STUDY, tmp_path)
    assert ("therapies", "start_day") not in cohort.recorded


def test_records_without_a_concept_count_by_their_source_value(tmp_path: Path) -> None:
    """Concept 0 is the model's own sign for none: then what the source wrote is looked at, and told."""
    write_tables(tmp_path, without=("concept",))
    (tmp_path / "cdm" / "drug_exposure.csv").rename(tmp_path / "cdm" / "site1_drug_exposure.csv")
    exposure = tmp_path / "cdm" / "site1_drug_exposure.csv"
    lines = exposure.read_text(encoding="utf-8").splitlines()
    changed = [
        lines[0] + ",drug_source_value",
        *(line.replace("900001", "0") + ",Blinatumomab 38.5 ug" for line in lines[1:]),
    ]
    exposure.write_text("\n".join(changed) + "\n", encoding="utf-8")
    cohort, findings = read_study(STUDY, tmp_path)
    assert cohort.patients == ["1", "2", "3"]  # person 4 has the concept of another drug, which counts
    assert [(f.row, f.column) for f in findings if f.rule == "omop-source-value"] == [("5", "drug_concept_id")]
    assert len(cohort.tables["infusions"]) == 4
