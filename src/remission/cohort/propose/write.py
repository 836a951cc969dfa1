"""A proposal as study.toml: every line with its reason, everything undecided marked as a question."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping

from remission.cohort.propose.proposal import Left, Proposal, ProposedColumn, ProposedSource
from remission.cohort.schema import load_schema

_WIDTH = 118
_FIELDS = frozenset(name for table in load_schema().tables.values() for name in table.fields)
_RULE = "# " + "-" * 64 + " "

_HEAD = """\
[study]
name = {name}
title = ""                  # as it will stand on the report
about = ""                  # who: how many patients, of which centre, treated when
citation = ""               # if it is published
data = ""                   # where the data come from ("chart review of 3 May")
design = "retrospective"
kind = "real"               # real, published or synthetic
limits = []                 # what these data cannot show, one sentence each

[origin]
"""


def write_proposal(proposal: Proposal) -> str:
    """The complete text."""
    files = ", ".join(dict.fromkeys(s.file for s in proposal.sources)) or "an empty file"
    about = (
        f"A proposal, made from the headers and cells of {files}. Nothing has been decided yet: read every comment, "
        "correct what is wrong, then run `remission check` on this folder. QUESTION marks what only you can answer."
    )
    parts = [_comment(about), _HEAD.format(name=quote(proposal.name)).rstrip() + "\n" + _origin(proposal)]
    parts.append(_RULE + "where the data stand\n" + "".join(_comment(q) for q in proposal.questions))
    parts[-1] += "".join(_comment(f"The sheet {name} is empty and was passed over.") for name in proposal.empty)
    parts += [_whole(proposal)] if proposal.whole_file else [_source(source) for source in proposal.sources]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def quote(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str, indent: str = "") -> str:
    lines = textwrap.wrap(text, _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{indent}# {line}\n" for line in lines)


def _origin(proposal: Proposal) -> str:
    """Day 0: the first infusion where there is a column of it, else a question."""
    targets = {c.spec.to for s in proposal.sources for c in s.columns}
    lines = ['what = "first day of the first blinatumomab infusion"   # day 0 of every patient, for the Methods']
    if "patients.first_infusion_day" in targets:
        lines.append('field = "first_infusion_day"')
    elif any(s.has_dates for s in proposal.sources):
        lines.append(
            "# QUESTION: which column is the date of the first infusion? Map it to patients.first_infusion_day:"
        )
        lines.append("# dates can only be turned into days for patients who have one.")
        if "patients.diagnosis_day" in targets:
            lines.append('# field = "diagnosis_day"   # if time is to be counted from the diagnosis')
    lines.append('# cutoff = "2024-06-30"   # date of data cut-off, if follow-up ends there for everybody')
    return "\n".join(lines) + "\n"


def _whole(proposal: Proposal) -> str:
    """A file of a known form: what each column means need not be said, so none is listed."""
    sheets = ", ".join(source.name.partition(": ")[2] for source in proposal.sources)
    return (
        f"[[source]]\nname = {quote(proposal.name)}\nfile = {quote(proposal.whole_file)}"
        f"   # a form that is known: what its columns mean need not be said\n" + _comment(f"it holds: {sheets}")
    )


def _source(source: ProposedSource) -> str:
    lines = ["[[source]]", f"name = {quote(source.name)}", f"file = {quote(source.file)}"]
    if source.dictionary:
        lines.append(f"dictionary = {quote(source.dictionary)}")
    if source.sheet:
        lines.append(f"sheet = {quote(source.sheet)}")
    lines[-1] += f"   # {source.about}"
    if source.header_row != 1 or source.header_rows != 1:
        lines += [f"header_row = {source.header_row}", f"header_rows = {source.header_rows}"]
    if source.skip_rows:
        reasons = "; ".join(f"row {row}: {kind}" for row, kind in source.skip_rows.items())
        lines.append(f"skip_rows = [{', '.join(map(str, source.skip_rows))}]   # {reasons}")
    for row, kind in source.doubtful_rows.items():
        lines.append(
            f"# QUESTION: row {row} looks like {kind}, but it has an id. If it is no patient: skip_rows = [{row}]"
        )
    if source.blank_id:
        lines.append('blank_id = "continues"   # a row without an id is one more record of the patient above')
    text = "\n".join(lines) + "\n" + "".join(_left(source.left))
    if source.records:
        text += "\n[source.records]         # what is true of every record, because the header says so\n"
        text += "".join(f"{quote(head)} = {_inline(values)}\n" for head, values in source.records.items())
    return text + "".join("\n" + _column(column) for column in source.columns)


def _left(left: tuple[Left, ...]) -> Iterator[str]:
    if not left:
        return
    yield "ignore = [\n"
    for one in left:
        prefix = "could not place: " if one.is_open else ""
        yield f"    {quote(one.header)},   # {prefix}{_one_line(one.reason)}\n"
    yield "]\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _column(column: ProposedColumn) -> str:
    spec = column.spec
    lines = [f"header = {quote(spec.header)}", f"to = {quote(spec.to)}"]
    if spec.unit:
        lines.append(f"unit = {quote(spec.unit)}")
    if spec.floor is not None:
        lines.append(f"floor = {spec.floor:g}")
    if spec.decimal:
        lines.append(f"decimal = {quote(spec.decimal)}")
    if spec.dates:
        lines.append(f"dates = {quote(spec.dates)}")
    if spec.missing:
        lines.append(f"missing = [{', '.join(map(quote, spec.missing))}]")
    if spec.marks:
        lines.append(f"marks = {_inline(spec.marks)}")
    if spec.values:
        lines.append(f"values = {_inline(spec.values)}")
    comments = [column.reason, *column.doubts]
    if column.unknown:
        comments.append("QUESTION: what do these mean? Add each to values, or to missing: " + ", ".join(column.unknown))
    return "".join(map(_comment, map(_one_line, comments))) + "[[source.column]]\n" + "\n".join(lines) + "\n"


def _inline(values: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{k if k in _FIELDS else quote(k)} = {_value(v)}" for k, v in values.items()) + " }"


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return quote(value) if isinstance(value, str) else json.dumps(value)
