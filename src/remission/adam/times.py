"""ADTTE: one row for each patient and endpoint, with the reason and the cell that decided."""

from __future__ import annotations

import json

from remission.adam.dataset import Cell, Dataset, Variable, make_dataset, study_day
from remission.adam.subjects import subject_id
from remission.analyses.material import Material
from remission.endpoints.engine import Endpoint, EndpointRow

_CENSORING = {"event": 0, "censored": 1, "competing": 2}
_VARIABLES = (
    Variable("STUDYID", "Study Identifier", "string", key=1),
    Variable("USUBJID", "Unique Subject Identifier", "string", key=2),
    Variable("PARAM", "Parameter", "string"),
    Variable("PARAMCD", "Parameter Code", "string", key=3),
    Variable("AVAL", "Analysis Value", "integer"),
    Variable("AVALU", "Analysis Value Unit", "string"),
    Variable("STARTDY", "Study Day of the Start of the Clock", "integer"),
    Variable("ADY", "Analysis Relative Day", "integer"),
    Variable("CNSR", "Censor", "integer"),
    Variable("EVNTDESC", "Event or Censoring Description", "string"),
    Variable("ANL01FL", "Analysis Flag 01: Evaluable", "string"),
    Variable("SRCDOM", "Source Table", "string"),
    Variable("SRCVAR", "Source Field", "string"),
    Variable("SRCROW", "Source Row in the File", "integer"),
    Variable("CANDIDAT", "All Candidate Days (JSON)", "string"),
)


def make_adtte(material: Material, *, study: str) -> Dataset:
    """Nobody is left out: who cannot be evaluated has a row without a time, and its reason.

    AVAL counts from the start of the endpoint, which is 0, as everywhere in the report. CNSR is 0 for the event, 1 for
    censored and 2 for a competing event.
    """
    codes = parameter_codes(material.endpoints)
    rows = [
        _row(material, endpoint, row, study, codes[name])
        for name, endpoint in material.endpoints.items()
        for row in endpoint.rows.values()
    ]
    return make_dataset("ADTTE", "Time-to-Event Analysis Dataset", _VARIABLES, rows)


def parameter_codes(endpoints: dict[str, Endpoint]) -> dict[str, str]:
    """A code of at most eight letters and digits for each endpoint, different from every other."""
    codes: dict[str, str] = {}
    for name in endpoints:
        plain = "".join(c for c in name.upper() if c.isascii() and c.isalnum()) or "TTE"
        code, tried = plain[:8], 1
        while code in codes.values() or code[0].isdigit():
            tried += 1
            code = f"T{plain[:5]}{tried:02}"[:8]
        codes[name] = code
    return codes


def _placed(material: Material, candidate: dict[str, object]) -> dict[str, object]:
    """A candidate with the row of its file, as SRCROW, in place of its position in the cohort."""
    table, i = material.cohort.tables.get(str(candidate.get("table"))), candidate.get("row")
    return {**candidate, "row": table.row[i] if table is not None and isinstance(i, int) else None}


def _row(material: Material, endpoint: Endpoint, row: EndpointRow, study: str, code: str) -> list[Cell]:
    timed = row.days is not None and row.status in _CENSORING
    end = None if row.days is None or row.start is None else row.start + row.days
    table = material.cohort.tables.get(row.table)
    at = table.row[row.row] if table is not None and row.row is not None else None
    return [
        study,
        subject_id(study, row.patient),
        endpoint.spec.label or endpoint.name,
        code,
        row.days if timed else None,
        "DAYS",
        study_day(row.start),
        study_day(end) if timed else None,
        _CENSORING[row.status] if timed else None,
        row.because,
        "Y" if timed else "N",
        row.table or None,
        row.field or None,
        at,
        json.dumps([_placed(material, c) for c in json.loads(row.considered)], ensure_ascii=False),
    ]
