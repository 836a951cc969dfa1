"""A source whose cells are at hand already: a sheet of a form that was taken apart, or a frame from Python."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from remission.cohort.ledger import Grid, Ledger
from remission.cohort.source_spec import SourceSpec


@dataclass(frozen=True)
class GivenSource(SourceSpec):
    """A [[source]] with its cells. Whatever they were made from, rows and columns are those the user sees there."""

    ledger: Ledger = field(default_factory=lambda: Ledger("", "", Grid([], [])))


def given(source: SourceSpec, ledger: Ledger) -> GivenSource:
    """A source of study.toml with its cells."""
    return GivenSource(**{f.name: getattr(source, f.name) for f in fields(SourceSpec)}, ledger=ledger)
