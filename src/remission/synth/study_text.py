"""study.toml of a synthetic ward: what it is, where its sheets stand, what each column means, a plan of analyses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from remission.synth.sheets import Column

_HEAD = """\
# A synthetic ward: every patient is made up. Written by `remission synth`.

[study]
name = {name}
title = "Synthetic ward: made-up patients given blinatumomab"
about = "{patients:,} patients drawn at random (seed {seed}); none of them exists"
data = "remission synth --patients {patients} --seed {seed}{options}"
kind = "synthetic"
limits = [
    "The patients are made up at the rates of four published cohorts: nothing here says anything about blinatumomab.",
    "Transplantation changes nothing in the model: what patients with and without one differ by is immortal time.",
]

[origin]
what = "first day of the first blinatumomab infusion"
field = "first_infusion_day"
cutoff = {cutoff}

# ---------------------------------------------------------------- where the data stand
"""


@dataclass(frozen=True)
class About:
    """What the head of study.toml says. options: further options of the call, as typed."""

    name: str
    patients: int
    seed: int
    cutoff: str
    options: str = ""


WARD_UP_TO = 1000  # patients whose courses and laboratory values a reader would look at


@dataclass(frozen=True)
class Source:
    """One [[source]]: its columns, and what study.toml has to confirm of its rows."""

    name: str
    file: str
    columns: tuple[Column, ...]
    sheet: str = ""
    skip_rows: tuple[int, ...] = ()
    blank_id: str = ""
    header_row: int = 0


def study_text(about: About, sources: Iterable[Source], *, has_events: bool) -> str:
    """The whole text. Args: has_events: a sheet of adverse events is there to be analysed."""
    head = _HEAD.format(
        name=_quote(about.name), patients=about.patients, seed=about.seed, options=about.options,
        cutoff=_quote(about.cutoff),
    )  # fmt: skip
    plans = ["plan.toml", *(["plan_events.toml"] if has_events else [])]
    plans += ["plan_ward.toml"] if has_events and about.patients <= WARD_UP_TO else []
    folder = resources.files("remission.synth")
    plan = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in plans)
    return head + "".join(map(_source, sources)) + "\n" + plan


def _source(source: Source) -> str:
    lines = ["", "[[source]]", f"name = {_quote(source.name)}", f"file = {_quote(source.file)}"]
    if source.sheet:
        lines.append(f"sheet = {_quote(source.sheet)}")
    if source.header_row:
        lines.append(f"header_row = {source.header_row}")
    if source.skip_rows:
        lines.append(f"skip_rows = [{', '.join(map(str, source.skip_rows))}]")
    if source.blank_id:
        lines.append(f"blank_id = {_quote(source.blank_id)}")
    return "\n".join(lines) + "\n" + "".join(map(_column, source.columns))


def _column(column: Column) -> str:
    lines = ["", "[[source.column]]", f"header = {_quote(column.header)}", f"to = {_quote(column.to)}"]
    if column.floor is not None:
        lines.append(f"floor = {column.floor:g}")
    if column.values:
        lines.append(f"values = {_inline(column.values)}")
    if column.marks:
        lines.append(f"marks = {_inline(column.marks)}")
    return "\n".join(lines) + "\n"


def _inline(texts: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_quote(k)} = {_quote(v)}" for k, v in texts.items()) + " }"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
