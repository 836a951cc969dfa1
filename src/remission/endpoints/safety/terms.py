"""One short name and a group for an adverse event, whatever a hospital calls it (terms.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from remission.cohort.fold import fold_text
from remission.core.errors import DataError
from remission.core.settings import load


@dataclass(frozen=True)
class TermSpec:
    """A preferred name's group and the other names it is known by, any language."""

    group: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermDictionary:
    """Everything in terms.toml. groups: key -> what a reader calls it, in the order of a table."""

    groups: dict[str, str]
    terms: dict[str, TermSpec]


@dataclass(frozen=True)
class NamedTerm:
    """A term under its preferred name. group: "" where the dictionary does not know it; recorded: as written."""

    name: str
    group: str
    recorded: str

    @property
    def is_known(self) -> bool:
        return bool(self.group)


@cache
def load_terms() -> TermDictionary:
    """Read the packaged terms.toml."""
    text = resources.files("remission.endpoints.safety").joinpath("terms.toml").read_text(encoding="utf-8")
    return load(TermDictionary, tomllib.loads(text), where="terms.toml")


def name_term(recorded: str) -> NamedTerm:
    """The preferred name and group of a term; an unknown one stays as it is, but for the spaces around it."""
    name = _packaged_names().get(_plain(recorded))
    if name is None:
        return NamedTerm(recorded.strip(), "", recorded)
    spec = load_terms().terms[name]
    return NamedTerm(name, load_terms().groups[spec.group], recorded)


@cache
def _packaged_names() -> dict[str, str]:
    return names_of(load_terms())


def names_of(dictionary: TermDictionary) -> dict[str, str]:
    """Folded name -> preferred name. Raises: DataError (`term-twice`, `unknown-group`)."""
    made: dict[str, str] = {}
    for preferred, spec in dictionary.terms.items():
        if spec.group not in dictionary.groups:
            raise DataError(what="terms.toml: a term has a group that is not listed.", code="unknown-group")
        for name in (preferred, *spec.names):
            if made.setdefault(_plain(name), preferred) != preferred:
                raise DataError(what="terms.toml: a name stands for two terms.", code="term-twice", where=name)
    return made


def _plain(text: str) -> str:
    """Letters and digits alone, folded: "Cytokine-release  syndrome" and "cytokine release syndrome" are one."""
    return re.sub(r"[\W_]+", "", fold_text(text)[0]).casefold()
