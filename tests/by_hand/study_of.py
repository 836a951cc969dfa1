"""A results table from a small cohort: groups, populations and endpoints as in study.toml, then some analyses."""

from __future__ import annotations

import contextlib

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import AnalysisSpec
from remission.cohort.table import Cohort
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec
from remission.results.check import check_results
from remission.results.table import Results


def rows_of(
    cohort: Cohort,
    *specs: AnalysisSpec,
    groups: dict[str, GroupSpec] | None = None,
    endpoints: dict[str, EndpointSpec] | None = None,
) -> Results:
    """The checked rows of some analyses of everybody (population `all`)."""
    with contextlib.closing(open_database(cohort)) as connection:
        grouped = evaluate_groups(connection, cohort, groups or {})
        populations = evaluate_populations(connection, cohort, {"all": PopulationSpec("All")}, grouped, {})
        derived, _ = derive_endpoints(
            connection, cohort, endpoints or {}, sources={}, response=None, groups=grouped, populations=populations,
            excluded={},
        )  # fmt: skip
    material = Material(cohort, grouped, populations, derived)
    analyse(material, specs, excluded={})
    check_results(material.results)
    return material.results
