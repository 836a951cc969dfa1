"""What must hold of endpoint rows for any records."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import RatesSpec, SurvivalSpec
from remission.cohort.table import Cohort, Table
from remission.endpoints.database import open_database
from remission.endpoints.engine import Endpoint, derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec, ResponseSpec
from remission.results.check import check_results

from ..by_hand.cohort_factory import make_cohort

Line = tuple[str, ...]
SPECS = {
    "os": EndpointSpec(preset="OS"),
    "os_censored": EndpointSpec(preset="OS", hsct="censor"),
    "rfs": EndpointSpec(preset="RFS", hsct="competing"),
    "efs": EndpointSpec(preset="EFS-assessment"),
    "dor": EndpointSpec(preset="DoR"),
}
GROUPS = {"response": GroupSpec("Response", preset="reported"), "sex": GroupSpec("Sex", of="patients.sex")}


def day(low: int = -2, high: int = 40) -> st.SearchStrategy[str]:
    return st.one_of(st.just("."), st.integers(low, high).map(str))


people = st.lists(
    st.tuples(
        st.sampled_from(["male", "female", "."]), day(0), day(), st.sampled_from(["CR", "no response", "."]),
        st.sampled_from(["alive", "dead", "."]), day(), day(), st.sampled_from(["yes", "no", "."]), day(), day(),
    ),
    min_size=1, max_size=7,
)  # fmt: skip
slow = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cohort_of(lines: list[Line], order: list[int] | None = None, shift: int = 0) -> Cohort:
    """One cohort: sex, cut-off, marrow, state, relapse and transplantation of each patient, in the order asked for."""

    def moved(text: str) -> str:
        return text if text == "." else str(int(text) + shift)

    heads = {
        "patients": "patient  sex  cutoff_day",
        "marrow": "patient  day  response_reported",
        "outcomes": "patient  status  death_day  last_contact_day  relapse  relapse_day",
        "therapies": "patient  kind  relation  start_day",
    }
    tables: dict[str, list[str]] = {name: [head] for name, head in heads.items()}
    for i in order if order is not None else range(len(lines)):
        sex, cut, marrow, level, status, death, contact, relapse, again, graft = lines[i]
        tables["patients"].append(f"p{i}  {sex}  {moved(cut)}")
        tables["marrow"].append(f"p{i}  {moved(marrow)}  {level}")
        tables["outcomes"].append(f"p{i}  {status}  {moved(death)}  {moved(contact)}  {relapse}  {moved(again)}")
        if graft != ".":
            tables["therapies"].append(f"p{i}  HSCT  after  {moved(graft)}")
    return make_cohort(**{name: "\n".join(rows) for name, rows in tables.items()})


def material_of(cohort: Cohort, specs: dict[str, EndpointSpec] | None = None) -> Material:
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(connection, cohort, GROUPS)
        populations = evaluate_populations(connection, cohort, {"all": PopulationSpec("All")}, groups, {})
        response = ResponseSpec("response", ("CR",)) if "CR" in groups["response"].levels else None
        endpoints, _ = derive_endpoints(
            connection, cohort, specs or SPECS, sources={}, response=response,
            groups=groups, populations=populations, excluded={},
        )  # fmt: skip
    return Material(cohort, groups, populations, endpoints)


def told(endpoints: dict[str, Endpoint]) -> dict[tuple[str, str], tuple[object, ...]]:
    """Rows without the positions of their records, which are no property of a patient."""
    return {
        (name, p): (
            r.status, r.days, r.because, r.table, r.field, r.start,
            tuple((c["role"], c["what"], c["day"], c["table"]) for c in json.loads(r.considered)),
        )
        for name, e in endpoints.items()
        for p, r in e.rows.items()
    }  # fmt: skip


@slow
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(lines: list[Line], random: object) -> None:
    """Neither for endpoint rows nor for any result."""
    order = list(range(len(lines)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain, mixed = material_of(cohort_of(lines)), material_of(cohort_of(lines, order))
    assert told(plain.endpoints) == told(mixed.endpoints)
    specs = (
        SurvivalSpec("s", "survival", "S", "os", "all", by=("sex", "response"), at_months=(1,)),
        RatesSpec("r", "rates", "R", "all", "response", by=("sex",), denominator="both"),
    )
    for material in (plain, mixed):
        analyse(material, specs, excluded={})
        check_results(material.results)
    assert {k: replace(r) for k, r in plain.results.rows.items()} == mixed.results.rows
    assert plain.results.members == mixed.results.members


@slow
@given(people, people)
def test_another_patient_changes_nobody_s_rows(lines: list[Line], more: list[Line]) -> None:
    """An endpoint row is about one patient only."""
    few, many = told(material_of(cohort_of(lines)).endpoints), told(material_of(cohort_of(lines + more)).endpoints)
    assert {k: many[k] for k in few} == few


@slow
@given(people)
def test_every_patient_has_one_row_and_the_statuses_add_up(lines: list[Line]) -> None:
    """Nobody disappears; a time is there exactly where the status is one with a time, and never negative."""
    material = material_of(cohort_of(lines))
    for endpoint in material.endpoints.values():
        assert sorted(endpoint.rows) == sorted(material.cohort.patients)
        counts = {"event": 0, "competing": 0, "censored": 0, "not evaluable": 0, "error": 0}
        for row in endpoint.rows.values():
            counts[row.status] += 1
            assert (row.days is not None) == (row.status in ("event", "competing", "censored"))
            assert row.days is None or row.days >= 0
            assert row.because
            assert (row.status == "error") <= bool(row.table)
        assert sum(counts.values()) == len(lines)


@slow
@given(people, st.integers(-50, 50))
def test_days_shift_together(lines: list[Line], shift: int) -> None:
    """From a start that shifts with everything else, days stay what they are."""
    plain = material_of(cohort_of(lines), {"rfs": SPECS["rfs"], "dor": SPECS["dor"]}).endpoints
    moved = material_of(cohort_of(lines, shift=shift), {"rfs": SPECS["rfs"], "dor": SPECS["dor"]}).endpoints
    for name, endpoint in plain.items():
        for patient, row in endpoint.rows.items():
            other = moved[name].rows[patient]
            assert (row.status, row.days, row.because) == (other.status, other.days, other.because)
            assert row.start is None or other.start == row.start + shift


def test_a_table_can_be_shuffled() -> None:
    """The factory keeps the order it is given, so that the first property means something."""
    lines: list[Line] = [("male", "9", "1", "CR", "dead", "5", ".", "no", ".", "."), ("female",) + (".",) * 9]
    table: Table = cohort_of(lines, [1, 0]).tables["patients"]
    assert table.columns["patient"] == ["p1", "p0"]
