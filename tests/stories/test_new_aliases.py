"""The headers by which fields are known: none missing, none that means two fields of one table."""

from __future__ import annotations

from collections import Counter

from remission.cohort.fold import header_key
from remission.cohort.propose.words import load_words
from remission.cohort.schema import load_schema


def test_every_field_is_known_by_some_header() -> None:
    """Only the patient of the other tables goes without: it is known as that of the patients."""
    tables = load_schema().tables
    bare = {f"{t}.{f}" for t, spec in tables.items() for f, fld in spec.fields.items() if not fld.aliases}
    assert bare == {f"{t}.patient" for t in tables if t != "patients"}


def test_no_header_means_two_fields_of_one_table() -> None:
    """Case, spaces and punctuation aside, a header stands once in a table."""
    for spec in load_schema().tables.values():
        keys = Counter(header_key(alias) for fld in spec.fields.values() for alias in fld.aliases)
        assert [key for key, count in keys.items() if count > 1 or not key] == []


def test_every_known_code_belongs_to_its_field() -> None:
    """What words.toml knows by heart are fields and codes of the schema."""
    words = load_words()
    for target, codes in words.codes.items():
        fld = load_schema().field(*target.split("."))
        assert not fld.allowed or set(codes) <= set(fld.allowed), target
    for target, polarities in words.meaning_of_yes.items():
        allowed = load_schema().field(*target.split(".")).allowed
        assert all(p.code in allowed and words.opposite[p.code] in allowed for p in polarities)


def test_no_spelling_means_two_codes_of_one_field() -> None:
    """A spelling is either one code or the other."""
    for target, codes in load_words().codes.items():
        seen: dict[str, str] = {}
        for code, spellings in codes.items():
            for text in (code, *spellings):
                assert seen.setdefault(header_key(text) or text, code) == code, (target, text)
