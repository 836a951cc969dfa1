"""The derivation is plain SQL that another engine answers alike, and the database is closed to files and settings."""

from __future__ import annotations

import ast
import contextlib
import re
from importlib import resources
from pathlib import Path

import duckdb
import pytest

from remission.endpoints.database import FORBIDDEN_SQL, open_database

from ..by_hand.cohort_factory import make_cohort

ROOM = Path(str(resources.files("remission.endpoints")))
LOOKS_LIKE_SQL = re.compile(r"\b(select|insert into|create (or replace )?table|case when|order by|exists)\b")


def sql_texts() -> dict[str, str]:
    """Every *.sql without comments, and every string of the room's Python that is SQL; what is put in reads x."""
    found = {}
    for path in sorted(ROOM.glob("*.sql")):
        found[path.name] = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    for path in sorted(ROOM.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        inside = {id(v) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for v in node.values}
        for node in ast.walk(tree):
            if id(node) in docstrings or id(node) in inside:
                continue
            text = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(v.value) if isinstance(v, ast.Constant) else " x " for v in node.values)
            if LOOKS_LIKE_SQL.search(text):
                found[f"{path.name}:{node.lineno}"] = text
    return found


TEXTS = sql_texts()
each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def test_the_texts_are_found() -> None:
    """The lint sees derive.sql and the builders of conditions, candidates and groups."""
    names = {name.partition(":")[0] for name in TEXTS}
    assert {"derive.sql", "conditions.py", "database.py", "engine.py", "groups.py", "known.py"} <= names


@each_text
def test_no_forbidden_function(text: str) -> None:
    """No timestamps, ordered aggregates, NaN, medians or clocks."""
    assert not FORBIDDEN_SQL.search(text)
    assert not re.search(r"\b(timestamp|interval|current_date|extract|month|year|string_agg)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("call", ["median(x)", "first (x)", "arg_min(a, b)", "count(*) filter (where x)", "now()"])
def test_the_forbidden_are_recognised(call: str) -> None:
    """A lint that cannot fail proves nothing."""
    assert FORBIDDEN_SQL.search(call)


@each_text
def test_counts_are_of_cases(text: str) -> None:
    """count(*) or count(case when ... end), never count of a bare condition."""
    for inside in re.findall(r"\bcount\s*\(([^)]*)", text):
        assert inside.strip() == "*" or inside.strip().startswith("case when")


@each_text
def test_no_division(text: str) -> None:
    """Nothing is divided before it is ranked; rates are made of counts, later."""
    assert "/" not in text
    assert not re.search(r"\s%\s", text)


@each_text
def test_every_order_is_total(text: str) -> None:
    """Each term of an ORDER BY says where its NULLs go."""
    for clause in re.findall(r"order\s+by\s+(.*?)(?=\)\s*as\b|\)\s*::|$)", text, re.DOTALL):
        for term in clause.split(","):
            assert re.search(r"nulls last\s*$", term.strip()), clause


def test_row_numbers_are_broken_down_to_the_record() -> None:
    """row_number() ends in what names one record of one patient."""
    windows = [
        " ".join(w.split())
        for text in (TEXTS["derive.sql"],)
        for w in re.findall(r"row_number\(\) over \((.*?)\)\s*as", text, re.DOTALL)
    ]
    assert len(windows) == 2
    for window in windows:
        assert window.startswith("partition by endpoint, patient")
        assert window.endswith("place nulls last, tbl nulls last, row_index nulls last, field nulls last")
    sequence = [text for text in TEXTS.values() if "partition by patient, kind, relation" in text]
    assert len(sequence) == 1
    assert "start_day nulls last, row_index nulls last" in sequence[0]


def test_the_derivation_is_named_steps() -> None:
    """derive.sql is a list of named steps that each begin a line, one of them the answer's source."""
    steps = re.findall(r"^(\w+) as \($", TEXTS["derive.sql"], re.MULTILINE)
    assert steps == ["started", "ends", "last_seen", "undated", "ranked", "closers", "joined", "decided"]
    assert TEXTS["derive.sql"].count(";") == 0


COHORT = make_cohort(
    patients="""
        patient  age_years
        a        40
        b        .
    """
)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{file}')",
        "select * from '{file}'",
        "select * from read_text('{file}')",
        "copy patients to '{file}'",
        "attach '{file}' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '1GB'",
        "set autoload_known_extensions = true",
        "set temp_directory = '{folder}'",
        "reset lock_configuration",
    ],
)
def test_the_database_is_closed(statement: str, tmp_path: Path) -> None:
    """No file is read or written, no extension loaded, no setting changed."""
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with contextlib.closing(open_database(COHORT)) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(file=file, folder=tmp_path))
    assert file.read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_the_settings_are_what_they_should_be() -> None:
    """Memory is limited, nothing spills to a disk, no extension comes by itself."""
    wanted = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "lock_configuration": "true",
        "temp_directory": "",
        "threads": "2",
    }
    with contextlib.closing(open_database(COHORT)) as connection:
        for name, value in wanted.items():
            assert connection.execute("select current_setting(?)", [name]).fetchall()[0][0] in (
                value, {"true": True, "false": False, "2": 2, "": None}[value],
            )  # fmt: skip


def test_missing_is_null_and_never_nan() -> None:
    """A number that is not recorded is NULL in the database."""
    with contextlib.closing(open_database(COHORT)) as connection:
        found = connection.execute("select patient, age_years, weight_kg from patients").fetchall()
    assert sorted(found) == [("a", 40.0, None), ("b", None, None)]
