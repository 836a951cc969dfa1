"""What is doubtful about the records of an OMOP table: concepts nobody knows, and records without a concept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from remission.cohort.forms.omop_concepts import has_no_concept
from remission.cohort.forms.omop_tables import OmopTable
from remission.cohort.places import Place, count_of
from remission.core.findings import Finding

_MOST_NAMED = 30  # concept ids told in one finding


def concept_findings(
    table: OmopTable, place: Place, rows: Sequence[int], kind: str, set_of: Callable[[int], str]
) -> Iterator[Finding]:
    """Findings about the concepts of some rows.

    Args: kind: first part of the names of columns ("drug").  set_of: the set a row belongs to, or "".
    """
    column = f"{kind}_concept_id"
    at = Place(place.file, place.sheet, column, column)
    unknown = [row for row in rows if not set_of(row)]
    by_source = [row for row in rows if set_of(row) and has_no_concept(table.text(row, column))]
    if unknown:
        ids = sorted({table.text(row, column) or "0" for row in unknown})
        listed = ", ".join(ids[:_MOST_NAMED]) + (" …" if len(ids) > _MOST_NAMED else "")
        yield at.finding(
            "note",
            "omop-unknown-concept",
            f"{count_of(len(unknown), 'record has', 'records have')} a concept of no set "
            f"({count_of(len(ids), 'concept')}: {listed}).",
            rows=unknown,
            consequence="They are not read.",
            todo="If one of them belongs to a set, add it to concept_sets.csv (set,concept_id).",
        )
    if by_source:
        yield at.finding(
            "note",
            "omop-source-value",
            f"{count_of(len(by_source), 'record has', 'records have')} no concept (0).",
            rows=by_source,
            consequence=f"They are taken for what {kind}_source_value says.",
            todo="Compare some of them with the source.",
        )
