"""Columns that say two things: earlier treatments as group and records, a first cycle that is day 0, who lives."""

from __future__ import annotations

from dataclasses import replace

from remission.cohort.propose.assign import Assignment
from remission.cohort.propose.codes import Meaning, propose_codes
from remission.cohort.propose.column import Column
from remission.cohort.propose.proposal import ProposedColumn
from remission.cohort.propose.role import Role
from remission.cohort.propose.words import known_code
from remission.cohort.source_spec import ColumnSpec


def add_second_targets(columns: list[Column], role: Role, result: Assignment) -> None:
    """Map a column once more where its codes tell of another field that no column fills."""
    if role.table:
        return
    filled = {p.spec.to for group in result.placed.values() for p in group}
    for index in list(result.placed):
        to = result.placed[index][0].spec.to
        column = columns[index]
        if to == "patients.prior_treatment" and not any(t.startswith("therapies@before") for t in filled):
            _add_treatments(column, result.placed[index], result)
        if to == "infusions@cycle1.start_day" and "patients.first_infusion_day" not in filled:
            spec = replace(result.placed[index][0].spec, to="patients.first_infusion_day")
            result.placed[index].append(ProposedColumn(spec, "the same column once more: the first infusion is day 0"))
        if to == "outcomes.cause_of_death":
            _add_state(column, result.placed[index], has_state="outcomes.status" in filled)


def _add_treatments(column: Column, group: list[ProposedColumn], result: Assignment) -> None:
    found = propose_codes("therapies", "kind", column)
    if not found.values or found.unknown:
        return
    spec = ColumnSpec(header=column.header, to="therapies@before.kind", values=found.values)
    group.append(ProposedColumn(spec, "the same column once more: every treatment in it becomes a record"))
    result.records.setdefault("therapies@before", {})["relation"] = "before"


def _add_state(column: Column, group: list[ProposedColumn], *, has_state: bool) -> None:
    """ "Alive" among the causes of death is none, and says who lives; every other cause says who died."""
    living = {t for t in column.codes if known_code("outcomes.status", t) == "alive"}
    if not living:
        return
    causes = group[0].spec.values
    values: dict[str, Meaning] = {t: "alive" if t in living else "dead" for t in causes}
    own = {t: cause for t, cause in causes.items() if t not in living}
    missing = (*group[0].spec.missing, *(t for t in column.codes if t in living))
    group[0] = replace(group[0], spec=replace(group[0].spec, values=own, missing=missing))
    if has_state:
        return
    spec = ColumnSpec(header=column.header, to="outcomes.status", values=values)
    group.insert(0, ProposedColumn(spec, "one of the causes says that the patient is alive, so the others died"))


_WARNINGS = {
    "a record number": "a number of the hospital names patients everywhere: better, replace it by a study number",
    "a name": "QUESTION: are these the names of people? They would stand in every table and file of this study. "
    "Replace them by study numbers in the sheet, and keep the key elsewhere",
    "": "QUESTION: this looks like {what}, which names patients everywhere. Replace it by a study number",
}


def id_column(columns: list[Column], role: Role) -> ProposedColumn:
    """The column that names the patient, with the mark some ids carry."""
    column = columns[role.id_column]
    spec = ColumnSpec(header=column.header, to=f"{role.table or 'patients'}.patient")
    doubts: tuple[str, ...] = ()
    if role.mark:
        spec, doubts = _marked(spec, column, role.mark, columns)
    if role.is_identifier:
        doubts += (_WARNINGS.get(role.identifier, _WARNINGS[""]).format(what=role.identifier),)
    return ProposedColumn(spec, role.id_reason, doubts=doubts)


def _marked(spec: ColumnSpec, column: Column, mark: str, columns: list[Column]) -> tuple[ColumnSpec, tuple[str, ...]]:
    """A mark is explained where it stands exactly beside the filled cells of a fusion gene."""
    marked = [text.strip().endswith(mark) for text, _ in column.keys]
    for other in columns:
        if "gene" not in other.header.lower() and "基因" not in other.header:
            continue
        filled = [known_code("patients.fusion_gene", t) == "" and bool(t.strip()) for t, _ in other.keys]
        if filled == marked:
            doubt = f"the ids with {mark} are those with an entry under {other.header}"
            return replace(spec, marks={mark: "patients.fusion_gene_positive"}), (doubt,)
    return spec, (f'some ids carry {mark}: say what it means with marks = {{ "{mark}" = "table.field" }}',)
