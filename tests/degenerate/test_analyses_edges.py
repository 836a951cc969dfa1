"""Cohorts in which hardly anything can be said: every analysis still ends, and each gap has its reason."""

from __future__ import annotations

import contextlib

import pytest

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import (
    AdverseEventsSpec,
    BaselineSpec,
    FollowUpSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
    SurvivalSpec,
)
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec, ResponseSpec
from remission.results.check import check_results
from remission.results.table import Results

from ..by_hand.cohort_factory import make_cohort

HEAD = {
    "patients": "patient  sex  age_years",
    "marrow": "patient  visit  day  response_reported",
    "outcomes": "patient  status  death_day  last_contact_day",
    "adverse_events": "patient  term  grade",
}
WARDS = {
    "nobody in the population": {
        "patients": ["a  male  10", "b  male  20"],
        "marrow": ["a  end  20  CR"],
        "outcomes": ["a  alive  .  50", "b  alive  .  60"],
    },
    "one patient": {
        "patients": ["a  female  10"],
        "marrow": ["a  end  20  CR"],
        "outcomes": ["a  dead  30  ."],
        "adverse_events": ["a  CRS  3"],
    },
    "nobody dies": {
        "patients": ["a  female  10", "b  female  10"],
        "marrow": ["a  end  20  CR", "b  end  25  no response"],
        "outcomes": ["a  alive  .  100", "b  alive  .  90"],
    },
    "everybody dies on day 0": {
        "patients": ["a  female  10", "b  female  10"],
        "marrow": ["a  end  0  CR", "b  end  .  CR"],
        "outcomes": ["a  dead  0  .", "b  dead  0  ."],
    },
    "one level": {
        "patients": ["a  female  10", "b  female  10"],
        "marrow": ["a  end  5  CR", "b  end  7  CR"],
        "outcomes": ["a  dead  9  .", "b  alive  .  20"],
    },
    "all missing": {"patients": ["a  .  .", "b  .  ."], "marrow": ["a  .  .  ."], "outcomes": ["a  .  .  ."]},
}
SPECS = (
    BaselineSpec("t1", "baseline", "T", "women", ("patients.age_years", "patients.sex", "group.response"), "sex", True),
    BaselineSpec("t2", "baseline", "T", "women", ("patients.age_years", "group.sex"), "response", True),
    RatesSpec("r", "rates", "T", "women", "response", by=("sex", "response"), denominator="both"),
    SurvivalSpec("s", "survival", "T", "os", "women", by=("sex", "response")),
    FollowUpSpec("f", "follow-up", "T", "os", "women"),
    RecordsSpec("k", "records", "T", "women", "marrow", "marrows", ("day", "response_reported")),
    AdverseEventsSpec("a", "adverse-events", "T", "women"),
    ListingSpec("l", "listing", "T", "women", ("patients.sex", "group.response", "endpoint.os")),
)


def run(ward: dict[str, list[str]]) -> Results:
    cohort = make_cohort(**{name: "\n".join([head, *ward.get(name, [])]) for name, head in HEAD.items()})
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(
            connection,
            cohort,
            {"sex": GroupSpec("Sex", of="patients.sex"), "response": GroupSpec("Response", preset="reported")},
        )
        not_men = {"table": "patients", "sex": "male", "exists": False}
        populations = evaluate_populations(connection, cohort, {"women": PopulationSpec("W", when=not_men)}, groups, {})
        endpoints, findings = derive_endpoints(
            connection,
            cohort,
            {"os": EndpointSpec(preset="OS")},
            sources={},
            response=ResponseSpec("response", ("CR",)),
            groups=groups,
            populations=populations,
            excluded={},
        )
    assert findings == ()
    material = Material(cohort, groups, populations, endpoints)
    analyse(material, SPECS, excluded={}, flow_split="sex")
    check_results(material.results)
    return material.results


@pytest.mark.parametrize("name", WARDS)
def test_every_analysis_ends(name: str) -> None:
    """Rows hold the rules of the results, and what has no value has a reason."""
    made = run(WARDS[name])
    assert {r.analysis.partition("_")[0] for r in made.rows.values()} == {"flow", *(s.id for s in SPECS)}
    assert all(r.note for r in made.rows.values() if r.status != "ok")


def test_nobody_in_the_population() -> None:
    """No share, no curve, no invented zero."""
    made = run(WARDS["nobody in the population"])
    assert made["t1.all.patients.N"].value == 0
    assert made["r.all.response_rate@cr.estimate"].status == "undefined"
    assert made["s.all.os.estimate"].status == made["f.all.reverse_km.estimate"].status == "failed"


def test_nobody_dies() -> None:
    """Survival is 1, its median not reached; beyond the last follow-up nothing is said."""
    made = run(WARDS["nobody dies"])
    assert made["s.all.os.events"].value == 0
    assert made["s.all.median.estimate"].note.startswith("not reached")
    assert made["s.all.survival@6mo.estimate"].status == "undefined"


def test_everybody_dies_on_day_0() -> None:
    """Survival is 0 from day 0, its median too few patients' to be given; without a day no landmark can be set."""
    made = run(WARDS["everybody dies on day 0"])
    assert made["s.all.curve@0d.estimate"].value == 0
    assert made["s.all.median.estimate"].note.startswith("not given: fewer than 5 patients at risk")
    assert made["s.all.median_choice.text"].text == "median not given: fewer than 5 patients at risk there"
    assert made["s.by_response.landmark.text"].status == "failed"


def test_all_missing() -> None:
    """Everybody is counted as missing, nobody dropped."""
    made = run(WARDS["all missing"])
    assert made["t1.all.age_years.missing"].value == made["t1.all.sex.missing"].value == 2
    assert made["s.all.os.estimate"].status == "failed"
    assert made["l.by_patient.b.endpoint_os.value"].status == "undefined"
