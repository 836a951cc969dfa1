"""Look-alike letters: characters that look like Latin letters, spaces or hyphens and are something else.

A Greek Nu typed for an N splits one code into two, and nobody sees it. Headers, ids and codes are folded before they
are compared, and every fold is reported; free text is never folded.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

FoldKind = Literal["letter", "hyphen", "space"]

_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρϲ", "ABEZHIKMNOPTYXovpc", strict=True))
_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеосрухіјѕԁԛԝ", "ABESIJKMHOPCTYXaeocpyxijsdqw", strict=True))
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-")
_SPACES = dict.fromkeys(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_NOTHING = dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
_LETTERS = {**_GREEK, **_CYRILLIC}
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Fold:
    """One character that was read as another."""

    char: str
    became: str
    kind: FoldKind

    @property
    def what(self) -> str:
        """The fold in words a user can check in the sheet; a character, never a value."""
        name = unicodedata.name(self.char, "without a name").title()
        code = f"U+{ord(self.char):04X}"
        if not self.became:
            return f"An invisible character ({name}, {code}) was left out."
        shown = {" ": "a space", "-": "a hyphen"}.get(self.became, self.became)
        return f"The character {name} ({code}) was read as {shown}."


@lru_cache(maxsize=65536)
def fold_text(text: str) -> tuple[str, tuple[Fold, ...]]:
    """The text with look-alikes replaced, and what was replaced.

    A Greek or Cyrillic letter is replaced only in a word that is wholly Latin afterwards, so that a Russian header or
    a beta in a name stays as it is. Full-width letters, digits and signs become their ordinary form.
    """
    if text.isascii():
        return text, ()
    folds: dict[str, Fold] = {}
    out = "".join(_fold_char(char, folds) for char in text)
    if any(char in _LETTERS for char in out):
        out = _WORD.sub(lambda m: _fold_word(m.group(), folds), out)
    return out, tuple(folds.values())


def _fold_char(char: str, folds: dict[str, Fold]) -> str:
    if char in _SPACES or char in _NOTHING:
        became = " " if char in _SPACES else ""
        folds[char] = Fold(char, became, "space")
        return became
    if char in _HYPHENS:
        folds[char] = Fold(char, "-", "hyphen")
        return "-"
    if "\uff01" <= char <= "\uff5e":
        became = chr(ord(char) - 0xFEE0)
        if became.isalnum():
            folds[char] = Fold(char, became, "letter")
        # full-width brackets and colons are ordinary Chinese typography: folded, not worth a finding
        return became
    return char


def _fold_word(word: str, folds: dict[str, Fold]) -> str:
    folded = "".join(_LETTERS.get(char, char) for char in word)
    if not all(char.isascii() for char in folded):
        return word
    folds.update({char: Fold(char, _LETTERS[char], "letter") for char in word if char in _LETTERS})
    return folded


@lru_cache(maxsize=65536)
def code_key(text: str) -> str:
    """What two spellings of one code have in common: look-alikes, case and runs of spaces do not count."""
    return " ".join(fold_text(text)[0].casefold().split())


@lru_cache(maxsize=65536)
def tight_key(text: str) -> str:
    """As `code_key`, without any space: "allo- HSCT" and "allo-HSCT" are one."""
    return "".join(fold_text(text)[0].casefold().split())


@lru_cache(maxsize=65536)
def header_key(text: str) -> str:
    """What two spellings of one header have in common: case, spaces and punctuation do not count; %, + and # do."""
    plain = unicodedata.normalize("NFKC", fold_text(text)[0]).casefold()
    return "".join(char for char in plain if char.isalnum() or char in "%+#<>")
