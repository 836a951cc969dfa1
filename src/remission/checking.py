"""`remission check` and `remission new`: what is doubtful in a study or a sheet, and how to read an unknown one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from remission.cohort.forms.omop_tables import is_omop
from remission.cohort.forms.proposal import propose_file
from remission.cohort.propose import Proposal
from remission.cohort.propose.heading import read_heading
from remission.cohort.propose.proposal import Constant, ProposedColumn, ProposedSource
from remission.cohort.propose.role import FIRST_COLUMN
from remission.cohort.propose.words import known_code
from remission.cohort.schema import load_schema
from remission.core.errors import FileError
from remission.core.findings import Finding, sort_findings
from remission.protocol import FILE_NAME, Protocol, parse_protocol, read_protocol
from remission.starter import Recorded, Visit, starter_text
from remission.study import derive, read_and_check

Step = Callable[[str], None]
_MOST_NAMED = 12  # columns left out: more are told by their number


def check_path(path: Path, *, step: Step = lambda _: None) -> tuple[Finding, ...]:
    """Every finding of a study's folder, or of data read as `remission new` would propose. Writes nothing.

    Raises: FileError, ProtocolError.
    """
    step("reading")
    passed: tuple[Finding, ...] = ()
    if path.is_dir() and not is_omop(path):
        protocol = read_protocol(path)
    else:
        proposal = propose_file(path)
        protocol, passed = parse_protocol(study_text(proposal), path.parent), tuple(_empty_sheets(path.name, proposal))
    return check_protocol(protocol, passed)


def check_protocol(protocol: Protocol, passed: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """Every finding of a study.toml that was read. passed: findings made before its sheets were read."""
    cohort, findings = read_and_check(protocol)
    findings = sort_findings((*findings, *passed))
    if any(f.severity == "error" for f in findings):
        return findings
    return derive(protocol, cohort, findings)[1]


def _empty_sheets(file: str, proposal: Proposal) -> Iterator[Finding]:
    for name in proposal.empty:
        yield Finding(
            "note",
            "empty-sheet",
            file,
            name,
            what="The sheet is empty.",
            consequence="It is passed over.",
            todo="Nothing.",
        )


def study_text(proposal: Proposal) -> str:
    """The whole study.toml of a proposal: how to read the sheets, and a first plan of analyses."""
    return proposal.to_toml().rstrip() + "\n\n" + starter_text(recorded_by(proposal))


def recorded_by(proposal: Proposal) -> Recorded:
    """Which fields the proposed columns record, at which visits, with which codes."""
    fields: set[str] = set()
    visits: dict[str, dict[str, Visit]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    known = {f"{t}.{f}" for t, spec in load_schema().tables.items() for f in spec.fields}
    for source in proposal.sources:
        for record, constants in source.records.items():
            table = record.partition("@")[0]
            fields |= {f"{table}.{name}" for name in constants}
            if table == "therapies" and constants.get("relation") == "after" and "kind" in constants:
                codes["therapies.kind"] = (*codes.get("therapies.kind", ()), str(constants["kind"]))
        for column in source.columns:
            head, _, name = column.spec.to.partition(".")
            field = f"{head.partition('@')[0]}.{name}"
            fields.add(field)
            meanings = [m for v in column.spec.values.values() for m in ((v,) if isinstance(v, str) else v)]
            # what was given before says nothing of what came next
            if meanings and source.records.get(head, {}).get("relation") != "before":
                codes[field] = tuple(dict.fromkeys([*codes.get(field, ()), *meanings]))
            for visit in _visits_of(column, source.records.get(head, {})):
                visits.setdefault(field, {}).setdefault(visit.name, visit)
    ordered = {field: tuple(sorted(found.values(), key=lambda v: v.order)) for field, found in visits.items()}
    return Recorded(frozenset(fields & known), ordered, codes)


def _visits_of(column: ProposedColumn, constants: Mapping[str, Constant]) -> list[Visit]:
    """The visits of a column: that of its record, or those whose rows fill it in a sheet of many rows a patient."""
    if not column.spec.to.startswith("marrow"):
        return []
    name = constants.get("visit")
    if not isinstance(name, str):
        return [_visit(visit, None) for visit in column.filled_at]
    day = constants.get("day")
    return [_visit(name, day if isinstance(day, int) else None)]


def _visit(name: str, day: int | None) -> Visit:
    """A visit by its day, else by its name: "baseline" and "day 0" are before treatment, "d15" is day 15."""
    heading = read_heading(name)
    day = heading.day if day is None else day
    is_named = known_code("marrow.visit", name) == "before" or (day is None and heading.moment == "before")
    return Visit(name, is_named or (day is not None and day <= 0), day)


def new_study(
    folder: Path, file: Path, *, sheet: str = "", dictionary: Path | None = None, step: Step = lambda _: None
) -> tuple[Path, list[str]]:
    """Make `folder` with a copy of the sheet and a proposed study.toml.

    Args: dictionary: the data dictionary of a REDCap export; it is copied beside it.
    Returns: the path of study.toml, and what the user should look at first.
    Raises: FileError `study-exists` where there is one already, and those of reading.
    """
    step("looking at the sheet")
    proposal = propose_file(file, sheet=sheet, dictionary=dictionary)
    if file.is_dir():  # a folder of tables may be large: it stays where it is
        proposal = replace(proposal, whole_file=Path(os.path.relpath(file, folder)).as_posix())
    text = study_text(proposal)
    parse_protocol(text, folder)
    target = folder / FILE_NAME
    if target.exists():
        raise FileError(
            what="There is a study in that folder already; nothing was changed.",
            code="study-exists",
            where=str(target),
            todo="Name another folder, or remove the file.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in (file, dictionary):
            if one is not None and one.is_file() and one.resolve().parent != folder.resolve():
                shutil.copyfile(one, folder / one.name)
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(
            what="The study cannot be written there.", code="cannot-write", where=str(folder),
            found=error.strerror or "", todo="Name another folder.",
        ) from None  # fmt: skip
    return target, _notes(proposal)


def _notes(proposal: Proposal) -> list[str]:
    """What is open: questions, columns without a place, codes nobody could explain."""
    notes = list(proposal.questions)
    notes += [f"{name}: the sheet is empty and was passed over" for name in proposal.empty]
    for source in proposal.sources:
        placed = len(source.columns)
        notes.append(f"{source.name}: {placed} columns placed, {len(source.left)} left out")
        notes += _notes_on_left(source)
        notes += [f"{source.name}, column {c.spec.header}: {d}" for c in source.columns for d in c.doubts]
        notes += [
            f"QUESTION: {source.name}, column {c.spec.header}: is it the patients' id? Its header is not known."
            for c in source.columns
            if c.reason.startswith(FIRST_COLUMN)
        ]
        notes += [
            f"{source.name}, column {c.spec.header}: {len(c.unknown)} codes need a meaning"
            for c in source.columns
            if c.unknown
        ]
    return notes


def _notes_on_left(source: ProposedSource) -> list[str]:
    """Columns without a place, each with the reason; where very many have an unknown header, these in one line."""
    unknown = [left for left in source.left if left.is_open and "header" in left.reason and "known" in left.reason]
    grouped = unknown if len(unknown) > _MOST_NAMED else []
    notes = [f"{source.name}, column {x.header}: {x.reason}" for x in source.left if x.is_open and x not in grouped]
    if grouped:
        notes.append(
            f"{source.name}: {len(grouped)} columns with unknown headers left out, listed in study.toml under ignore"
        )
    return notes
