"""Frames from Python: proposed, checked and run in memory, whatever library they come from."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from remission import frames
from remission.cohort.forms.frames import frame_ledger
from remission.core.errors import DataError, ProtocolError, RemissionError

from .filled_template import ward_rows

HEADERS = {
    "patient": "Patient", "sex": "Sex", "age_years": "Age (years)", "first_infusion_day": "First infusion",
    "status": "Status", "last_contact_day": "Last contact", "death_day": "Date of death", "wbc_10e9_l": "WBC",
    "relapse": "Relapse", "relapse_day": "Date of relapse",
}  # fmt: skip


def ward_frame() -> dict[str, list[object]]:
    """Patients and outcomes of the synthetic ward, as one dict of lists."""
    tables = ward_rows()
    merged = [{**p, **o} for p, o in zip(tables["patients"], tables["outcomes"], strict=True)]
    return {HEADERS[name]: [row[name] for row in merged] for name in HEADERS}


class Column:
    """A series, as pandas and polars have them."""

    def __init__(self, values: Sequence[object]) -> None:
        self.values = list(values)

    def to_list(self) -> list[object]:
        return self.values


class Frame:
    """A data frame: names of columns, and a column by its name."""

    def __init__(self, table: dict[str, list[object]]) -> None:
        self.table = table

    @property
    def columns(self) -> list[str]:
        return list(self.table)

    def __getitem__(self, name: str) -> Column:
        return Column(self.table[name])


class ArrowTable:
    """A table of Arrow."""

    def __init__(self, table: dict[str, list[object]]) -> None:
        self.table = table

    def to_pydict(self) -> dict[str, list[object]]:
        return self.table


class NAType:
    """What pandas has for a missing value: it cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = object.__hash__


def test_a_study_from_a_frame_alone(tmp_path: Path) -> None:
    """Proposed, checked and run, with no file of data anywhere."""
    given = {"ward": ward_frame()}
    text = frames.propose(given)
    assert 'file = "ward"' in text
    assert [f for f in frames.check(text, frames=given) if f.severity == "error"] == []
    run = frames.run(text, out=tmp_path / "out", frames=given)
    assert run.results is not None
    assert any(i.startswith("os.") for i in run.results.rows)
    assert (tmp_path / "out" / "report.html").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_every_kind_of_frame_is_the_same_sheet() -> None:
    """A dict of lists, a data frame and an Arrow table give the same cells."""
    table = ward_frame()
    expected = frame_ledger("ward", table)
    assert frame_ledger("ward", Frame(table)) == expected
    assert frame_ledger("ward", ArrowTable(table)) == expected
    assert expected.cell(2, 1).raw_text == "001"


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_the_real_libraries(library: str) -> None:
    """Where one is installed, its own frames are read."""
    found = pytest.importorskip(library)
    table = ward_frame()
    frame = found.table(table) if library == "pyarrow" else found.DataFrame(table)
    made, expected = frame_ledger("ward", frame), frame_ledger("ward", table)
    assert made.grid.columns == expected.grid.columns


def test_values_become_cells() -> None:
    """Numbers, dates and missing values of every sort, as a workbook has them."""
    values = [1, 2.5, decimal.Decimal("0.01"), float("nan"), None, NAType(), True, "x", "", dt.date(2021, 6, 7),
              dt.datetime(2021, 6, 7), dt.datetime(2021, 6, 7, 8, 30)]  # fmt: skip
    ledger = frame_ledger("f", {"a": values})
    assert ledger.grid.columns[0] == [
        "a", "1", "2.5", "0.01", "", "", "", "TRUE", "x", "", "2021-06-07", "2021-06-07", "2021-06-07T08:30",
    ]  # fmt: skip
    assert ledger.grid.types == ["tnnn   bt ddd"]


def test_a_folder_may_take_one_source_from_a_frame(tmp_path: Path) -> None:
    """study.toml names the frame where a file would stand; findings point into it."""
    frame = ward_frame()
    frame["Age (years)"][3] = 340
    (tmp_path / "study.toml").write_text(frames.propose({"ward": ward_frame()}), encoding="utf-8")
    found = frames.check(tmp_path, frames={"ward": frame})
    assert [(f.file, f.row, f.column) for f in found if f.severity == "error"] == [("ward", "5", "Age (years)")]
    assert frames.run(tmp_path, frames={"ward": frame}).stopped


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (3, "not-a-frame"),
        ([{"a": 1}], "not-a-frame"),
        ({"a": "abc"}, "not-a-frame"),
        ({"a": [1, 2], "b": [1]}, "ragged-frame"),
        ({"a": []}, "empty-frame"),
        ({}, "empty-frame"),
        ({"a": [1], 1: [2], "1": [3]}, "duplicate-column"),
        ({"a": [dt.timedelta(days=3)]}, "unknown-value"),
        ({"a": [[1, 2]]}, "unknown-value"),
    ],
)
def test_what_is_no_frame_is_said(frame: object, code: str) -> None:
    """One error with its code, and no value in it."""
    with pytest.raises(DataError) as caught:
        frame_ledger("f", frame)
    assert caught.value.code == code


def test_calls_that_cannot_be_meant(tmp_path: Path) -> None:
    """A frame no source names, a text without a place to write, a frame that is missing."""
    text = frames.propose({"ward": ward_frame()})
    with pytest.raises(ProtocolError) as caught:
        frames.check(text, frames={"ward": ward_frame(), "wards": ward_frame()})
    assert (caught.value.code, caught.value.todo) == ("unused-frame", "Did you mean ward?")
    with pytest.raises(ProtocolError) as caught:
        frames.run(text, frames={"ward": ward_frame()})
    assert caught.value.code == "no-out"
    with pytest.raises(RemissionError) as missing:
        frames.run(text, out=tmp_path / "out")
    assert missing.value.code == "no-file"


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples of docs/how-to/python.md run, one after the other, and find what they say."""
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 3
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "python.md", "exec"), space)  # noqa: S102
    assert (tmp_path / "out" / "report.html").is_file()
