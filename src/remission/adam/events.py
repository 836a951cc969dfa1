"""ADAE: every adverse event as it was recorded."""

from __future__ import annotations

from remission.adam.dataset import Cell, Dataset, Variable, make_dataset, study_day
from remission.adam.subjects import subject_id
from remission.analyses.material import Material
from remission.endpoints.safety.terms import name_term

_VARIABLES = (
    Variable("STUDYID", "Study Identifier", "string", key=1),
    Variable("USUBJID", "Unique Subject Identifier", "string", key=2),
    Variable("AESEQ", "Sequence Number", "integer", key=3),
    Variable("AETERM", "Adverse Event as Recorded", "string"),
    Variable("AEDECOD", "Preferred Name as Counted in the Study", "string"),
    Variable("AETOXGR", "Standard Toxicity Grade", "string"),
    Variable("ATOXGRN", "Analysis Toxicity Grade (N)", "integer"),
    Variable("ASTDY", "Analysis Start Relative Day", "integer"),
    Variable("AENDY", "Analysis End Relative Day", "integer"),
    Variable("TRTEMFL", "Treatment Emergent Analysis Flag", "string"),
    Variable("CYCLE", "Cycle", "integer"),
    Variable("SRCROW", "Source Row in the File", "integer"),
)


def make_adae(material: Material, *, study: str) -> Dataset:
    """One row a record; TRTEMFL says whether it began on or after the first infusion, and is empty without a day."""
    table = material.cohort.tables["adverse_events"]
    known = set(material.cohort.patients)
    seen: dict[str, int] = {}
    rows: list[list[Cell]] = []
    for i, patient in enumerate(map(str, table.columns["patient"])):
        if patient not in known:
            continue  # a sheet with a numbering of its own: it cannot be said who it was
        seen[patient] = seen.get(patient, 0) + 1
        term = table.columns["term"][i]
        grade, start = table.columns["grade"][i], table.columns["start_day"][i]
        whole = int(grade) if isinstance(grade, int | float) else None
        rows.append(
            [
                study,
                subject_id(study, patient),
                seen[patient],
                term,
                None if term is None else name_term(str(term)).name,
                None if whole is None else str(whole),
                whole,
                study_day(start),
                study_day(table.columns["end_day"][i]),
                ("Y" if start >= 0 else "N") if isinstance(start, int) else None,
                _whole(table.columns["cycle"][i]),
                table.row[i],
            ]
        )
    return make_dataset("ADAE", "Adverse Event Analysis Dataset", _VARIABLES, rows)


def _whole(value: Cell) -> int | None:
    return int(value) if isinstance(value, int | float) else None
