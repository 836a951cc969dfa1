"""Dataset-JSON by hand: a small data set whose document is written out, the checks on broken ones, days and codes."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from remission import __version__
from remission.adam.dataset import Variable, as_dataset_json, make_dataset, short_label, study_day
from remission.adam.times import parameter_codes

from .dataset_json_rules import broken_rules

VARIABLES = (
    Variable("USUBJID", "Unique Subject Identifier", "string", key=1),
    Variable("AGE", "Age", "float"),
    Variable("WBCBL", "White Cell Count", "float"),
)
MADE = dt.datetime(2024, 5, 3, 12, 30, tzinfo=dt.UTC)


def document() -> dict[str, Any]:
    dataset = make_dataset("ADSL", "Subjects", VARIABLES, [["s-1", 34.0, 4.5], ["s-02", None, None]])
    return as_dataset_json(dataset, study="s", made=MADE)


def test_a_small_data_set_is_this_document() -> None:
    """Ages are whole, so they are integers; a missing value is null; the length is that of the longest text."""
    assert document() == {
        "datasetJSONCreationDateTime": "2024-05-03T12:30:00+00:00",
        "datasetJSONVersion": "1.1.0",
        "fileOID": "s.ADSL",
        "sourceSystem": {"name": "remission", "version": __version__},
        "studyOID": "s",
        "itemGroupOID": "IG.ADSL",
        "isReferenceData": False,
        "records": 2,
        "name": "ADSL",
        "label": "Subjects",
        "columns": [
            {"itemOID": "IT.ADSL.USUBJID", "name": "USUBJID", "label": "Unique Subject Identifier",
             "dataType": "string", "length": 4, "keySequence": 1},
            {"itemOID": "IT.ADSL.AGE", "name": "AGE", "label": "Age", "dataType": "integer"},
            {"itemOID": "IT.ADSL.WBCBL", "name": "WBCBL", "label": "White Cell Count", "dataType": "float"},
        ],
        "rows": [["s-1", 34, 4.5], ["s-02", None, None]],
    }  # fmt: skip
    assert broken_rules(document()) == []


def test_a_data_set_without_rows_is_one() -> None:
    """No patient, and still every column."""
    empty = as_dataset_json(make_dataset("ADAE", "Events", VARIABLES, []), study="s", made=MADE)
    assert (empty["records"], empty["rows"]) == (0, [])
    assert broken_rules(empty) == []


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        (("datasetJSONCreationDateTime",), "3 May 2024", "creation time"),
        (("datasetJSONVersion",), "1.0.0", "version"),
        (("records",), 3, "number of records"),
        (("creationDateTime",), "2024-05-03T12:30:00", "unknown creationDateTime"),
        (("columns", 1, "dataType"), "number", "AGE: type"),
        (("columns", 1, "name"), "AGEINYEARS", "AGEINYEARS: name"),
        (("columns", 1, "name"), "USUBJID", "name twice"),
        (("columns", 1, "label"), "x" * 41, "AGE: label"),
        (("columns", 0, "length"), 3, "USUBJID: longer than its length"),
        (("rows", 0, 1), "34", "AGE: str in a column of integer"),
        (("rows", 0), ["s-1"], "length of a row"),
        (("rows", 1, 0), "s-1", "rows with the same keys"),
        (("rows", 1, 0), None, "empty key"),
    ],
)
def test_the_rules_can_be_broken(place: tuple[Any, ...], value: object, rule: str) -> None:
    """Each rule of the format fails on a document that breaks it."""
    broken: Any = copy.deepcopy(document())
    at = broken
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    if rule == "AGE: type":
        broken["rows"] = []
        broken["records"] = 0
    assert rule in broken_rules(broken)


def test_there_is_no_day_nought() -> None:
    """The first infusion is day 1, the day before it day -1."""
    assert [study_day(d) for d in (-2, -1, 0, 1, 27, None)] == [-2, -1, 1, 2, 28, None]


def test_labels_and_codes_fit() -> None:
    """A long label is cut at 40; endpoints with names alike get codes of their own."""
    assert short_label("Response to the first cycle") == "Response to the first cycle"
    assert len(short_label("Response to the first cycle, as the treating physician judged it")) == 40
    names = ("os", "rfs_from_response", "rfs_from_relapse", "30day", "–")
    codes = parameter_codes(dict.fromkeys(names))  # type: ignore[arg-type]
    assert codes["os"] == "OS"
    assert len(set(codes.values())) == len(names)
    assert all(c.isalnum() and c.isascii() and len(c) <= 8 and not c[0].isdigit() for c in codes.values())
