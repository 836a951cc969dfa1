"""Headers as wards write them, in five languages: the field and the record they are proposed for."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cohort.propose import propose_study
from remission.core.errors import FileError

from .reading import targets

# header, cells of four patients, proposed target ("" = could not be placed)
HEADERS = (
    ("Age at infusion (y)", "34|56|19|61", "patients.age_years"),
    ("年龄（岁）", "8|5|12|3", "patients.age_years"),
    ("Alter bei Therapiebeginn", "34|56|19|61", "patients.age_years"),
    ("Âge", "34|56|19|61", "patients.age_years"),
    ("Edad (años)", "34|56|19|61", "patients.age_years"),
    ("Sexe", "H|F|H|F", "patients.sex"),
    ("Geschlecht", "m|w|m|w", "patients.sex"),
    ("WBC (/uL)", "12000|4300|5600|9000", "patients.wbc_10e9_l"),
    ("BM blasts pre-blina (%)", "45|80|12|33", "marrow@before.blasts_percent"),
    ("治疗前骨髓原始细胞(%)", "45|80|12|33", "marrow@before.blasts_percent"),
    ("KM-Blasten vor Therapie (%)", "45|80|12|33", "marrow@before.blasts_percent"),
    ("Blastes médullaires avant traitement", "45|80|12|33", "marrow@before.blasts_percent"),
    ("Blastos MO antes de blinatumomab", "45|80|12|33", "marrow@before.blasts_percent"),
    ("BM blast % (d15)", "1|60|1|3", "marrow@after.blasts_percent"),
    ("Marrow blasts after cycle 1", "1|60|1|3", "marrow@after.blasts_percent"),
    ("FCM-MRD D15", "<0.01|55|<0.01|0.02", "marrow@after.mrd_percent"),
    ("治疗后MRD(%)", "<0.01|55|<0.01|0.02", "marrow@after.mrd_percent"),
    ("MRD pre", "pos|pos|neg|pos", "marrow@before.mrd_reported"),
    ("MRD nach Zyklus 1", "<0,01|55,1|<0,01|0,02", "marrow@after.mrd_percent"),
    ("是否完全缓解", "是|否|是|是", "marrow@after.response_reported"),
    ("Best response", "CR|NR|CR|CRi", "marrow@after.response_reported"),
    ("MRD negativity after blinatumomab", "yes|no|yes|no", "marrow@after.mrd_reported"),
    ("Allo-HSCT post blina", "Y|N|N|Y", "therapies@hsct.kind"),
    ("移植日期", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Subsequent treatment", "HSCT|CAR-T|chemo|none", "therapies@after.kind"),
    ("Treatment before blinatumomab", "chemo|chemo + HSCT|chemo|chemo", "patients.prior_treatment"),
    ("Vital status", "Alive|Dead|Alive|Alive", "outcomes.status"),
    ("生存状态", "存活|死亡|存活|存活", "outcomes.status"),
    ("Verstorben", "nein|ja|nein|nein", "outcomes.status"),
    ("OS (months)", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("随访时间(月)", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("Date des dernières nouvelles", "2023-04-13|2023-05-15|2023-04-20|2023-04-21", "outcomes.last_contact_day"),
    ("Rezidiv", "nein|ja|nein|nein", "outcomes.relapse"),
    ("Fecha de recaída", "|2022-03-03||", "outcomes.relapse_day"),
    ("CRS分级", "1|3|0|2", "adverse_events@crs.grade"),
    ("ICANS", "no|yes|no|no", "adverse_events@icans.term"),
    ("Überleben (Monate)", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("Survie (mois)", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("Supervivencia (meses)", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("生存期（月）", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("生存月数", "18.3|5.2|15|11", "outcomes.follow_up_day"),
    ("Datum Rezidiv", "2021-05-12||2021-06-01|", "outcomes.relapse_day"),
    ("Rezidivdatum", "2021-05-12||2021-06-01|", "outcomes.relapse_day"),
    ("Date rechute", "2021-05-12||2021-06-01|", "outcomes.relapse_day"),
    ("Fecha recaída", "2021-05-12||2021-06-01|", "outcomes.relapse_day"),
    ("复发日", "2021-05-12||2021-06-01|", "outcomes.relapse_day"),
    ("Datum Tx", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Datum KMT", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Transplantationsdatum", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Date greffe", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Fecha trasplante", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("移植日", "2021-05-12||2021-06-01|", "therapies@hsct.start_day"),
    ("Todesdatum", "2021-05-12||2021-06-01|", "outcomes.death_day"),
    ("Datum Tod", "2021-05-12||2021-06-01|", "outcomes.death_day"),
    ("Date décès", "2021-05-12||2021-06-01|", "outcomes.death_day"),
    ("Fecha muerte", "2021-05-12||2021-06-01|", "outcomes.death_day"),
    ("死亡日", "2021-05-12||2021-06-01|", "outcomes.death_day"),
    ("Letzter Kontakt", "2021-05-12||2021-06-01|", "outcomes.last_contact_day"),
    ("Dernière visite", "2021-05-12||2021-06-01|", "outcomes.last_contact_day"),
    ("Fecha último contacto", "2021-05-12||2021-06-01|", "outcomes.last_contact_day"),
    ("最近随访日期", "2021-05-12||2021-06-01|", "outcomes.last_contact_day"),
    ("Datum Diagnose", "2021-05-12||2021-06-01|", "patients.diagnosis_day"),
    ("Date 1ère perfusion", "2021-05-12||2021-06-01|", "patients.first_infusion_day"),
    ("WBC after cycle 1", "3|4|5|6", ""),  # seen after treatment: no baseline
    ("Number of siblings", "1|2|0|3", ""),
    ("Bemerkungen", "kam spät zur ersten Visite||wollte zunächst nicht|", ""),
    ("Nachname", "Muster|Beispiel|Niemand|Erfunden", ""),
    ("联系电话", "13800000001|13800000002|13800000003|13800000004", ""),
)


@pytest.mark.parametrize(("header", "cells", "target"), HEADERS, ids=[h for h, _, _ in HEADERS])
def test_a_header_is_proposed_for_its_field(tmp_path: Path, header: str, cells: str, target: str) -> None:
    """Words, moment and cells of one column decide on its field and its record."""
    rows = [f"P{i}\t{cell}" for i, cell in enumerate(cells.split("|"), 1)]
    (tmp_path / "ward.tsv").write_text("\n".join([f"Patient\t{header}", *rows]), encoding="utf-8")
    found = targets(propose_study(tmp_path / "ward.tsv").to_toml())
    assert found.get(header, [""])[0] == target


def propose(tmp_path: Path, text: str) -> str:
    (tmp_path / "ward.csv").write_text(text, encoding="utf-8")
    return propose_study(tmp_path / "ward.csv").to_toml()


def test_marrows_of_several_days_are_records_of_their_own(tmp_path: Path) -> None:
    """Day 15 and day 29 are two marrows; each keeps its day."""
    found = propose(tmp_path, "Patient,Blasts D15 %,Blasts D29 %,MRD D29\n1,8,1,<0.01\n2,60,70,55\n3,1,1,<0.01\n")
    assert targets(found)["Blasts D15 %"] == ["marrow@day15.blasts_percent"]
    assert targets(found)["MRD D29"] == ["marrow@day29.mrd_percent"]
    assert '"marrow@day29" = { visit = "day 29", day = 29 }' in found


def test_the_first_cycle_is_also_day_0(tmp_path: Path) -> None:
    """Where only cycles are dated, the start of the first one is the first infusion."""
    found = propose(tmp_path, "Patient,C1 start,C1 end\n1,2021-01-05,2021-02-02\n2,2021-03-05,2021-04-02\n")
    assert targets(found)["C1 start"] == ["infusions@cycle1.start_day", "patients.first_infusion_day"]
    assert targets(found)["C1 end"] == ["infusions@cycle1.end_day"]


def test_a_row_of_units_that_has_an_id_is_a_question(tmp_path: Path) -> None:
    """A patient must not be lost because his answers look like units."""
    text = propose(tmp_path, "Patient,Relapse\nP1,y\nP2,n\nP3,n\n")
    assert "skip_rows = [2]" not in [line for line in text.splitlines() if not line.startswith("#")]


def test_codes_that_could_mean_either_are_a_question(tmp_path: Path) -> None:
    """Nobody guesses whether 1 is dead or alive."""
    text = propose(tmp_path, "Patient,Status\n1,1\n2,0\n3,1\n")
    assert "QUESTION: what do these mean? Add each to values, or to missing: 1, 0" in text


def test_dates_that_could_be_read_both_ways_are_a_question(tmp_path: Path) -> None:
    """Nobody guesses whether 05/04 is in April or in May."""
    text = propose(tmp_path, "Patient,Date of death\n1,05/04/2021\n2,03/02/2021\n")
    assert "QUESTION: day or month first?" in text


def test_the_order_of_day_and_month_is_taken_from_the_other_dates(tmp_path: Path) -> None:
    """A column that cannot tell follows the dates beside it, and the comment says so."""
    text = propose(tmp_path, "Patient,First infusion,Date of death\n1,25/04/2020,05/04/2021\n2,13/01/2020,\n")
    assert 'dates = "dmy"' in text
    assert "the order is that of the other dates" in text


def test_free_text_never_stands_in_a_proposal(tmp_path: Path) -> None:
    """Causes of death told as stories are kept as they stand in the sheet, not copied into study.toml."""
    stories = (
        "infection after a long neutropenia",
        "relapse and then a stroke",
        "sudden, at home",
        "bleeding",
        "unclear",
    )
    rows = [f'{i},"{story}"' for i, story in enumerate(stories, 1)]
    text = propose(tmp_path, "\n".join(["Patient,Cause of death", *rows]))
    assert not any(story in text for story in stories)
    assert "many different texts, kept as they stand" in text


def test_a_hospital_number_as_the_only_id_is_used_with_a_warning(tmp_path: Path) -> None:
    """Without a study number the hospital's own has to do, and the comment asks for a better one."""
    text = propose(tmp_path, "住院号,年龄\n800123,8\n800124,5\n800125,12\n")
    assert targets(text)["住院号"] == ["patients.patient"]
    assert "better, replace it by a study number" in text


def test_records_without_a_list_of_patients_are_a_question(tmp_path: Path) -> None:
    """From a sheet of infusions nobody knows who was never treated."""
    text = propose(tmp_path, "Patient ID,Cycle,Start date\nP1,1,2021-01-05\nP1,2,2021-02-16\nP2,1,2021-03-01\n")
    assert targets(text)["Start date"] == ["infusions.start_day"]
    assert "QUESTION: no sheet has one row a patient" in text


def test_a_file_without_rows_is_an_error(tmp_path: Path) -> None:
    """There is nothing to propose for a header alone."""
    with pytest.raises(FileError) as caught:
        propose(tmp_path, "Patient,Age\n")
    assert caught.value.code == "no-table"
