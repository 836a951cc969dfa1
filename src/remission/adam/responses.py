"""ADRS: every marrow as it was recorded, and every response group as it was derived."""

from __future__ import annotations

from collections.abc import Iterator

from remission.adam.dataset import Cell, Dataset, Variable, make_dataset, study_day
from remission.adam.subjects import subject_id
from remission.analyses.material import Material
from remission.cohort.schema import load_schema

_VARIABLES = (
    Variable("STUDYID", "Study Identifier", "string", key=1),
    Variable("USUBJID", "Unique Subject Identifier", "string", key=2),
    Variable("PARAM", "Parameter", "string"),
    Variable("PARAMCD", "Parameter Code", "string", key=3),
    Variable("PARAMTYP", "Parameter Type", "string"),
    Variable("AVISIT", "Analysis Visit", "string"),
    Variable("ADY", "Analysis Relative Day", "integer"),
    Variable("AVAL", "Analysis Value", "float"),
    Variable("AVALC", "Analysis Value (C)", "string"),
    Variable("ASEQ", "Analysis Sequence Number", "integer", key=4),
    Variable("SRCROW", "Source Row in the File", "integer"),
)
_RECORDED = {
    "response_reported": "OVRLRESP",
    "blasts_percent": "BLASTS",
    "mrd_percent": "MRD",
    "mrd_reported": "MRDRPT",
    "gene_result": "GENERES",
}


def make_adrs(material: Material, *, study: str) -> Dataset:
    """Recorded values one row each; a derived response has PARAMTYP "DERIVED" and a row for every patient."""
    rows = [*_recorded(material, study), *_derived(material, study)]
    numbered = [(*row[:9], n, row[9]) for n, row in enumerate(rows, 1)]
    return make_dataset("ADRS", "Response Analysis Dataset", _VARIABLES, numbered)


def _recorded(material: Material, study: str) -> Iterator[list[Cell]]:
    table = material.cohort.tables["marrow"]
    fields = load_schema().tables["marrow"].fields
    for i, patient in enumerate(table.columns["patient"]):
        for name, code in _RECORDED.items():
            value = table.columns[name][i]
            if value is None:
                continue
            sign = table.columns.get(f"{name}_sign", [""] * len(table))[i] or ""
            spec = fields[name]
            number = value if isinstance(value, int | float) else None
            words = f"{sign}{value:.15g}" if number is not None else str(value)
            yield [
                study,
                subject_id(study, str(patient)),
                spec.label + (f" ({spec.unit})" if spec.unit else ""),
                code,
                None,
                table.columns["visit"][i],
                study_day(table.columns["day"][i]),
                number,
                words,
                table.row[i],
            ]


def _derived(material: Material, study: str) -> Iterator[list[Cell]]:
    """Groups that rest on the marrow; the numbers are those of ADSL."""
    for n, group in enumerate(material.groups.values(), 1):
        if not any(name.startswith("marrow.") for name in group.fields):
            continue
        for patient in material.cohort.patients:
            level = group.of.get(patient)
            day = study_day(group.first_day.get(patient)) if level is not None else None
            yield [
                study,
                subject_id(study, patient),
                group.label,
                f"GRP{n:02}",
                "DERIVED",
                None,
                day,
                None,
                level if level is not None else group.otherwise,
                None,
            ]
