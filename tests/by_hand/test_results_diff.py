"""What changed between two runs, on three patients."""

from remission.results.diff import diff_results
from remission.results.files import write_results
from remission.results.table import Results


def run(responders: str, **extra: float) -> Results:
    r = Results()
    r.add("resp", "cr", "n", len(responders), population="treated", n=3, members=responders)
    r.add("resp", "cr", "estimate", len(responders) / 3, population="treated", unit="proportion", n=3)
    for name, value in extra.items():
        r.add("labs", name, "median", value, population="treated")
    return r


def test_same_runs_do_not_differ():
    """Nothing changed is said in words."""
    diff = diff_results(run("ab"), run("ab"))
    assert not diff
    assert diff.as_text() == "Results unchanged.\n"


def test_moved_number_names_its_patients(tmp_path):
    """A number that moved is shown old and new, with who came and who went, from two folders."""
    for name, results in (("old", run("ab", wbc=3.5)), ("new", run("c", ldh=250))):
        (tmp_path / name).mkdir()
        write_results(results, tmp_path / name)
    diff = diff_results(tmp_path / "old", tmp_path / "new")
    assert [m.new.id for m in diff.moved] == ["resp.all.cr.n", "resp.all.cr.estimate"]
    assert (diff.moved[0].entered, diff.moved[0].left) == (("c",), ("a", "b"))
    assert [row.id for row in diff.appeared] == ["labs.all.ldh.median"]
    assert [row.id for row in diff.vanished] == ["labs.all.wbc.median"]
    assert diff.as_text() == (
        "2 moved, 1 appeared, 1 vanished.\n"
        "change    result                old    new    because of\n"
        "moved     resp.all.cr.n         2      1      in: c; out: a, b\n"
        "moved     resp.all.cr.estimate  66.7%  33.3%  same patients\n"
        "appeared  labs.all.ldh.median          250\n"
        "vanished  labs.all.wbc.median   3.5\n"
    )


def test_same_number_of_other_patients_is_a_change():
    """Two responders before and two after, but not the same two."""
    (moved,) = diff_results(run("ab"), run("bc")).moved
    assert moved.what() == ("members",)
    assert "differs in members" in diff_results(run("ab"), run("bc")).as_text()


def test_sets_too_large_to_list_are_said_to_differ():
    """Without the patients the difference is still said."""
    old, new = run("ab"), run("bc")
    old.members.clear()
    (moved,) = diff_results(old, new).moved
    assert not moved.is_listed
