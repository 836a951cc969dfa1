"""What a header says: when the column was taken, and which fields of the schema it may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from remission.cohort.fold import header_key
from remission.cohort.propose.words import first_phrase, has_phrase, load_words, plain, without_phrase
from remission.cohort.schema import load_schema

Moment = Literal["", "before", "after"]

_DAY = re.compile(r"(?:^|[^a-z])(?:d|day|tag|jour|día|j)\s*\+?\s*(\d{1,3})(?![\d%])|第\s*(\d{1,3})\s*天", re.IGNORECASE)
_CYCLE = re.compile(r"(?:cycle|course|zyklus|cure|ciclo|疗程|第|(?<![a-z])c)\s*(\d)(?!\d)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]\s*")
_LEAST = 0.45  # a header of which less is known is left to the user


@dataclass(frozen=True)
class Heading:
    """A header taken apart.

    Args: moment, day: when the column was taken, as far as the header says.  cycle: the cycle it names.
    words: its words without the moment.  core: the same without filler.
    """

    header: str
    moment: Moment
    day: int | None
    cycle: int | None
    words: str
    core: str

    @property
    def own(self) -> str:
        """The last part of a joined header ("After: MRD %" -> "MRD %")."""
        return self.header.rpartition(": ")[2]


@dataclass(frozen=True)
class Match:
    """A field a header may be, how surely (0-1), and why, for the comment in study.toml."""

    table: str
    name: str
    score: float
    reason: str

    @property
    def target(self) -> str:
        return f"{self.table}.{self.name}"


@cache
def read_heading(header: str) -> Heading:
    """Take a header apart into moment, day, cycle and the words that are left."""
    words = load_words()
    found = _DAY.search(header)
    day = int(next(g for g in found.groups() if g)) if found else None
    before = first_phrase(header, words.moments["before"])
    after = first_phrase(header, words.moments["after"])
    moment: Moment = ""
    if day:
        moment = "after"
    elif before or after or day == 0:
        moment = "before" if len(before) >= len(after) else "after"
    cycle = _CYCLE.search(header)
    rest = plain(_CYCLE.sub(" ", _DAY.sub(" ", _BRACKETS.sub(" ", header))))
    for phrase in filter(None, (before, after)):
        rest = without_phrase(rest, phrase)
    core = rest
    for phrase in words.filler:
        core = without_phrase(core, phrase)
    return Heading(header, moment, day, int(cycle.group(1)) if cycle else None, rest, core)


@cache
def _aliases() -> tuple[tuple[str, str, str, str], ...]:
    """Table, field, alias, key of every alias; the field's own label counts as one."""
    found = []
    for table, spec in load_schema().tables.items():
        for name, fld in spec.fields.items():
            labels = (*fld.aliases, fld.label) if name != "patient" else fld.aliases
            found += [(table, name, alias, header_key(alias)) for alias in labels]
    return tuple(found)


@cache
def match_header(header: str) -> tuple[Match, ...]:
    """Fields the header may be, best first; each field once."""
    best: dict[str, Match] = {}
    for match in _matches(read_heading(header)):
        if match.score >= _LEAST and match.score > best.get(match.target, _NONE).score:
            best[match.target] = match
    return tuple(sorted(best.values(), key=lambda m: (-m.score, m.target)))


_NONE = Match("", "", 0.0, "")


def _matches(heading: Heading) -> Iterator[Match]:
    whole, own = header_key(heading.header), header_key(heading.own)
    bare = header_key(_BRACKETS.sub(" ", heading.own))
    core = header_key(heading.core)
    size = len(plain(heading.core).replace(" ", "")) or 1
    for table, name, alias, key in _aliases():
        if key == whole:
            yield Match(table, name, 1.0, f'the header is known as "{alias}"')
        elif key == own:
            yield Match(table, name, 0.97, f'the lower header is known as "{alias}"')
        elif key in (bare, core) and key:
            yield Match(table, name, 0.9, f'the header holds the known "{alias}"')
        elif len(key) > 1 and has_phrase(heading.words, alias):
            share = min(1.0, len(plain(alias).replace(" ", "")) / size)
            leads = 0.1 if heading.words.startswith(plain(alias)) else 0.0  # "Age at start of treatment" is an age
            yield Match(table, name, 0.25 + 0.5 * share + leads, f'the header holds the words "{alias}"')
