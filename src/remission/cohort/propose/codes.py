"""What the codes of a column probably mean: proposed from known spellings, left open where they are not known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from remission.cohort.fold import code_key
from remission.cohort.propose.column import Column
from remission.cohort.propose.words import first_phrase, known_code, load_words
from remission.cohort.schema import load_schema

Meaning = str | tuple[str, ...]

_JOINED = re.compile(r"\s*(?:\+|/|&|;|、|，|,)\s*")


@dataclass(frozen=True)
class CodeProposal:
    """Args: values: text seen -> code(s).  missing: texts for not recorded.  unknown: texts nobody could place."""

    values: dict[str, Meaning] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    note: str = ""


def propose_codes(table: str, name: str, column: Column) -> CodeProposal:
    """A map from the texts of a column to the codes of a field."""
    target = f"{table}.{name}"
    allowed = load_schema().field(table, name).allowed
    yes, note = _yes_means(target, column.header)
    note = note if any(map(yes_or_no, column.texts)) else ""
    values: dict[str, Meaning] = {}
    unknown = []
    for text in column.codes:
        meaning = _meaning(target, allowed, text, yes)
        if meaning:
            values[text] = meaning
        elif not _is_missing(text):
            unknown.append(text)
    if not column.is_coded:
        return _free_texts(values, unknown, is_closed=bool(allowed))
    if allowed:
        return CodeProposal(values, unknown=tuple(unknown), note=note)
    values = {t: values.get(t, t) for t in column.codes if t in values or not _is_missing(t)}
    return CodeProposal(values, note=note)


def _free_texts(values: dict[str, Meaning], unknown: list[str], *, is_closed: bool) -> CodeProposal:
    """Texts that are no codes may say anything about a patient: they are counted, never written into study.toml."""
    if not unknown:
        return CodeProposal(values)
    if not is_closed:
        return CodeProposal(note="many different texts, kept as they stand")
    note = f"QUESTION: {len(unknown)} different texts are not known; add what they mean to values"
    return CodeProposal(values, note=note)


def _is_missing(text: str) -> bool:
    return code_key(text) in {code_key(m) for m in load_schema().missing}


def _yes_means(target: str, header: str) -> tuple[str, str]:
    """The code that "yes" stands for under this header, and a word on it."""
    for polarity in load_words().meaning_of_yes.get(target, ()):
        if phrase := first_phrase(header, polarity.words):
            return polarity.code, f'yes means {polarity.code}, as the header says "{phrase}"'
    return "", ""


def _meaning(target: str, allowed: tuple[str, ...], text: str, yes: str) -> Meaning:
    own = next((code for code in allowed if code_key(code) == code_key(text)), "")
    if own:
        return own
    answer = yes_or_no(text)
    if yes and answer:
        return yes if answer == "yes" else load_words().opposite[yes]
    if "yes" in allowed:
        return answer
    return known_code(target, text) or _joined(target, text)


def yes_or_no(text: str) -> str:
    """ "yes", "no" or "" as the schema knows the words; a bare 1 or 0 counts."""
    codes = load_schema().codes
    return next((code for code in ("yes", "no") if code_key(text) in map(code_key, codes[code])), "")


def _joined(target: str, text: str) -> Meaning:
    """ "Chemotherapy + CAR-T" as two treatments, where each part is known."""
    if target != "therapies.kind":
        return ""
    parts = [known_code(target, part) for part in _JOINED.split(text) if part]
    if len(parts) < 2 or not all(parts):
        return ""
    return tuple(dict.fromkeys(parts))
