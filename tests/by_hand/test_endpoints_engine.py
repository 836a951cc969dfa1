"""Endpoint rows of small cohorts, written beside the records they come from."""

from __future__ import annotations

import contextlib
import json
import re

import pytest

from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.endpoints.database import open_database
from remission.endpoints.engine import Endpoint, derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, EventSource, GroupSpec, PopulationSpec, ResponseSpec

from .cohort_factory import make_cohort

RESPONSE = {"response": GroupSpec(label="Response", preset="reported")}
RESPONDERS = ResponseSpec("response", ("CR", "CRi"))


def derive(
    cohort: Cohort,
    *,
    sources: dict[str, EventSource] | None = None,
    groups: dict[str, GroupSpec] | None = None,
    populations: dict[str, PopulationSpec] | None = None,
    response: ResponseSpec | None = None,
    **specs: EndpointSpec,
) -> tuple[dict[str, Endpoint], tuple[Finding, ...]]:
    with contextlib.closing(open_database(cohort)) as connection:
        made = evaluate_groups(connection, cohort, groups or {})
        people = evaluate_populations(connection, cohort, populations or {}, made, {})
        return derive_endpoints(
            connection,
            cohort,
            specs,
            sources=sources or {},
            response=response,
            groups=made,
            populations=people,
            excluded={},
        )


def rows(endpoint: Endpoint) -> list[str]:
    """Patient, status, days, because, table.field: one line each, as written in the expectations."""
    return [
        "  ".join(
            (
                r.patient,
                r.status,
                "." if r.days is None else str(r.days),
                r.because,
                f"{r.table}.{r.field}" if r.table else ".",
            )
        )
        for r in endpoint.rows.values()
    ]


def lines(text: str) -> list[str]:
    return [re.sub(r"\s{2,}", "  ", line.strip()) for line in text.strip().splitlines()]


CUT = "data cut-off"
TIES = "(first in the declared order among several on that day)"


def test_overall_survival_around_last_contact_and_cutoff() -> None:
    """Deaths before, on and after the last contact count; after the cut-off the patient is censored there."""
    cohort = make_cohort(
        patients="""
            patient  cutoff_day
            a        300
            b        300
            c        300
            d        300
            e        300
            f        300
            g        .
            h        300
            i        300
        """,
        outcomes="""
            patient  status  death_day  last_contact_day
            b        dead    100        90
            a        dead    100        100
            c        dead    100        120
            d        dead    400        .
            e        alive   .          400
            f        alive   .          250
            g        dead    .          .
            h        dead    0          .
        """,
    )
    made, findings = derive(cohort, os=EndpointSpec(preset="OS"))
    assert rows(made["os"]) == lines("""
        a  event          100  death from any cause                                      outcomes.death_day
        b  event          100  death from any cause                                      outcomes.death_day
        c  event          100  death from any cause                                      outcomes.death_day
        d  censored       300  data cut-off, before death from any cause                 patients.cutoff_day
        e  censored       300  data cut-off                                              patients.cutoff_day
        f  censored       250  last contact                                              outcomes.last_contact_day
        g  not evaluable  .    death from any cause recorded without a day               .
        h  event          0    death from any cause                                      outcomes.death_day
        i  not evaluable  .    no day of event or last contact is recorded               .
    """)
    assert findings == ()
    assert made["os"].not_estimable == ""


def test_event_before_the_origin_is_an_error_with_its_cell() -> None:
    """A death before day 0 is neither moved nor dropped; the finding names the cell."""
    cohort = make_cohort(
        outcomes="""
            patient  status  death_day  last_contact_day
            a        dead    -3         .
            b        alive   .          -1
            c        alive   .          0
        """
    )
    made, findings = derive(cohort, os=EndpointSpec(preset="OS"))
    assert rows(made["os"]) == lines("""
        a  error     .  death from any cause before the start  outcomes.death_day
        b  error     .  last contact before the start          outcomes.last_contact_day
        c  censored  0  last contact                           outcomes.last_contact_day
    """)
    assert [(f.rule, f.sheet, f.column, f.row, f.severity) for f in findings] == [
        ("event-before-start", "outcomes", "C", "2", "error"),
        ("event-before-start", "outcomes", "D", "3", "error"),
    ]


def test_finding_without_a_cell_names_the_patient() -> None:
    """A day that is a constant of study.toml has no cell, so the patient is named."""
    cohort = make_cohort(
        outcomes="""
            patient  [status]  [death_day]  last_contact_day
            a        dead      -3           .
            b        dead      10           .
        """
    )
    _, findings = derive(
        cohort,
        sources={"late": EventSource("death", "outcomes", "death_day")},
        os=EndpointSpec(start="origin", events=("late",), censor=("last_contact",)),
    )
    assert [(f.rule, f.sheet, f.patients) for f in findings] == [("event-before-start", "", "a")]


RELAPSING = make_cohort(
    patients="""
        patient  cutoff_day
        a        300
        b        300
        c        300
        d        300
        e        300
        f        300
        g        300
        h        300
        i        300
    """,
    marrow="""
        patient  day  response_reported
        a        28   CR
        b        28   CRi
        c        30   no response
        d        28   CR
        e        .    CR
        f        28   CR
        g        28   CR
        h        15   no response
    """,
    outcomes="""
        patient  status  death_day  last_contact_day  relapse  relapse_day
        a        dead    200        .                 yes      100
        b        dead    150        .                 yes      150
        c        dead    60         .                 no       .
        d        alive   .          500               yes      400
        e        alive   .          250               no       .
        f        dead    90         .                 no       .
        g        dead    .          .                 yes      80
        h        alive   .          250               no       .
        i        dead    7          .                 no       .
    """,
)


def test_relapse_free_survival() -> None:
    """Starts at the response; a known relapse stands although the death after it has no day."""
    made, _ = derive(RELAPSING, groups=RESPONSE, response=RESPONDERS, rfs=EndpointSpec(preset="RFS"))
    assert rows(made["rfs"]) == lines(f"""
        a  event          72   relapse                                            outcomes.relapse_day
        b  event          122  relapse {TIES}                                     outcomes.relapse_day
        c  not evaluable  .    the start of this endpoint was not reached         .
        d  censored       272  data cut-off, before relapse                       patients.cutoff_day
        e  not evaluable  .    response recorded without a day                    .
        f  event          62   death from any cause                               outcomes.death_day
        g  event          52   relapse                                            outcomes.relapse_day
        h  not evaluable  .    the start of this endpoint was not reached         .
        i  not evaluable  .    the start of this endpoint was not reached         .
    """)
    assert {r.start for r in made["rfs"].rows.values()} == {28, None}


def test_duration_of_response_has_death_as_a_competing_event() -> None:
    """Death without relapse competes; on one day the relapse, declared first, is taken."""
    made, _ = derive(RELAPSING, groups=RESPONSE, response=RESPONDERS, dor=EndpointSpec(preset="DoR"))
    assert [(r.patient, r.status, r.days) for r in made["dor"].rows.values() if r.days is not None] == [
        ("a", "event", 72),
        ("b", "event", 122),
        ("d", "censored", 272),
        ("f", "competing", 62),
        ("g", "event", 52),
    ]


def test_three_kinds_of_event_free_survival() -> None:
    """Patients c and h did not respond: day 0, day of the marrow, or end of the window; i was not assessed."""
    made, _ = derive(
        RELAPSING,
        groups=RESPONSE,
        response=RESPONDERS,
        first=EndpointSpec(preset="EFS-day1"),
        marrow=EndpointSpec(preset="EFS-assessment"),
        short=EndpointSpec(preset="EFS-window", window_days=42),
        long=EndpointSpec(preset="EFS-window", window_days=84),
        pfs=EndpointSpec(preset="PFS"),
    )
    found = {
        name: " ".join(f"{r.patient}{'' if r.status == 'event' else '+'}{r.days}" for r in e.rows.values())
        for name, e in made.items()
    }
    assert found == {
        "first": "a100 b150 c0 d+300 e+250 f90 g80 h0 i7",
        "marrow": "a100 b150 c30 d+300 e+250 f90 g80 h15 i7",
        "short": "a100 b150 c42 d+300 e+250 f90 g80 h42 i7",
        "long": "a100 b150 c60 d+300 e+250 f90 g80 h84 i7",
        "pfs": "a100 b150 c30 d+300 e+250 f90 g80 h15 i7",
    }
    assert {"marrow.response_reported", "outcomes.relapse_day"} <= set(made["first"].fields)


def test_disease_free_survival_counts_from_the_origin_and_only_responders() -> None:
    """Patients outside the population keep a row that says so."""
    made, _ = derive(
        RELAPSING,
        groups=RESPONSE,
        response=RESPONDERS,
        populations={
            "all": PopulationSpec("All"),
            "cr": PopulationSpec("Responders", parent="all", when={"group": "response", "level": ["CR", "CRi"]}),
        },
        dfs=EndpointSpec(preset="DFS", population="cr"),
    )
    assert rows(made["dfs"]) == lines(f"""
        a  event          100  relapse                                       outcomes.relapse_day
        b  event          150  relapse {TIES}                                outcomes.relapse_day
        c  not evaluable  .    not in the population of this endpoint        .
        d  censored       300  data cut-off, before relapse                  patients.cutoff_day
        e  censored       250  last contact                                  outcomes.last_contact_day
        f  event          90   death from any cause                          outcomes.death_day
        g  event          80   relapse                                       outcomes.relapse_day
        h  not evaluable  .    not in the population of this endpoint        .
        i  not evaluable  .    not in the population of this endpoint        .
    """)


GRAFTED = make_cohort(
    marrow="""
        patient  day  response_reported
        a        28   CR
        b        28   CR
        c        28   CR
        d        28   CR
        e        28   CR
        f        28   CR
    """,
    therapies="""
        patient  kind   relation  start_day
        a        HSCT   after     60
        b        HSCT   after     100
        c        HSCT   after     20
        d        HSCT   before    -200
        e        HSCT   after     .
        f        CAR-T  after     40
    """,
    outcomes="""
        patient  status  death_day  last_contact_day  relapse  relapse_day
        a        dead    200        .                 yes      150
        b        alive   .          400               yes      100
        c        alive   .          400               no       .
        d        alive   .          400               no       .
        e        alive   .          400               no       .
        f        alive   .          50                no       .
    """,
)


def test_transplantation_censors() -> None:
    """On the day of the event the event stands; a graft without a day leaves nothing to say."""
    made, findings = derive(
        GRAFTED,
        groups=RESPONSE,
        response=RESPONDERS,
        os=EndpointSpec(preset="OS", hsct="censor"),
        dor=EndpointSpec(preset="DoR", hsct="censor"),
    )
    assert rows(made["os"]) == lines("""
        a  censored       60   allogeneic transplantation, before death from any cause    therapies.start_day
        b  censored       100  allogeneic transplantation                                 therapies.start_day
        c  censored       20   allogeneic transplantation                                 therapies.start_day
        d  censored       400  last contact                                               outcomes.last_contact_day
        e  not evaluable  .    allogeneic transplantation recorded without a day          .
        f  censored       50   last contact                                               outcomes.last_contact_day
    """)
    assert rows(made["dor"]) == lines("""
        a  censored       32   allogeneic transplantation, before relapse                 therapies.start_day
        b  event          72   relapse                                                    outcomes.relapse_day
        c  not evaluable  .    allogeneic transplantation before the start                .
        d  censored       372  last contact                                               outcomes.last_contact_day
        e  not evaluable  .    allogeneic transplantation recorded without a day          .
        f  censored       22   last contact                                               outcomes.last_contact_day
    """)
    assert findings == ()


def test_transplantation_competes() -> None:
    """A graft before the response is no contradiction in the data, so not an error."""
    made, findings = derive(
        GRAFTED,
        groups=RESPONSE,
        response=RESPONDERS,
        os=EndpointSpec(preset="OS", hsct="competing"),
        rfs=EndpointSpec(preset="RFS", hsct="competing"),
    )
    assert rows(made["os"])[:2] == lines("""
        a  competing  60   allogeneic transplantation  therapies.start_day
        b  competing  100  allogeneic transplantation  therapies.start_day
    """)
    assert rows(made["rfs"])[:3] == lines(f"""
        a  competing      32  allogeneic transplantation                   therapies.start_day
        b  event          72  relapse {TIES}                               outcomes.relapse_day
        c  not evaluable  .   allogeneic transplantation before the start  therapies.start_day
    """)
    assert findings == ()


def test_a_policy_on_transplantation_needs_its_days() -> None:
    """Censoring at a transplantation that nobody recorded is not silently ignored."""
    cohort = make_cohort(
        outcomes="""
            patient  status  death_day  last_contact_day
            a        alive   .          100
        """
    )
    made, _ = derive(cohort, os=EndpointSpec(preset="OS", hsct="censor"), plain=EndpointSpec(preset="OS"))
    assert made["os"].not_estimable == "allogeneic transplantation is not recorded in the data"
    assert made["plain"].not_estimable == ""


def test_relapse_before_the_response_is_an_error() -> None:
    """The data contradict themselves, and the cell is named."""
    cohort = make_cohort(
        marrow="""
            patient  day  response_reported
            a        28   CR
        """,
        outcomes="""
            patient  status  death_day  last_contact_day  relapse  relapse_day
            a        alive   .          100               yes      20
        """,
    )
    made, findings = derive(cohort, groups=RESPONSE, response=RESPONDERS, rfs=EndpointSpec(preset="RFS"))
    assert rows(made["rfs"]) == ["a  error  .  relapse before the start  outcomes.relapse_day"]
    assert [(f.sheet, f.column, f.row, f.patients) for f in findings] == [("outcomes", "F", "2", "")]


def test_cutoff_before_the_response() -> None:
    """A response after the cut-off had not begun when the data were closed."""
    cohort = make_cohort(
        patients="""
            patient  cutoff_day
            a        20
        """,
        marrow="""
            patient  day  response_reported
            a        28   CR
        """,
        outcomes="""
            patient  status  death_day  last_contact_day  relapse  relapse_day
            a        alive   .          100               yes      60
        """,
    )
    made, findings = derive(cohort, groups=RESPONSE, response=RESPONDERS, rfs=EndpointSpec(preset="RFS"))
    assert rows(made["rfs"]) == ["a  not evaluable  .  data cut-off before the start  ."]
    assert findings == ()


def test_time_to_response_is_favourable_with_death_competing() -> None:
    """A preset's good news stays good news; who never responds is censored or has died."""
    spec = EndpointSpec(
        start="origin",
        events=("response",),
        competing=("death",),
        censor=("last_contact",),
        end=("cutoff",),
        favourable=True,
    )
    made, _ = derive(RELAPSING, groups=RESPONSE, response=RESPONDERS, ttr=spec)
    assert " ".join(f"{r.patient}:{r.status[:2]}:{r.days}" for r in made["ttr"].rows.values()) == (
        "a:ev:28 b:ev:28 c:co:60 d:ev:28 e:no:None f:ev:28 g:ev:28 h:ce:250 i:co:7"
    )
    assert made["ttr"].spec.favourable


def test_days_recorded_for_nobody_make_an_endpoint_not_estimable() -> None:
    """Leaving out all deaths because none has a day would give a survival of 100 %."""
    cohort = make_cohort(
        outcomes="""
            patient  status  death_day  last_contact_day
            a        dead    .          .
            b        alive   .          100
        """
    )
    made, _ = derive(cohort, os=EndpointSpec(preset="OS"))
    assert made["os"].not_estimable == "the day of death from any cause is not recorded in the data"
    assert len(made["os"].rows) == 2


def test_a_study_s_own_source_without_a_condition() -> None:
    """A day without a condition is an event where it is recorded, and nothing where it is not."""
    cohort = make_cohort(
        outcomes="""
            patient  relapse_day  last_contact_day
            a        50           80
            b        .            90
        """
    )
    made, _ = derive(
        cohort,
        sources={"back": EventSource("relapse by its day", "outcomes", "relapse_day")},
        rel=EndpointSpec(start="origin", events=("back",), censor=("last_contact",)),
    )
    assert rows(made["rel"]) == lines("""
        a  event     50  relapse by its day  outcomes.relapse_day
        b  censored  90  last contact        outcomes.last_contact_day
    """)


def test_considered_holds_every_candidate_with_its_record() -> None:
    """Role, words, day, table and row of each, in the declared order."""
    made, _ = derive(RELAPSING, groups=RESPONSE, response=RESPONDERS, rfs=EndpointSpec(preset="RFS"))
    assert [tuple(c.values()) for c in json.loads(made["rfs"].rows["g"].considered)] == [
        ("start", "response", 28, "response_status", None),
        ("event", "relapse", 80, "outcomes", 6),
        ("event", "death from any cause", None, "outcomes", 6),
        ("end", CUT, 300, "patients", 6),
    ]


@pytest.mark.parametrize(
    ("spec", "source", "code", "near"),
    [
        (EndpointSpec(preset="OSS"), None, "unknown-preset", "`OS`"),
        (EndpointSpec(preset="EFS-window"), None, "no-window", "window_days"),
        (EndpointSpec(start="origin"), None, "endpoint-without-events", "preset"),
        (EndpointSpec(start="origin", events=("deth",)), None, "unknown-source", "`death`"),
        (EndpointSpec(preset="OS", population="treeted"), None, "unknown-population", "populations"),
        (
            EndpointSpec(start="origin", events=("own",)),
            EventSource("x", "outcomes", "relapse_dya"),
            "not-a-day",
            "`relapse_day`",
        ),
        (
            EndpointSpec(start="origin", events=("own",)),
            EventSource("x", "outcome", "day"),
            "unknown-table",
            "outcomes",
        ),
        (
            EndpointSpec(start="origin", events=("own",)),
            EventSource("x", "response_status", "day", {"responder": "maybe"}),
            "bad-source",
            "form",
        ),
    ],
)
def test_misspelt_definitions_name_the_nearest(
    spec: EndpointSpec, source: EventSource | None, code: str, near: str
) -> None:
    """Nothing that study.toml says wrongly reaches the database."""
    with pytest.raises(ProtocolError) as raised:
        derive(
            RELAPSING,
            groups=RESPONSE,
            response=RESPONDERS,
            populations={"treated": PopulationSpec("All")},
            sources={"own": source} if source else {},
            e=spec,
        )
    assert raised.value.code == code
    assert near in raised.value.todo


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (ResponseSpec("respons", ("CR",)), "unknown-group"),
        (ResponseSpec("response", ("CRR",)), "unknown-level"),
    ],
)
def test_misspelt_response(response: ResponseSpec, code: str) -> None:
    """The response group and its levels are held against what is defined."""
    with pytest.raises(ProtocolError) as raised:
        derive(RELAPSING, groups=RESPONSE, response=response, os=EndpointSpec(preset="OS"))
    assert raised.value.code == code
