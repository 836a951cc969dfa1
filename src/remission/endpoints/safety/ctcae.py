"""The laboratory part of CTCAE as data (ctcae.toml): versions, terms, bounds, and what hospitals call the tests."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from remission.cohort.fold import fold_text
from remission.core.errors import DataError
from remission.core.settings import load, nearest

Direction = Literal["low", "high"]
When = Literal[
    "always",
    "baseline normal",
    "baseline abnormal",
    "baseline up to 5 ULN",
    "baseline above 5 ULN",
    "baseline below LLN",
    "value abnormal",
    "symptomatic",
    "asymptomatic",
    "anticoagulated",
    "not anticoagulated",
]
_BOUND = re.compile(r"(?P<open>\?)?\s*(?P<equal><=|>=)?\s*(?P<number>[0-9.]+)?\s*(?P<of>LLN|ULN|baseline)?")


@dataclass(frozen=True)
class Version:
    """A published version of the criteria. not_graded: what it has that is not graded here, and why."""

    name: str
    citation: str
    not_graded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Bounds of grades 1 to 4, when they apply, and the units they are in (none: multiples, any unit)."""

    bounds: tuple[str, ...]
    when: When = "always"
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabTerm:
    """One adverse event that a laboratory value can show, in the versions that print these rules."""

    term: str
    test: str
    direction: Direction
    versions: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Criteria:
    """Everything in ctcae.toml. tests: name of a test here -> names of hospitals."""

    default: str
    versions: dict[str, Version]
    terms: tuple[LabTerm, ...]
    tests: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A parsed bound: `number` (times `of`, where named); `includes`: the bound itself belongs to the grade."""

    number: Decimal
    of: Literal["", "LLN", "ULN", "baseline"]
    includes: bool
    is_unclear: bool


@cache
def load_criteria() -> Criteria:
    """Read the packaged ctcae.toml."""
    text = resources.files("remission.endpoints.safety").joinpath("ctcae.toml").read_text(encoding="utf-8")
    return load(Criteria, tomllib.loads(text), where="ctcae.toml")


@cache
def parse_bound(text: str) -> Bound | None:
    """A bound as written in ctcae.toml, or None for "-". Raises: DataError `unreadable-bound`."""
    if text == "-":
        return None
    found = _BOUND.fullmatch(text)
    if found is None or not (found["number"] or found["of"]):
        raise DataError(
            what="ctcae.toml: a bound cannot be read.",
            code="unreadable-bound",
            expected='"-", a number, or a multiple such as "3 ULN", ">=1.5 baseline"',
        )
    return Bound(Decimal(found["number"] or 1), found["of"] or "", bool(found["equal"]), bool(found["open"]))  # type: ignore[arg-type]


def find_version(name: str) -> Version:
    """The named version of CTCAE. Raises: DataError `unknown-ctcae-version`."""
    known = load_criteria().versions
    if name not in known:
        near = nearest(name, known)
        raise DataError(
            what="This version of CTCAE is not known.",
            code="unknown-ctcae-version",
            expected=f"one of {', '.join(known)}",
            todo=f"Did you mean `{near}`?" if near else "Choose one of them.",
        )
    return known[name]


def find_test(name: str) -> str | None:
    """The test a hospital's name stands for ("ANC" -> "neutrophils"), or None. Case and spaces do not matter."""
    return _test_names().get(_plain(name))


@cache
def terms_of(test: str, version: str) -> tuple[LabTerm, ...]:
    """The events a test can show in a version, low before high; none where the version does not grade it."""
    find_version(version)
    found = [t for t in load_criteria().terms if t.test == test and version in t.versions]
    return tuple(sorted(found, key=lambda t: t.direction != "low"))


@cache
def _test_names() -> dict[str, str]:
    return {_plain(name): test for test, names in load_criteria().tests.items() for name in (test, *names)}


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]+", "", fold_text(name)[0]).casefold()
