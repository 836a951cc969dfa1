"""The structural checks: a small sound table passes, and each mutation of it is found."""

from dataclasses import dataclass, replace

import pytest

from remission.core.errors import ResultsError
from remission.results.check import check_results, find_faults
from remission.results.formats import show
from remission.results.table import Results


def sound() -> Results:
    """Six patients: response with one missing, survival with four deaths, age."""
    r = Results()
    of = {"population": "treated"}
    a, b, c, d, e, f = "abcdef"
    r.add("resp", "response", "N", 6, **of, members="abcdef")
    r.add("resp", "response", "missing", 1, **of, n=6, members="f")
    r.add("resp", "response", "n", 3, **of, category="CR", n=6, members=[a, b, c])
    r.add("resp", "response", "n", 2, **of, category="none", n=6, members=[d, e])
    r.add("resp", "cr", "n", 3, **of, n=6, members=[a, b, c])
    r.add("resp", "cr", "N", 6, **of, members="abcdef")
    how = {"unit": "proportion", "method": "clopper-pearson95"}
    r.add("resp", "cr", "estimate", 0.5, **of, **how)
    r.add("resp", "cr", "low", 0.118, **of, **how)
    r.add("resp", "cr", "high", 0.882, **of, **how)
    r.add("os", "deaths", "N", 6, **of, members="abcdef")
    r.add("os", "deaths", "events", 4, **of, n=6, members=[a, b, c, d])
    r.add("os", "deaths", "censored", 2, **of, n=6, members=[e, f])
    r.add("cir", "causes", "N", 6, **of, members="abcdef")
    r.add("cir", "causes", "censored", 1, **of, members="f")
    r.add("cir", "causes", "events", 3, **of, category="relapse", members="abc")
    r.add("cir", "causes", "events", 2, **of, category="death", members="de")
    r.add("os", "median", "median", None, **of, unit="days", status="undefined", note="above one half at the end")
    for stat, value in (("min", 18), ("q1", 25), ("median", 40), ("q3", 60), ("max", 80), ("mean", 41.5), ("sd", 9)):
        r.add("who", "age", stat, value, **of, unit="years")
    r.add("os", "test", "p", 0.03, **of, method="logrank")
    r.add("ae", "crs", "n", 9, **of, unit="cycles", n=6, members="abc")
    return r


def change(r: Results, row_id: str, **fields: object) -> None:
    row = replace(r[row_id], **fields)
    if row.value is not None and "shown" not in fields and row.status == "ok":
        row = replace(row, shown=show(row.stat, row.value, unit=row.unit))
    r.rows[row_id] = row


@dataclass
class Page:
    """The least a document has: ids."""

    used: tuple[str, ...]

    def ids(self) -> tuple[str, ...]:
        return self.used


MUTATIONS = {
    "unknown-stat": lambda r: change(r, "os.all.test.p", stat="q", shown="0.030", value=None),
    "address": lambda r: change(r, "os.all.test.p", variable="Other"),
    "unknown-method": lambda r: change(r, "os.all.test.p", method="crystal-ball"),
    "one-of-value-and-text": lambda r: change(r, "os.all.test.p", text="small"),
    "value-without-status-ok": lambda r: change(r, "os.all.median.median", value=3.0),
    "no-reason": lambda r: change(r, "os.all.median.median", note=""),
    "shown": lambda r: change(r, "os.all.test.p", shown="0.003"),
    "proportion": lambda r: change(r, "resp.all.cr.high", value=1.2),
    "negative": lambda r: change(r, "who.all.age.sd", value=-9.0),
    "negative-n": lambda r: change(r, "os.all.test.p", n=-1),
    "p-out-of-range": lambda r: change(r, "os.all.test.p", value=1.3, shown="1.3"),
    "count-not-whole": lambda r: change(r, "ae.all.crs.n", value=2.5, shown="2.5"),
    "n-above-N": lambda r: change(r, "resp.all.cr.n", value=7.0, members=""),
    "order": lambda r: change(r, "resp.all.cr.low", value=0.6),
    "levels-and-missing": lambda r: change(r, "resp.all.response@none.n", value=1.0, members=""),
    "events-and-censored": lambda r: change(r, "os.all.deaths.events", value=3.0, members=""),
    "percent": lambda r: change(r, "resp.all.cr.estimate", value=0.51),
    "members-unknown": lambda r: r.members.pop(r["resp.all.cr.n"].members),
    "members-hash": lambda r: r.members.update({r["ae.all.crs.n"].members: ("a", "b", "g")}),
    "members-count": lambda r: change(r, "resp.all.cr.n", members=r.keep_members("ab")),
    "members-outside": lambda r: change(r, "resp.all.cr.n", members=r.keep_members("xyz")),
}


def test_sound_table_passes():
    """Nothing is found in a table that holds."""
    r = sound()
    check_results(r, [Page(tuple(r.rows))])
    assert find_faults(r) == []


@pytest.mark.parametrize("rule", MUTATIONS)
def test_each_mutation_is_found_by_its_rule(rule):
    """One thing made wrong is found, under the name of the rule that it breaks."""
    r = sound()
    MUTATIONS[rule](r)
    assert rule in {fault.split(":")[0] for fault in find_faults(r)}
    with pytest.raises(ResultsError) as caught:
        check_results(r)
    assert caught.value.code == "results-check"
    assert rule in str(caught.value)


@pytest.mark.parametrize(
    ("row_id", "value", "rule"),
    [
        ("who.all.age.q1", 41.0, "order"),
        ("who.all.age.max", 50.0, "order"),
        ("who.all.age.mean", 90.0, "order"),
        ("cir.all.causes@death.events", 1.0, "events-and-censored"),
        ("os.all.deaths.N", 7.0, "events-and-censored"),
        ("resp.all.response.missing", 2.0, "levels-and-missing"),
    ],
)
def test_one_number_moved_is_found(row_id, value, rule):
    """Chains of order and sums hold at each of their links."""
    r = sound()
    change(r, row_id, value=value, members="")
    assert [fault.split(":")[0] for fault in find_faults(r)] == [rule]


def test_document_with_an_unknown_id_is_found():
    """A document cannot ask for a number that does not exist."""
    with pytest.raises(ResultsError, match=r"unknown-result: `os\.all\.nothing\.p`"):
        check_results(sound(), [Page(("os.all.nothing.p",))])


def test_long_list_of_faults_is_cut():
    """The message stays readable."""
    r = sound()
    for row_id in list(r.rows):
        change(r, row_id, method="crystal-ball")
    with pytest.raises(ResultsError, match="and 6 more"):
        check_results(r)
