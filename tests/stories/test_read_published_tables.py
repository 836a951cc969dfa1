"""The tables of two published studies, exactly as printed, read by the mappings of their study.toml."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from remission.cohort.build import read_cohort
from remission.cohort.source_spec import OriginSpec, SourceSpec
from remission.cohort.table import Cohort
from remission.core.findings import Finding
from remission.core.settings import load

STUDIES = Path(__file__).parents[2] / "studies"


@cache
def study(name: str) -> tuple[Cohort, tuple[Finding, ...]]:
    folder = STUDIES / name
    protocol = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    sources = [load(SourceSpec, s, where=f"[[source]] {i}") for i, s in enumerate(protocol["source"], 1)]
    return read_cohort(sources, folder=folder, origin=load(OriginSpec, protocol["origin"], where="[origin]"))


def printed(name: str, table: str) -> list[dict[str, str]]:
    with (STUDIES / name / f"{name}_{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def rows_of(name: str, rule: str) -> dict[tuple[str, str], list[str]]:
    """(file, column) -> rows, for the findings of one rule."""
    found: dict[tuple[str, str], list[str]] = {}
    for finding in study(name)[1]:
        if finding.rule == rule:
            found.setdefault((finding.file, finding.column), []).append(finding.row)
    return found


@pytest.mark.parametrize("name", ["xie2023", "yin2024"])
def test_a_study_as_printed_has_no_error_and_every_row_is_used(name: str) -> None:
    cohort, findings = study(name)
    assert [f for f in findings if f.severity == "error"] == []
    assert all(info.rows_read == info.rows_used for info in cohort.sources)


def test_xie_look_alikes_are_named_with_their_rows() -> None:
    assert rows_of("xie2023", "look-alike") == {
        ("xie2023_table2.csv", "CR"): ["9, 17, 22, 24, 30"],
        ("xie2023_table4.csv", "Donor type"): ["5, 8, 9, 10", "5, 8, 9, 10"],
    }
    words = " ".join(f.what for f in study("xie2023")[1] if f.rule == "look-alike")
    assert all(code in words for code in ("U+039D", "U+0421", "U+0412"))


def test_xie_patients_are_all_there_with_their_marks() -> None:
    cohort, _ = study("xie2023")
    patients = cohort.tables["patients"].columns
    assert patients["patient"] == [str(i) for i in range(1, 34)]
    marked = [p for p, f in zip(patients["patient"], patients["fusion_gene_positive"], strict=True) if f == "yes"]
    assert marked == ["11", "14", "18", "24", "27", "31", "33"]
    # the mark and the gene column say the same
    genes = [p for p, g in zip(patients["patient"], patients["fusion_gene"], strict=True) if g != "none detected"]
    assert genes == marked
    assert rows_of("xie2023", "marked-id") == {("xie2023_table2.csv", "Case"): ["12, 15, 19, 25, 28, 32, 34"]}


def test_xie_marrow_is_as_printed_and_the_floor_is_below_detection() -> None:
    cohort, _ = study("xie2023")
    marrow = cohort.tables["marrow"].columns
    table = printed("xie2023", "table2")
    before = [i for i, r in enumerate(cohort.tables["marrow"].record) if r == "marrow@before"]
    after = [i for i, r in enumerate(cohort.tables["marrow"].record) if r == "marrow@after"]
    assert (len(before), len(after)) == (33, 33)
    assert [marrow["mrd_percent"][i] for i in before] == [float(r["Prior blinatumomab: MRD %"]) for r in table]
    assert [marrow["blasts_percent"][i] for i in after] == [
        float(r["After blinatumomab: Primitive cells%"]) for r in table
    ]
    assert Counter(marrow["mrd_percent_sign"][i] for i in before) == {"": 27, "<": 6}
    assert Counter(marrow["mrd_percent_sign"][i] for i in after) == {"": 8, "<": 25}
    assert {marrow["day"][i] for i in before} == {0}
    assert {marrow["visit"][i] for i in after} == {"end of course"}
    assert Counter(marrow["response_reported"][i] for i in after) == {"CR": 26, "no CR": 7}
    assert str(cohort.address("marrow", after[7], "response_reported")) == "xie2023_table2.csv, row 9, column CR"


def test_xie_treatments_are_one_record_each() -> None:
    cohort, _ = study("xie2023")
    therapies = cohort.tables["therapies"]
    kinds = Counter(zip(therapies.record, therapies.columns["kind"], strict=True))
    assert kinds == {
        ("therapies@before", "chemotherapy"): 33,
        ("therapies@before", "CAR-T"): 6,
        ("therapies@before", "HSCT"): 1,
        ("therapies@after", "HSCT"): 15,
        ("therapies@after", "CAR-T"): 6,
        ("therapies@after", "chemotherapy"): 8,
        ("therapies@after", "blinatumomab"): 2,
        ("therapies@after", "none"): 2,
        ("", "HSCT"): 16,
    }


def test_xie_follow_up_in_months_is_days_to_death_or_last_contact() -> None:
    cohort, _ = study("xie2023")
    outcomes = cohort.tables["outcomes"].columns
    assert Counter(outcomes["status"]) == {"alive": 29, "dead": 4}
    # 19.3 months of 30.4375 days; the same cell fills the last contact
    assert (outcomes["follow_up_day"][0], outcomes["last_contact_day"][0], outcomes["death_day"][0]) == (587, 587, None)
    assert [d for d in outcomes["death_day"] if d is not None] == [548, 280, 256, 222]
    assert all(
        (d is None) != (c is None) for d, c in zip(outcomes["death_day"], outcomes["last_contact_day"], strict=True)
    )
    assert str(cohort.address("outcomes", 3, "death_day")).endswith("row 5, column Follow-up time (months)")


def test_xie_grafts_keep_their_own_numbers_and_the_second_graft_follows_the_first() -> None:
    cohort, _ = study("xie2023")
    therapies = cohort.tables["therapies"]
    grafts = [i for i, p in enumerate(therapies.columns["patient"]) if str(p).startswith("HSCT:")]
    assert [therapies.columns["patient"][i] for i in grafts][3:6] == ["HSCT:4", "HSCT:4", "HSCT:5"]
    assert rows_of("xie2023", "continued-row") == {("xie2023_table4.csv", "Number"): ["6"]}
    assert [therapies.columns["interval_days"][i] for i in grafts][:6] == [38, 26, 14, 21, None, 18]
    assert [therapies.columns["neutrophil_engraftment_days"][i] for i in grafts][:6] == [15, 15, 11, None, 13, 14]
    assert Counter(therapies.columns["graft_source"][i] for i in grafts) == {
        "marrow and blood": 5,
        "peripheral blood": 7,
        "cord blood": 4,
    }
    assert therapies.columns["conditioning"][grafts[0]] == "CCNU + FLAG + BuCy + ATG"
    assert cohort.scopes == {"HSCT": 1}
    assert not any(p.startswith("HSCT:") for p in cohort.patients)


def test_yin_tables_agree_where_both_print_the_same() -> None:
    cohort, findings = study("yin2024")
    assert cohort.patients == [str(i) for i in range(1, 31)]
    assert "conflicting-values" not in {f.rule for f in findings}
    patients = cohort.tables["patients"].columns
    assert [patients["age_years"][i] for i in range(3)] == [52.0, 64.0, 18.0]
    assert Counter(patients["sex"]) == {"male": 14, "female": 16}


def test_yin_hyphens_are_folded_and_noted() -> None:
    assert rows_of("yin2024", "look-alike") == {
        ("yin2024_table1.csv", "Preblina therapy"): ["9, 16, 19, 24"],
        ("yin2024_table2.csv", "Response to blina"): ["7, 10, 12, 25, 27"],
        ("yin2024_table2.csv", "Follow-up therapy after blina"): ["3, 4, 15, 21, 22, 23, 24, 28"],
    }
    assert {f.severity for f in study("yin2024")[1]} == {"note"}


def test_yin_outcomes_are_as_printed() -> None:
    cohort, _ = study("yin2024")
    outcomes = cohort.tables["outcomes"].columns
    table = printed("yin2024", "table2")
    assert Counter(outcomes["status"]) == Counter("alive" if r["Cause of death"] == "Alive" else "dead" for r in table)
    assert Counter(outcomes["relapse"]) == Counter({"Yes": "yes", "No": "no", "": None}[r["Relapse"]] for r in table)
    assert ("outcomes", "follow_up_day") not in cohort.recorded
    marrow = cohort.tables["marrow"].columns
    assert Counter(marrow["response_reported"][30:]) == {"CR": 16, "CRi": 9, "no response": 5}
    therapies = cohort.tables["therapies"]
    third = [therapies.columns["kind"][i] for i, p in enumerate(therapies.columns["patient"]) if p == "3"]
    assert third == ["chemotherapy", "CAR-T", "HSCT"]


def test_every_rule_of_the_reading_is_in_the_how_to() -> None:
    house = STUDIES.parent
    folder = house / "src" / "remission" / "cohort"
    how_to = (house / "docs" / "how-to" / "reading.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z0-9-]+)`", how_to.partition("## Findings of the reading")[2]))
    named = set()
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(
            re.findall(
                r'(?:"(?:error|warning|note)"(?: if \w+ else "\w+")?|severity),(?:  #[^\n]*)?\s*"([a-z0-9-]+)",', text
            )
        )
    assert named >= {"look-alike", "not-a-number", "decimal-mark", "ambiguous-dates", "identifier", "row-not-a-patient"}
    assert named <= documented
