"""Rules on the cohort as a whole: that there is one, that its sheets belong together."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import patients, texts
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.schema import load_schema
from remission.cohort.table import Cohort


@rule(
    "no-patients",
    "error",
    consequence="There is nothing to analyse.",
    todo="Check header_row, skip_rows and the id column in study.toml.",
)
def no_patients(cohort: Cohort) -> Iterator[Doubt]:
    """No patient was read."""
    if not cohort.patients:
        yield Doubt("No patient was read from any sheet")


@rule(
    "unlinked-record",
    "warning",
    consequence="These records belong to nobody in the list of patients and are not analysed.",
    todo="Correct the id, add the patient, or give a sheet with its own numbering a scope in study.toml.",
)
def unlinked_record(cohort: Cohort) -> Iterator[Doubt]:
    """A record carries an id that is not among the patients."""
    known = set(cohort.patients)
    for table in load_schema().tables:
        if table == "patients":
            continue
        for index, patient in enumerate(patients(cohort, table)):
            is_scoped = patient.split(":", 1)[0] in cohort.scopes and ":" in patient
            if patient not in known and not is_scoped:
                yield Doubt("A record belongs to no listed patient", table, index, "patient")


@rule(
    "ph-contradicts-fusion-gene",
    "warning",
    consequence="The patient is in one group by one column and in the other by the other.",
    todo="Correct one of the two columns.",
)
def ph_contradicts_fusion_gene(cohort: Cohort) -> Iterator[Doubt]:
    """Philadelphia chromosome is "no" with BCR-ABL, or "yes" with another fusion gene."""
    gene = texts(cohort, "patients", "fusion_gene")
    for index, ph in enumerate(texts(cohort, "patients", "ph_positive")):
        name = gene[index].upper().replace(" ", "")
        if not ph or not name or "NONE" in name or name in {"NO", "NEGATIVE"}:
            continue
        if ("BCR" in name and "ABL" in name) != (ph == "yes"):
            phrase = "Philadelphia chromosome and fusion gene disagree"
            yield Doubt(phrase, "patients", index, "ph_positive")


@rule(
    "engraftment-without-graft",
    "warning",
    consequence="The days are counted for a treatment that is not a transplantation.",
    todo="Correct the kind of treatment, or give the sheet of transplantations kind = HSCT in study.toml.",
)
def engraftment_without_graft(cohort: Cohort) -> Iterator[Doubt]:
    """Engraftment, donor or graft source is given for a treatment that is not HSCT."""
    kind = texts(cohort, "therapies", "kind")
    for name in ("neutrophil_engraftment_days", "platelet_engraftment_days", "donor", "graft_source"):
        for index, value in enumerate(texts(cohort, "therapies", name)):
            if value and kind[index] not in ("HSCT", ""):
                phrase = "Details of a graft are given for another treatment"
                yield Doubt(phrase, "therapies", index, name)
