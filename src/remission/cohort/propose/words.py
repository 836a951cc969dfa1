"""The words a proposal is made from (words.toml), and how a header or a code is compared with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from remission.cohort.fold import code_key, fold_text, tight_key
from remission.core.settings import load

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[a-z0-9])")


@dataclass(frozen=True)
class Polarity:
    """Header words under which "yes" means this code."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """Args: moments: before, after -> words.  filler: words that say nothing.  the others: by table.field."""

    moments: dict[str, tuple[str, ...]]
    filler: tuple[str, ...]
    meaning_of_yes: dict[str, tuple[Polarity, ...]]
    opposite: dict[str, str]
    codes: dict[str, dict[str, tuple[str, ...]]]
    events: dict[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def load_words() -> Words:
    """Read the packaged words.toml."""
    text = resources.files("remission.cohort.propose").joinpath("words.toml").read_text(encoding="utf-8")
    return load(Words, tomllib.loads(text), where="words.toml")


@cache
def plain(text: str) -> str:
    """A header as words: folded, lower case, one space between words, also between Latin and Chinese ones."""
    folded = _SEAM.sub(" ", fold_text(text)[0].casefold().replace("%", " % "))
    return " ".join(re.sub(r"[^\w%+#]+", " ", folded).replace("_", " ").split())


def has_phrase(text: str, phrase: str) -> bool:
    """Whether a header holds a phrase as whole words; Chinese has no spaces, so there it need only be inside."""
    words = plain(phrase)
    if _WIDE.search(words):
        return words.replace(" ", "") in plain(text).replace(" ", "")
    return f" {words} " in f" {plain(text)} "


def first_phrase(text: str, phrases: Iterable[str]) -> str:
    """The longest of the phrases that a header holds, or ""."""
    found = [p for p in phrases if has_phrase(text, p)]
    return max(found, key=lambda p: len(plain(p)), default="")


def without_phrase(text: str, phrase: str) -> str:
    """The header in plain words without one phrase."""
    words = plain(phrase)
    if _WIDE.search(words):
        close = plain(text).replace(" ", "")
        return plain(close.replace(words.replace(" ", ""), " ")) if has_phrase(text, phrase) else plain(text)
    return " ".join(f" {plain(text)} ".replace(f" {words} ", " ").split())


@cache
def _code_index(target: str) -> dict[str, str]:
    index: dict[str, str] = {}
    for code, spellings in load_words().codes.get(target, {}).items():
        for text in (code, *spellings):
            index.setdefault(code_key(text), code)
            index.setdefault(tight_key(text), code)
    return index


def known_code(target: str, text: str) -> str:
    """The code of a field ("patients.sex") a text is a known spelling of, or ""."""
    index = _code_index(target)
    return index.get(code_key(text)) or index.get(tight_key(text)) or ""
