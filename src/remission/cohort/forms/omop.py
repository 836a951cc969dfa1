"""OMOP CDM tables as the sheets of a study: who was given blinatumomab, and what the tables record of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from remission.cohort.forms.given import GivenSource
from remission.cohort.forms.omop_concepts import Concepts, find_concepts, omop_words, sets_of_table
from remission.cohort.forms.omop_doubts import concept_findings
from remission.cohort.forms.omop_tables import OmopTable, is_omop, read_omop_table
from remission.cohort.places import Place, count_of
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.core.errors import FileError
from remission.core.findings import Finding

Texts = dict[int, str]
# the first part of the names of columns
_KIND = {
    "drug_exposure": "drug",
    "procedure_occurrence": "procedure",
    "condition_occurrence": "condition",
    "measurement": "measurement",
}


@dataclass(frozen=True)
class Cdm:
    """The tables, the concepts, and the first infusion of every person who has one (ISO date)."""

    source: SourceSpec
    tables: Mapping[str, OmopTable]
    concepts: Concepts
    starts: Mapping[str, str]

    def sheet(
        self,
        label: str,
        table: OmopTable,
        rows: Sequence[int],
        columns: Mapping[str, tuple[str, Texts]],
        *,
        findings: Sequence[Finding] = (),
        records: dict[str, dict[str, str | int | float]] | None = None,
    ) -> GivenSource:
        """Some rows of a table as a source. columns: header -> field, and what stands there ({} for as it is)."""
        return GivenSource(
            name=f"{self.source.name}: {label}",
            file=f"{self.source.file}/{table.ledger.file}",
            columns=tuple(ColumnSpec(header=header, to=to) for header, (to, _) in columns.items()),
            records=records or {},
            ledger=table.view(rows, {header: texts for header, (_, texts) in columns.items()}, findings),
        )

    def rows_of(self, table: OmopTable, wanted: Callable[[int], bool] = lambda _: True) -> list[int]:
        """Rows of the persons of the study."""
        return [row for row in table.rows if table.text(row, "person_id") in self.starts and wanted(row)]

    def set_of(self, table: OmopTable, row: int) -> str:
        """The set a record belongs to, or ""."""
        return _set_of(table, row, self.concepts)

    def rows_in(self, table: OmopTable, name: str) -> list[int]:
        return self.rows_of(table, lambda row: self.set_of(table, row) == name)


def _set_of(table: OmopTable, row: int, concepts: Concepts) -> str:
    kind = _KIND[table.name]
    concept, source = table.text(row, f"{kind}_concept_id"), table.text(row, f"{kind}_source_value")
    return concepts.set_of(concept, source, sets_of_table(table.name))


def omop_sources(source: SourceSpec, folder: Path) -> tuple[GivenSource, ...]:
    """A source for each table of an OMOP folder that a study can use; none where the file is no such folder.

    Raises: FileError `no-omop-table`, `no-exposure` and those of reading.
    """
    path = folder / source.file
    if not is_omop(path):
        return ()
    names = ("person", "drug_exposure", "observation_period", "death", "procedure_occurrence", "measurement")
    found = {name: read_omop_table(path, name) for name in (*names, "condition_occurrence", "concept")}
    tables = {name: table for name, table in found.items() if table is not None}
    concepts = find_concepts(path, tables.get("concept"))
    cdm = Cdm(source, tables, concepts, _starts(tables["drug_exposure"], concepts, path.name))
    makers = (_persons, _first_infusions, _diagnoses, _infusions, _grafts, _labs, _deaths, _last_contacts)
    return tuple(one for make in makers for one in make(cdm))


def _starts(exposure: OmopTable, concepts: Concepts, where: str) -> dict[str, str]:
    """The first day of blinatumomab of every person who was exposed."""
    starts: dict[str, str] = {}
    for row in exposure.rows:
        person, day = exposure.text(row, "person_id"), exposure.text(row, "drug_exposure_start_date")[:10]
        if day and _set_of(exposure, row, concepts) == "blinatumomab":
            starts[person] = min(day, starts.get(person, day))
    if not starts:
        raise FileError(
            what="No record of drug_exposure is one of blinatumomab.",
            code="no-exposure",
            where=where,
            expected="a drug_concept_id of the set blinatumomab",
            todo="Add the table concept to the folder, or the ids in concept_sets.csv (set,concept_id).",
        )
    return starts


def _persons(cdm: Cdm) -> Iterator[GivenSource]:
    table = cdm.tables["person"]
    gender = omop_words().meanings["gender"]
    rows = cdm.rows_of(table)
    place = Place(f"{cdm.source.file}/{table.ledger.file}")
    others = len(table.rows) - len(rows)
    findings = [_others(place, others)] if others else []
    inexact = [row for row in rows if not (table.text(row, "month_of_birth") and table.text(row, "day_of_birth"))]
    if inexact:
        findings.append(_inexact_ages(place, inexact))
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("patients.patient", {}),
        "gender_concept_id": (
            "patients.sex",
            {row: gender.get(table.text(row, "gender_concept_id"), "") for row in rows},
        ),
        "year_of_birth": ("patients.age_years", {row: _age(table, row, cdm.starts) for row in rows}),
    }
    yield cdm.sheet("persons", table, rows, columns, findings=findings)


def _others(place: Place, number: int) -> Finding:
    return place.finding(
        "note",
        "omop-other-persons",
        f"{count_of(number, 'person was', 'persons were')} never given blinatumomab.",
        consequence="Nothing of them is read.",
        todo="Nothing, if that is right.",
    )


def _inexact_ages(place: Place, rows: list[int]) -> Finding:
    return place.finding(
        "note",
        "omop-age",
        f"The day of birth is not recorded for {count_of(len(rows), 'person')}.",
        rows=rows,
        consequence="The age at the first infusion is the difference of the years and may be one too high.",
        todo="Nothing.",
    )


def _age(table: OmopTable, row: int, starts: Mapping[str, str]) -> str:
    """Whole years at the first infusion; "" without a year of birth."""
    try:
        start = dt.date.fromisoformat(starts[table.text(row, "person_id")])
        year = int(float(table.text(row, "year_of_birth")))
        month, day = (table.text(row, f"{part}_of_birth") for part in ("month", "day"))
        before = bool(month and day) and (start.month, start.day) < (int(float(month)), int(float(day)))
    except ValueError:
        return ""
    return str(start.year - year - before)


def _first_infusions(cdm: Cdm) -> Iterator[GivenSource]:
    """Day 0 of every person: the row of the first exposure."""
    table = cdm.tables["drug_exposure"]
    first: dict[str, int] = {}
    for row in cdm.rows_in(table, "blinatumomab"):
        person = table.text(row, "person_id")
        if table.text(row, "drug_exposure_start_date")[:10] == cdm.starts[person]:
            first.setdefault(person, row)
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("patients.patient", {}),
        "drug_exposure_start_date": ("patients.first_infusion_day", {}),
    }
    yield cdm.sheet("first infusions", table, sorted(first.values()), columns)


def _diagnoses(cdm: Cdm) -> Iterator[GivenSource]:
    """The first record of acute lymphoblastic leukaemia."""
    if (table := cdm.tables.get("condition_occurrence")) is None:
        return
    rows = cdm.rows_in(table, "leukaemia")
    first: dict[str, int] = {}
    for row in sorted(rows, key=lambda r: table.text(r, "condition_start_date")):
        first.setdefault(table.text(row, "person_id"), row)
    if first:
        yield cdm.sheet(
            "diagnoses",
            table,
            sorted(first.values()),
            {"person_id": ("patients.patient", {}), "condition_start_date": ("patients.diagnosis_day", {})},
        )


def _infusions(cdm: Cdm) -> Iterator[GivenSource]:
    table = cdm.tables["drug_exposure"]
    rows = cdm.rows_in(table, "blinatumomab")
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("infusions.patient", {}),
        "drug_exposure_start_date": ("infusions.start_day", {}),
        "drug_exposure_end_date": ("infusions.end_day", {}),
    }
    kept = {h: c for h, c in columns.items() if table.has(h)}
    yield cdm.sheet("infusions", table, rows, kept, findings=_doubts(cdm, table))


def _grafts(cdm: Cdm) -> Iterator[GivenSource]:
    """Transplantations, before or after the first infusion by their dates."""
    if (table := cdm.tables.get("procedure_occurrence")) is None:
        return
    rows = cdm.rows_in(table, "hsct")
    when = {
        row: "before" if table.text(row, "procedure_date")[:10] < cdm.starts[table.text(row, "person_id")] else "after"
        for row in rows
    }
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("therapies.patient", {}),
        "procedure_date": ("therapies.start_day", {}),
        "procedure_concept_id": ("therapies.relation", when),
    }
    findings = _doubts(cdm, table)
    yield cdm.sheet("grafts", table, rows, columns, findings=findings, records={"therapies": {"kind": "HSCT"}})


def _labs(cdm: Cdm) -> Iterator[GivenSource]:
    if (table := cdm.tables.get("measurement")) is None:
        return
    rows = cdm.rows_of(table, lambda r: bool(cdm.set_of(table, r)) and bool(table.text(r, "value_as_number")))
    test = {r: omop_words().sets[cdm.set_of(table, r)].label for r in rows}
    sign = {r: _sign(table, r) for r in rows}
    unit = {r: _unit(cdm, table, r) for r in rows}
    named = "unit_concept_id" if table.has("unit_concept_id") else "unit_source_value"
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("labs.patient", {}),
        "measurement_date": ("labs.day", {}),
        "measurement_concept_id": ("labs.test", test),
        "value_as_number": ("labs.value", {r: sign[r] + table.text(r, "value_as_number") for r in rows}),
        named: ("labs.unit", unit),
    }
    if rows:
        yield cdm.sheet("labs", table, rows, columns, findings=_doubts(cdm, table))


def _sign(table: OmopTable, row: int) -> str:
    """ "<" or ">" by the concept of the operator, else as the source wrote it; "" for an exact value."""
    concept = omop_words().meanings["operator"].get(table.text(row, "operator_concept_id"), "")
    source = table.text(row, "operator_source_value")
    return concept or (source[0] if source[:1] in ("<", ">") else "")


def _unit(cdm: Cdm, table: OmopTable, row: int) -> str:
    """The unit by its name, else as the source wrote it."""
    name = cdm.concepts.names.get(table.text(row, "unit_concept_id"), "")
    return name or table.text(row, "unit_source_value")


def _deaths(cdm: Cdm) -> Iterator[GivenSource]:
    table = cdm.tables["death"]
    rows = cdm.rows_of(table)
    if not rows:
        return
    named = {row: cdm.concepts.names.get(table.text(row, "cause_concept_id"), "") for row in rows}
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("outcomes.patient", {}),
        "death_date": ("outcomes.death_day", {}),
        "death_type_concept_id": ("outcomes.status", dict.fromkeys(rows, "dead")),
    }
    if any(named.values()):
        columns["cause_concept_id"] = ("outcomes.cause_of_death", named)
    yield cdm.sheet("deaths", table, rows, columns)


def _last_contacts(cdm: Cdm) -> Iterator[GivenSource]:
    """The end of the last observation period; who has one and no record of death is alive then."""
    table, deaths = cdm.tables["observation_period"], cdm.tables["death"]
    dead = {deaths.text(row, "person_id") for row in deaths.rows}
    last: dict[str, int] = {}
    for row in sorted(cdm.rows_of(table), key=lambda r: table.text(r, "observation_period_end_date")):
        last[table.text(row, "person_id")] = row
    rows = sorted(last.values())
    alive = {row: "" if table.text(row, "person_id") in dead else "alive" for row in rows}
    columns: dict[str, tuple[str, Texts]] = {
        "person_id": ("outcomes.patient", {}),
        "observation_period_end_date": ("outcomes.last_contact_day", {}),
        "period_type_concept_id": ("outcomes.status", alive),
    }
    yield cdm.sheet("last contacts", table, rows, columns)


def _doubts(cdm: Cdm, table: OmopTable) -> list[Finding]:
    place = Place(f"{cdm.source.file}/{table.ledger.file}")
    rows = cdm.rows_of(table)
    return list(concept_findings(table, place, rows, _KIND[table.name], lambda row: cdm.set_of(table, row)))
