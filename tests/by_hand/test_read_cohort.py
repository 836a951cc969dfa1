"""From sheets to tables on six patients: merging, ids, origins, follow-up, records; every value with its cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remission.cohort.build import read_cohort
from remission.cohort.source_spec import ColumnSpec, OriginSpec, PrivacySpec, SourceSpec
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.findings import Finding


def source(folder: Path, name: str, drawing: str, mapping: dict[str, Any], **settings: Any) -> SourceSpec:
    """Write a sheet of aligned cells parted by | as CSV, and map it: header -> target or (target, settings)."""
    rows = [[cell.strip() for cell in line.strip().split("|")] for line in drawing.strip().splitlines()]
    (folder / f"{name}.csv").write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    columns = []
    for header, target in mapping.items():
        to, extra = target if isinstance(target, tuple) else (target, {})
        columns.append(ColumnSpec(header.rstrip("'"), to, **extra))
    return SourceSpec(name, f"{name}.csv", columns=tuple(columns), delimiter=";", **settings)


def read(folder: Path, *sources: SourceSpec, **settings: Any) -> tuple[Cohort, dict[str, Finding]]:
    """The cohort, and its findings by rule (of several, the first)."""
    cohort, findings = read_cohort(sources, folder=folder, **settings)
    return cohort, {f.rule: f for f in reversed(findings) if f.rule not in ("encoding", "delimiter")}


def rows(cohort: Cohort, table: str, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(cohort.tables[table].columns[n] for n in names), strict=True))


PATIENTS = """
    id | sex | age
    3  | M   | 30
    1  | F   | 10
    2  | M   | 20
    """
BASIC = {
    "id": "patients.patient",
    "sex": ("patients.sex", {"values": {"M": "male", "F": "female"}}),
    "age": "patients.age_years",
}


def test_every_value_knows_its_cell(tmp_path: Path) -> None:
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC))
    assert rows(cohort, "patients", "patient", "sex", "age_years") == [
        ("3", "male", 30.0),
        ("1", "female", 10.0),
        ("2", "male", 20.0),
    ]
    assert str(cohort.address("patients", 1, "age_years")) == "a.csv, row 3, column age"
    assert str(cohort.address("patients", 1, "patient")) == "a.csv, row 3, column id"
    assert cohort.address("patients", 1, "centre") is None
    assert ("patients", "age_years") in cohort.recorded
    assert ("patients", "centre") not in cohort.recorded
    assert findings == {}
    assert all(len(c) == len(t) for t in cohort.tables.values() for c in t.columns.values())


def test_two_sheets_become_one_row_a_patient_and_moved_values_keep_their_own_cell(tmp_path: Path) -> None:
    second = source(
        tmp_path, "b", "pat | wt\n1 | 61\n2 | 62\n3 | 63", {"pat": "patients.patient", "wt": "patients.weight_kg"}
    )
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), second)
    assert rows(cohort, "patients", "patient", "weight_kg") == [("3", 63.0), ("1", 61.0), ("2", 62.0)]
    assert str(cohort.address("patients", 0, "weight_kg")) == "b.csv, row 4, column wt"
    assert str(cohort.address("patients", 0, "age_years")) == "a.csv, row 2, column age"
    assert findings == {}


def test_values_that_agree_merge_and_values_that_differ_are_an_error_with_both_cells(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "age": "patients.age_years"}
    second = source(tmp_path, "b", "id | age\n1 | 10\n2 | 21\n3 | ", mapping)
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), second)
    assert rows(cohort, "patients", "age_years") == [(30.0,), (10.0,), (20.0,)]
    finding = findings["conflicting-values"]
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "b.csv", "3", "age")
    assert "a.csv, column age, row 4" in finding.what
    assert "21" not in str(finding)


def test_a_row_of_a_patient_nobody_knows_is_listed_and_not_used(tmp_path: Path) -> None:
    marrow = source(tmp_path, "m", "id | b\n1 | 50\n9 | 60", {"id": "marrow.patient", "b": "marrow.blasts_percent"})
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), marrow)
    assert rows(cohort, "marrow", "patient", "blasts_percent") == [("1", 50.0)]
    assert (findings["unknown-patient"].severity, findings["unknown-patient"].row) == ("error", "3")
    assert (cohort.sources[1].rows_read, cohort.sources[1].rows_used) == (2, 1)


def test_a_patient_absent_from_the_second_sheet_of_patients_is_a_warning(tmp_path: Path) -> None:
    second = source(tmp_path, "b", "id | wt\n1 | 61\n2 | 62", {"id": "patients.patient", "wt": "patients.weight_kg"})
    _, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), second)
    assert (findings["not-in-every-sheet"].file, findings["not-in-every-sheet"].row) == ("a.csv", "2")


def test_duplicate_ids_in_a_sheet_of_patients_are_an_error_and_the_first_stays(tmp_path: Path) -> None:
    cohort, findings = read(
        tmp_path,
        source(
            tmp_path, "a", "id|age\n1|10\n2|20\n1|11\n3|30", {"id": "patients.patient", "age": "patients.age_years"}
        ),
    )
    assert rows(cohort, "patients", "patient", "age_years") == [("1", 10.0), ("2", 20.0), ("3", 30.0)]
    assert (findings["duplicate-id"].severity, findings["duplicate-id"].row) == ("error", "2, 4")
    assert (cohort.sources[0].rows_read, cohort.sources[0].rows_used) == (4, 3)


def test_several_rows_a_patient_are_no_duplicates_in_a_sheet_of_records(tmp_path: Path) -> None:
    marrow = source(tmp_path, "m", "id|b\n1|50\n1|40", {"id": "marrow.patient", "b": "marrow.blasts_percent"})
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), marrow)
    assert rows(cohort, "marrow", "patient", "blasts_percent") == [("1", 50.0), ("1", 40.0)]
    assert findings == {}


@pytest.mark.parametrize("other", ["007", "7.0", '"7 "'])
def test_an_id_spelled_in_two_ways_is_an_error(tmp_path: Path, other: str) -> None:
    marrow = source(tmp_path, "m", f"id|b\n{other}|50\n8|1", {"id": "marrow.patient", "b": "marrow.blasts_percent"})
    main = source(tmp_path, "a", "id|age\n7|10\n8|20", {"id": "patients.patient", "age": "patients.age_years"})
    cohort, findings = read(tmp_path, main, marrow)
    assert (findings["id-spelling"].severity, findings["id-spelling"].file, findings["id-spelling"].row) == (
        "error",
        "m.csv",
        "2",
    )
    assert set(findings) == {"id-spelling"}
    assert cohort.tables["marrow"].columns["patient"] == ["7", "8"]


def test_a_row_without_an_id_is_an_error_or_continues_the_row_above(tmp_path: Path) -> None:
    drawing = "id|kind\n1|HSCT\n|CAR-T\n2|HSCT"
    mapping = {"id": "therapies.patient", "kind": "therapies.kind"}
    main = source(tmp_path, "a", PATIENTS, BASIC)
    cohort, findings = read(tmp_path, main, source(tmp_path, "t", drawing, mapping))
    assert rows(cohort, "therapies", "patient", "kind") == [("1", "HSCT"), ("2", "HSCT")]
    assert (findings["missing-id"].severity, findings["missing-id"].row) == ("error", "3")
    cohort, findings = read(tmp_path, main, source(tmp_path, "t", drawing, mapping, blank_id="continues"))
    assert rows(cohort, "therapies", "patient", "kind") == [("1", "HSCT"), ("1", "CAR-T"), ("2", "HSCT")]
    assert (findings["continued-row"].severity, findings["continued-row"].row) == ("note", "3")


def test_a_mark_on_an_id_is_taken_off_and_sets_its_flag(tmp_path: Path) -> None:
    mapping = {
        "id": ("patients.patient", {"marks": {"*": "patients.fusion_gene_positive"}}),
        "age": "patients.age_years",
    }
    cohort, findings = read(tmp_path, source(tmp_path, "a", "id|age\n1*|10\n2|20\n3 *|30", mapping))
    assert rows(cohort, "patients", "patient", "fusion_gene_positive") == [("1", "yes"), ("2", "no"), ("3", "yes")]
    assert (findings["marked-id"].severity, findings["marked-id"].row) == ("note", "2, 4")
    assert str(cohort.address("patients", 0, "fusion_gene_positive")) == "a.csv, row 2, column id"


def test_a_mark_on_a_value_is_taken_off_and_sets_its_flag(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "wbc": ("patients.wbc_10e9_l", {"marks": {"†": "patients.extramedullary"}})}
    cohort, _ = read(tmp_path, source(tmp_path, "a", "id|wbc\n1|5.5†\n2|6\n3|", mapping))
    assert rows(cohort, "patients", "wbc_10e9_l", "extramedullary") == [(5.5, "yes"), (6.0, "no"), (None, None)]


def test_one_cell_may_stand_for_several_records(tmp_path: Path) -> None:
    values = {"Chemo + HSCT": ("chemotherapy", "HSCT"), "Chemo": "chemotherapy", "untreated": ()}
    mapping = {"id": "patients.patient", "prior": ("therapies@before.kind", {"values": values})}
    records = {"therapies@before": {"relation": "before"}}
    drawing = "id|prior\n1|Chemo + HSCT\n2|untreated\n3|Chemo"
    cohort, findings = read(tmp_path, source(tmp_path, "a", drawing, mapping, records=records))
    assert rows(cohort, "therapies", "patient", "kind", "relation") == [
        ("1", "chemotherapy", "before"),
        ("1", "HSCT", "before"),
        ("3", "chemotherapy", "before"),
    ]
    assert str(cohort.address("therapies", 1, "kind")) == "a.csv, row 2, column prior"
    assert findings == {}


def test_several_records_of_one_row_and_a_record_that_says_nothing_is_not_made(tmp_path: Path) -> None:
    mapping = {
        "id": "patients.patient",
        "b0": "marrow@before.blasts_percent",
        "b1": "marrow@after.blasts_percent",
        "m1": "marrow@after.mrd_percent",
    }
    records = {"marrow@before": {"visit": "before", "day": 0}, "marrow@after": {"visit": "day 15", "day": 15}}
    drawing = "id|b0|b1|m1\n1|50|2|<0.01\n2|60|-|-"
    cohort, _ = read(tmp_path, source(tmp_path, "a", drawing, mapping, records=records))
    assert rows(cohort, "marrow", "patient", "visit", "day", "blasts_percent", "mrd_percent", "mrd_percent_sign") == [
        ("1", "before", 0, 50.0, None, ""),
        ("2", "before", 0, 60.0, None, ""),
        ("1", "day 15", 15, 2.0, 0.01, "<"),
    ]
    assert cohort.tables["marrow"].record == ["marrow@before", "marrow@before", "marrow@after"]


def test_the_id_alone_makes_a_record_of_constants(tmp_path: Path) -> None:
    mapping = {**BASIC, "id'": "infusions@1.patient"}
    records = {"infusions@1": {"cycle": 1, "start_day": 0}}
    cohort, _ = read(tmp_path, source(tmp_path, "a", PATIENTS, mapping, records=records))
    assert rows(cohort, "infusions", "patient", "cycle", "start_day") == [("3", 1, 0), ("1", 1, 0), ("2", 1, 0)]


DATED = """
    id | start      | relapse    | state | last
    1  | 31.01.2022 | 02.03.2022 | dead  | 31.01.2023
    2  | 01.02.2022 |            | alive | 01.02.2023
    3  | 15.02.2022 | 16.02.2022 |       | 15.03.2022
    4  |            | 01.01.2022 | alive |
    """
DATES = {
    "id": "patients.patient",
    "start": "patients.first_infusion_day",
    "relapse": "outcomes.relapse_day",
    "state": "outcomes.status",
    "last": "outcomes.follow_up_day",
}


def test_dates_become_days_since_each_patients_own_origin(tmp_path: Path) -> None:
    cohort, findings = read(tmp_path, source(tmp_path, "a", DATED, DATES), origin=OriginSpec(cutoff="2023-02-01"))
    assert rows(cohort, "patients", "first_infusion_day", "cutoff_day") == [(0, 366), (0, 365), (0, 351), (None, None)]
    assert rows(cohort, "outcomes", "relapse_day", "follow_up_day") == [(30, 365), (None, 365), (1, 28), (None, None)]
    assert (findings["no-origin"].severity, findings["no-origin"].row, findings["no-origin"].column) == (
        "error",
        "5",
        "relapse",
    )
    assert not any("202" in str(f) for f in findings.values())


def test_follow_up_is_death_of_the_dead_and_last_contact_of_the_living(tmp_path: Path) -> None:
    cohort, findings = read(tmp_path, source(tmp_path, "a", DATED, DATES))
    assert rows(cohort, "outcomes", "death_day", "last_contact_day") == [
        (365, None),
        (None, 365),
        (None, None),
        (None, None),
    ]
    assert str(cohort.address("outcomes", 0, "death_day")) == "a.csv, row 2, column last"
    assert {("outcomes", "death_day"), ("outcomes", "last_contact_day")} <= cohort.recorded
    assert (findings["follow-up-without-status"].severity, findings["follow-up-without-status"].row) == ("warning", "4")


def test_a_death_of_its_own_column_stays(tmp_path: Path) -> None:
    mapping = {
        "id": "patients.patient",
        "s": "outcomes.status",
        "fu": "outcomes.follow_up_day",
        "d": "outcomes.death_day",
    }
    cohort, _ = read(tmp_path, source(tmp_path, "a", "id|s|fu|d\n1|dead|100|90\n2|dead|80|", mapping))
    assert rows(cohort, "outcomes", "death_day") == [(90,), (80,)]


def test_another_origin_than_the_infusion(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "dx": "patients.diagnosis_day", "start": "patients.first_infusion_day"}
    drawing = "id|dx|start\n1|2022-01-01|2022-01-31"
    cohort, _ = read(tmp_path, source(tmp_path, "a", drawing, mapping), origin=OriginSpec(field="diagnosis_day"))
    assert rows(cohort, "patients", "diagnosis_day", "first_infusion_day") == [(0, 30)]


def test_origins_that_differ_between_sheets_are_an_error(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "start": "patients.first_infusion_day"}
    one = source(tmp_path, "a", "id|start\n1|2022-01-01\n2|2022-01-02", mapping)
    two = source(tmp_path, "b", "id|start\n1|2022-01-01\n2|2022-01-03", mapping)
    _, findings = read(tmp_path, one, two)
    assert (findings["conflicting-values"].file, findings["conflicting-values"].row) == ("b.csv", "3")


def test_a_sheet_of_its_own_numbering_is_not_tied_to_the_patients(tmp_path: Path) -> None:
    grafts = source(
        tmp_path,
        "g",
        "no|days\n1|38\n2|26",
        {"no": "therapies.patient", "days": "therapies.interval_days"},
        scope="HSCT",
    )
    cohort, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC), grafts)
    assert rows(cohort, "therapies", "patient", "interval_days") == [("HSCT:1", 38), ("HSCT:2", 26)]
    assert cohort.scopes == {"HSCT": 1}
    assert cohort.patients == ["3", "1", "2"]
    assert findings["unlinked-sheet"].severity == "note"


def test_a_column_nobody_uses_is_a_note_and_an_ignored_one_is_not(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "sex": BASIC["sex"]}
    _, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, mapping))
    assert (findings["unmapped-column"].severity, findings["unmapped-column"].column) == ("note", "age")
    _, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, mapping, ignore=("age",)))
    assert findings == {}


MEANS = """
    id   | age
         | years
    1    | 10
    2    | 20
    Mean | 15
    """


def test_a_row_that_is_no_patient_must_be_confirmed(tmp_path: Path) -> None:
    mapping = {"id": "patients.patient", "age": "patients.age_years"}
    cohort, findings = read_cohort([source(tmp_path, "a", MEANS, mapping)], folder=tmp_path)
    stopped = [f for f in findings if f.rule == "row-not-a-patient"]
    assert [(f.severity, f.row) for f in stopped] == [("error", "2"), ("error", "5")]
    assert "Add 2 to skip_rows" in stopped[0].todo
    assert cohort.patients == ["1", "2"]
    cohort, found = read(tmp_path, source(tmp_path, "a", MEANS, mapping, skip_rows=(2, 5)))
    assert cohort.patients == ["1", "2"]
    assert {f.severity for f in found.values()} == {"note"}
    assert (cohort.sources[0].rows_read, cohort.sources[0].rows_used) == (4, 2)


def test_skipping_a_patient_by_row_is_warned_of(tmp_path: Path) -> None:
    _, findings = read(tmp_path, source(tmp_path, "a", PATIENTS, BASIC, skip_rows=(3,)))
    assert (findings["skipped-row"].severity, findings["skipped-row"].row) == ("warning", "3")


def test_identifiers_are_found_and_not_carried_on_without_a_reason(tmp_path: Path) -> None:
    drawing = "id|Name|Geburtsdatum|sex|contact\n1|A B|01.01.1980|M|x@example.org\n2|C D|02.02.1981|F|"
    mapping = {
        "id": "patients.patient",
        "Name": "patients.name",
        "Geburtsdatum": "patients.birth_date",
        "sex": BASIC["sex"],
    }
    spec = source(tmp_path, "a", drawing, mapping)
    cohort, findings = read_cohort([spec], folder=tmp_path)
    found = {f.column: f for f in findings if f.rule == "identifier"}
    assert {c: f.severity for c, f in found.items()} == dict.fromkeys(("Name", "Geburtsdatum", "contact"), "warning")
    assert rows(cohort, "patients", "name", "birth_date") == [(None, None), (None, None)]
    assert ("patients", "name") not in cohort.recorded
    keep = PrivacySpec({"Name": "letters are written to the families", "Geburtsdatum": "wanted"})
    cohort, _ = read_cohort([spec], folder=tmp_path, privacy=keep)
    assert rows(cohort, "patients", "name", "birth_date") == [("A B", None), ("C D", None)]


def test_a_header_with_another_unit_than_the_field_must_be_explained(tmp_path: Path) -> None:
    mapping: dict[str, Any] = {"id": "patients.patient", "FU (months)": "outcomes.follow_up_day"}
    _, findings = read(tmp_path, source(tmp_path, "a", "id|FU (months)\n1|12", mapping))
    assert findings["unit-unclear"].severity == "error"
    mapping["FU (months)"] = ("outcomes.follow_up_day", {"unit": "months"})
    cohort, findings = read(tmp_path, source(tmp_path, "a", "id|FU (months)\n1|12", mapping))
    assert findings == {}
    assert rows(cohort, "outcomes", "follow_up_day") == [(365,)]


@pytest.mark.parametrize(
    ("mapping", "settings", "code"),
    [
        ({"id": "marrow.patient", "age": "marrow.blasts_percent"}, {}, "no-id-column"),
        ({"age": "patients.age_years"}, {}, "no-id-column"),
        ({**BASIC, "Agee": "patients.weight_kg"}, {}, "unknown-header"),
        ({"id": "patients.patient", "age": "patient.age_years"}, {}, "unknown-table"),
        ({"id": "patients.patient", "age": "patients.age"}, {}, "unknown-field"),
        ({"id": "patients.patient", "age": "patients@x.age_years"}, {}, "one-row-table"),
        ({"id": "patients.patient", "age": "patients.age_years", "sex": "patients.age_years"}, {}, "mapped-twice"),
        ({"id": "patients.patient", "age": ("patients.age_years", {"unit": "kg"})}, {}, "unknown-unit"),
        ({"id": "patients.patient", "sex": ("patients.sex", {"values": {"M": "man"}})}, {}, "unknown-code"),
        (BASIC, {"skip_rows": (99,)}, "unknown-row"),
        (BASIC, {"scope": "X"}, "scope-with-patients"),
        (BASIC, {"records": {"patients": {"age": 3}}}, "unknown-field"),
        (BASIC, {"records": {"patients": {"ph_positive": 3}}}, "wrong-constant"),
        (
            {**BASIC, "age": "marrow@before.blasts_percent"},
            {"records": {"marrow@befor": {"day": 0}}},
            "unfilled-record",
        ),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_a_code(
    tmp_path: Path, mapping: dict[str, Any], settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(tmp_path, source(tmp_path, "a", PATIENTS, mapping, **settings))
    assert caught.value.code == code


def test_a_misspelt_header_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="Did you mean age"):
        read(tmp_path, source(tmp_path, "a", PATIENTS, {**BASIC, "Agee": "patients.weight_kg"}))
