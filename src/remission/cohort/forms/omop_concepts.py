"""Which concepts are meant: sets of ids, codes and names (omop.toml), and those a study adds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from remission.cohort.forms.omop_tables import OmopTable
from remission.cohort.ledger import read_ledger
from remission.core.errors import FileError
from remission.core.settings import load, nearest

OWN_SETS = "concept_sets.csv"


@dataclass(frozen=True)
class ConceptSet:
    """ids: concept id -> source.  codes: "vocabulary code" -> source.  words: that stand in the name of a concept."""

    table: str
    label: str
    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class OmopWords:
    """omop.toml."""

    sets: dict[str, ConceptSet]
    meanings: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Concepts:
    """What every concept id means here. sets: name -> ids.  names: id -> name, where the table concept says so."""

    sets: Mapping[str, frozenset[str]]
    names: Mapping[str, str]

    def set_of(self, concept: str, source: str, among: Iterable[str]) -> str:
        """The set a record belongs to by its concept id or, where it has none, by its source value; or ""."""
        return next((name for name in among if self.holds(name, concept, source)), "")

    def holds(self, name: str, concept: str, source: str) -> bool:
        """Whether a record with this concept id and source value belongs to a set."""
        if concept in self.sets[name]:
            return True
        one, plain = omop_words().sets[name], source.lower()
        return has_no_concept(concept) and (plain == one.label.lower() or any(word in plain for word in one.words))


def has_no_concept(concept: str) -> bool:
    """Whether an id is the model's own sign for "no matching concept"."""
    return concept in ("", "0")


@cache
def omop_words() -> OmopWords:
    """Read the packaged omop.toml."""
    text = resources.files("remission.cohort.forms").joinpath("omop.toml").read_text(encoding="utf-8")
    return load(OmopWords, tomllib.loads(text), where="omop.toml")


def sets_of_table(table: str) -> tuple[str, ...]:
    """The sets whose records stand in a table."""
    return tuple(name for name, one in omop_words().sets.items() if one.table == table)


def find_concepts(folder: Path, concept: OmopTable | None) -> Concepts:
    """The ids of every set: packaged, of the study's own file, and by code and name from the table concept."""
    ids = {name: set(one.ids) for name, one in omop_words().sets.items()}
    for name, more in _own_sets(folder).items():
        ids[name] |= more
    names: dict[str, str] = {}
    if concept is not None:
        for row in concept.rows:
            number, called = concept.text(row, "concept_id"), concept.text(row, "concept_name")
            names[number] = called
            code = f"{concept.text(row, 'vocabulary_id')} {concept.text(row, 'concept_code')}"
            for name, one in omop_words().sets.items():
                if code in one.codes or any(word in called.lower() for word in one.words):
                    ids[name].add(number)
    return Concepts({name: frozenset(found) for name, found in ids.items()}, names)


def _own_sets(folder: Path) -> dict[str, set[str]]:
    """concept_sets.csv beside the tables: a set and a concept id in each row."""
    path = folder / OWN_SETS
    if not path.is_file():
        return {}
    columns = {column[0].strip().lower(): column[1:] for column in read_ledger(path).grid.columns}
    if not {"set", "concept_id"} <= set(columns):
        raise FileError(
            what=f"{OWN_SETS} has other columns than it should.", code="concept-sets", where=OWN_SETS,
            expected="set and concept_id",
        )  # fmt: skip
    found: dict[str, set[str]] = {}
    for name, number in zip(columns["set"], columns["concept_id"], strict=True):
        known = omop_words().sets
        if name.strip() not in known:
            near = nearest(name.strip(), known)
            raise FileError(
                what=f"{OWN_SETS} names a set that is not known.",
                code="concept-sets",
                where=OWN_SETS,
                expected=f"one of {', '.join(known)}",
                todo=f"Did you mean {near}?" if near else "Correct the name of the set.",
            )
        found.setdefault(name.strip(), set()).add(number.strip())
    return found
