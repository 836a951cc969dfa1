"""What a condition of study.toml says of a value, a sign and a missing value."""

from __future__ import annotations

import contextlib

import pytest

from remission.cohort.schema import load_schema
from remission.core.errors import ProtocolError
from remission.endpoints.conditions import demand_sql, fields_of, parse_when
from remission.endpoints.database import open_database
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.spec import GroupSpec

from .cohort_factory import make_cohort

VALUES = ("<0.001", "<0.01", "<0.1", "0.001", "0.01", "0.1", ">0.001", ">0.01", ">0.1", ".")
MRD = make_cohort(marrow="\n".join(["patient  mrd_percent", *(f"p{i}  {v}" for i, v in enumerate(VALUES))]))

# T true, F false, ? unknown; columns as VALUES: below 0.001, 0.01, 0.1; the three exactly; above the three; missing
TRUTH = """
    < 0.01            T T ? T F F ? F F ?
    <= 0.01           T T ? T T F ? F F ?
    <= 0.005          T ? ? T F F ? F F ?
    > 0.001           F ? ? F T T T T T ?
    >= 0.001          F ? ? T T T T T T ?
    >= 0.01           F F ? F T T ? T T ?
    > 0.01            F F ? F F T ? T T ?
    = 0.01            F F ? F T F ? F F ?
    < 1e-2            T T ? T F F ? F F ?
    ≥ 0.01            F F ? F T T ? T T ?
    0.001 .. 0.01     F ? ? T T F ? F F ?
    > 0.001 and < 0.1 F ? ? F T F ? ? F ?
"""


@pytest.mark.parametrize("line", TRUTH.strip().splitlines())
def test_comparison_with_signs(line: str) -> None:
    """A value below an assay's floor decides a comparison only where it can."""
    words = line.split()
    demand, expected = " ".join(words[: -len(VALUES)]), words[-len(VALUES) :]
    spec = fields_of(load_schema(), "marrow")["mrd_percent"]
    sql = demand_sql("t.mrd_percent", spec, demand, where="")
    with contextlib.closing(open_database(MRD)) as connection:
        found = connection.execute(f"select {sql} from marrow as t order by t.row_index").fetchall()  # noqa: S608
    assert [{True: "T", False: "F", None: "?"}[v] for (v,) in found] == expected


PEOPLE = make_cohort(
    patients="""
        patient  age_years  sex     centre          prior_lines
        a        40         male    St. Mary's      1
        b        17.5       female  x'; drop table  2
        c        .          .       .               .
        d        65         female  Lyon            3
    """,
    marrow="""
        patient  visit  day  blasts_percent  mrd_percent
        a        before  -3  60              .
        b        before  -1  5               <0.01
        b        day 29  29  0               0.01
        d        before  -2  >90             .
    """,
    adverse_events="""
        patient  term  grade  start_day
        a        CRS   3      2
        d        CRS   .      3
    """,
)


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        ({"table": "patients", "age_years": "> 40"}, "d"),
        ({"table": "patients", "age_years": 40}, "a"),
        ({"table": "patients", "age_years": "17.5 .. 40"}, "ab"),
        ({"table": "patients", "age_years": "> 17.5 and <= 40"}, "a"),
        ({"table": "patients", "age_years": "recorded"}, "abd"),
        ({"table": "patients", "age_years": "missing"}, "c"),
        ({"table": "patients", "prior_lines": [1, 3]}, "ad"),
        ({"table": "patients", "sex": ["male", "female"]}, "abd"),
        ({"table": "patients", "sex": "female", "prior_lines": "> 2"}, "d"),
        ({"table": "patients", "centre": "St. Mary's"}, "a"),
        ({"table": "patients", "centre": "x'; drop table"}, "b"),
        ({"table": "marrow"}, "abd"),
        ({"table": "marrow", "exists": False}, "c"),
        ({"table": "marrow", "visit": "before", "blasts_percent": "> 50"}, "ad"),
        ({"table": "marrow", "visit": "before", "blasts_percent": "> 50", "exists": False}, "bc"),
        # one record must fulfil all fields: the 5 % of b are not those of day 29
        ({"table": "marrow", "visit": "day 29", "blasts_percent": 5}, ""),
        ({"table": "marrow", "mrd_percent": 0.01}, "b"),
        ({"table": "marrow", "visit": "before", "mrd_percent": 0.01}, ""),
        ({"table": "marrow", "visit": "before", "mrd_percent": [0.01, 0.1]}, ""),
        ({"table": "adverse_events", "term": "CRS", "grade": ">= 3"}, "a"),
        ({"table": "adverse_events", "term": "CRS", "grade": ">= 3", "exists": False}, "bcd"),
        ({"group": "sex", "level": "male"}, "a"),
        ({"group": "sex", "level": ["male", "female"]}, "abd"),
        ({"group": "sex", "level": "male", "exists": False}, "bcd"),
        ([{"table": "patients", "sex": "female"}, {"table": "marrow", "day": 29}], "b"),
        ({}, "abcd"),
        ([], "abcd"),
    ],
)
def test_condition_over_patients(condition: object, who: str) -> None:
    """Each condition picks these patients and no others."""
    with contextlib.closing(open_database(PEOPLE)) as connection:
        groups = evaluate_groups(connection, PEOPLE, {"sex": GroupSpec("Sex", of="patients.sex")})
        whens = parse_when(condition, where="", groups={n: g.levels for n, g in groups.items()})
        test = " and ".join(w.holds("e.patient") for w in whens) or "true"
        sql = f"select e.patient from everyone as e where {test} order by e.patient"  # noqa: S608
        assert "".join(p for (p,) in connection.execute(sql).fetchall()) == who
        assert connection.execute("select count(*) from patients").fetchall() == [(4,)]


@pytest.mark.parametrize(
    ("condition", "code", "near"),
    [
        ({"table": "marow", "visit": "before"}, "unknown-table", "`marrow`"),
        ({"table": "marrow", "blast_percent": "> 5"}, "unknown-field", "`blasts_percent`"),
        ({"table": "therapies", "kind": "HSTC"}, "unknown-code", "`HSCT`"),
        ({"table": "therapies", "kind": ["CAR-T", "hsct"]}, "unknown-code", "`HSCT`"),
        ({"group": "respons", "level": "CR"}, "unknown-group", "`response`"),
        ({"group": "response", "level": "CRii"}, "unknown-level", "`CRi`"),
        ({"group": "response", "level": ["CR", "no respons"]}, "unknown-level", "`no response`"),
        ({"group": "response"}, "bad-condition", "level"),
        ({"group": "response", "level": "CR", "visit": "before"}, "bad-condition", "level"),
        ({"visit": "before", "blasts_percent": "> 5"}, "bad-condition", 'table = "marrow"'),
        ({"tabel": "marrow"}, "bad-condition", 'table = "marrow"'),
        ({"table": "marrow", "exists": "false"}, "bad-condition", "exists = false"),
        ({"table": "marrow", "blasts_percent": "about 5"}, "bad-condition", "forms"),
        ({"table": "marrow", "blasts_percent": "< 0,01"}, "bad-condition", "forms"),
        ({"table": "marrow", "blasts_percent": True}, "bad-condition", "forms"),
        ({"table": "marrow", "blasts_percent": []}, "bad-condition", "forms"),
        ({"table": "marrow", "visit": "> 5"}, "bad-condition", "forms"),
        ({"table": "marrow", "visit": {"x": 1}}, "bad-condition", "forms"),
        ("marrow", "bad-condition", "form"),
    ],
)
def test_a_slip_of_the_pen_is_an_error(condition: object, code: str, near: str) -> None:
    """Nothing misspelt becomes an empty group."""
    with pytest.raises(ProtocolError) as raised:
        parse_when(condition, where="[groups.x]", groups={"response": ("CR", "CRi", "no response")})
    assert raised.value.code == code
    assert near in raised.value.todo
    assert raised.value.where.startswith("[groups.x]")
