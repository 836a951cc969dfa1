"""The pipeline on one screen: read -> check -> derive -> analyse -> show -> write."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from remission.analyses.material import Material
from remission.analyses.rates import rates_of
from remission.analyses.run import analyse
from remission.analyses.spec import ListingSpec, RatesSpec
from remission.cohort.build import read_cohort
from remission.cohort.checks import check_cohort
from remission.cohort.table import Cohort, without
from remission.core.findings import Finding, sort_findings
from remission.description import describe
from remission.display.drawing import Drawing
from remission.display.figures.elsewhere import second_process
from remission.display.grid import Document
from remission.display.outline import Outline
from remission.display.report import compose_report
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import evaluate_groups, group_findings
from remission.endpoints.mrd_kinetics import with_log_reduction
from remission.endpoints.populations import evaluate_populations
from remission.protocol import Protocol, read_protocol
from remission.results.check import check_results
from remission.results.table import Results
from remission.study_rows import add_data_rows, add_finding_rows, check_exclusions, exclusion_findings
from remission.study_writing import Also, write_findings_only, write_study

Step = Callable[[str], None]


@dataclass(frozen=True)
class StudyRun:
    """A study that was run. stopped: findings of severity error kept it from being analysed."""

    protocol: Protocol
    out: Path
    findings: tuple[Finding, ...]
    stopped: bool
    results: Results | None = None


def run_study(
    folder: Path, out: Path | None = None, *, also: Also | None = None, step: Step = lambda _: None
) -> StudyRun:
    """Run the study in `folder` and write everything to `out` (default: `folder`/out).

    also: writes files of its own beside the results, given the folder, the analyses and what was derived.
    step: told in words what is being done. Raises: RemissionError for a bad call, file or protocol; then nothing is
    written.
    """
    return run_protocol(read_protocol(folder), out, also=also, step=step)


def run_protocol(
    protocol: Protocol, out: Path | None = None, *, also: Also | None = None, step: Step = lambda _: None
) -> StudyRun:
    """The same for a study.toml that was read already."""
    target = out if out is not None else protocol.folder / "out"
    with second_process(len(protocol.analyses)) as drawer:
        return _run(protocol, target, also, drawer, step)


def _run(
    protocol: Protocol, target: Path, also: Also | None, drawer: subprocess.Popen[bytes] | None, step: Step
) -> StudyRun:
    step("reading")
    cohort, findings = read_and_check(protocol)
    if any(f.severity == "error" for f in findings):
        write_findings_only(target, findings)
        return StudyRun(protocol, target, findings, stopped=True)
    step("deriving groups and endpoints")
    material, findings = derive(protocol, cohort, findings)
    if any(f.severity == "error" for f in findings):
        write_findings_only(target, findings)
        return StudyRun(protocol, target, findings, stopped=True)
    analyse(material, protocol.analyses, excluded=protocol.exclude.patients, flow_split=protocol.flow.split, step=step)
    add_data_rows(material)
    add_finding_rows(material.results, findings)
    step("writing the report")
    document, drawings = show(protocol, material, describe(protocol, material, findings))
    check_results(material.results, [document])
    write_study(target, protocol, material, document, drawings, findings, also=also, drawer=drawer, step=step)
    return StudyRun(protocol, target, findings, stopped=False, results=material.results)


def read_and_check(protocol: Protocol) -> tuple[Cohort, tuple[Finding, ...]]:
    """The cohort and every doubt about it; what is wrong with a patient who is left out by hand stops nothing."""
    cohort, found = read_cohort(
        protocol.sources, folder=protocol.folder, origin=protocol.origin, privacy=protocol.privacy
    )
    check_exclusions(protocol, cohort)
    found = (*found, *exclusion_findings(protocol))
    return cohort, sort_findings([*found, *check_cohort(without(cohort, protocol.exclude.patients))])


def derive(protocol: Protocol, cohort: Cohort, findings: tuple[Finding, ...]) -> tuple[Material, tuple[Finding, ...]]:
    """Groups, populations and endpoints of the cohort, and what went wrong with an endpoint as findings."""
    cohort = with_log_reduction(cohort)
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(connection, cohort, protocol.groups)
        doubts = group_findings(connection, protocol.groups, groups)
        populations = evaluate_populations(connection, cohort, protocol.populations, groups, protocol.exclude.patients)
        endpoints, found = derive_endpoints(
            connection,
            cohort,
            protocol.endpoints,
            sources=protocol.event_sources,
            response=protocol.response,
            groups=groups,
            populations=populations,
            excluded=protocol.exclude.patients,
        )
    return Material(cohort, groups, populations, endpoints), sort_findings([*findings, *doubts, *found])


def show(protocol: Protocol, material: Material, outline: Outline) -> tuple[Document, tuple[Drawing, ...]]:
    """The document and its figures, made of result ids only."""
    rates = {
        spec.id: tuple(rates_of(spec, material.groups[spec.of]))
        for spec in protocol.analyses
        if isinstance(spec, RatesSpec)
    }
    listed = {
        spec.id: material.populations[spec.population].patients
        for spec in protocol.analyses
        if isinstance(spec, ListingSpec)
    }
    return compose_report(material.results, outline, rates=rates, listed=listed)
