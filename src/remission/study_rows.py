"""Rows about the study itself: what was read, what is doubtful; and whether the exclusions name real patients."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.findings import SEVERITIES, Finding, some_rows
from remission.display.report import number
from remission.protocol import FILE_NAME, Protocol
from remission.results.table import Results


def check_exclusions(protocol: Protocol, cohort: Cohort) -> None:
    """Raise ProtocolError (`unknown-exclusion`, `exclusion-without-reason`) where [exclude] cannot be followed."""
    unknown = [p for p in protocol.exclude.patients if p not in set(cohort.patients)]
    if unknown:
        raise ProtocolError(
            what=f"study.toml: {len(unknown)} of the patients to exclude are not in the data.",
            code="unknown-exclusion",
            where="[exclude.patients]",
            todo="Write the ids as they stand in the data, without marks such as *.",
        )
    if any(not reason.strip() for reason in protocol.exclude.patients.values()):
        raise ProtocolError(
            what="study.toml: a patient is excluded without a reason.",
            code="exclusion-without-reason",
            where="[exclude.patients]",
            todo="Give a reason; it stands in the flow diagram.",
        )


def exclusion_findings(protocol: Protocol) -> tuple[Finding, ...]:
    """A note for every patient left out by hand: nobody leaves the study without a line."""
    return tuple(
        Finding(
            severity="note",
            rule="left-out-by-hand",
            file=FILE_NAME,
            what=f"A patient was left out by hand: {reason}.",
            consequence="The patient is in no analysis and stands in the flow diagram.",
            todo="Nothing, if that is right.",
            patients=patient,
        )
        for patient, reason in protocol.exclude.patients.items()
    )


def add_data_rows(material: Material) -> None:
    """Rows of analysis `data`: rows read and used, and the hash, of every sheet."""
    at = Place(material.results, "data", "recorded")
    for source in material.cohort.sources:
        at.put("rows_read", "n", source.rows_read, category=source.name, unit="rows")
        at.put("rows_used", "n", source.rows_used, category=source.name, unit="rows", n=source.rows_read)
        at.put("sha256", "text", source.sha256, category=source.name)


def add_finding_rows(results: Results, findings: tuple[Finding, ...]) -> None:
    """Rows of analysis `findings`: how many of each severity, and the words of each."""
    at = Place(results, "findings", "recorded")
    for severity in SEVERITIES:
        at.put(severity, "n", sum(f.severity == severity for f in findings), unit="findings")
    for i, finding in enumerate(findings):
        at.put("place", "text", place_of(finding), category=number(i))
        at.put("what", "text", finding.what, category=number(i))
        if finding.consequence:
            at.put("consequence", "text", finding.consequence, category=number(i))


def place_of(finding: Finding) -> str:
    """Where a finding stands, in one line."""
    pieces = [finding.file]
    if finding.sheet:
        pieces.append(f"sheet {finding.sheet}")
    if finding.column:
        pieces.append(f"column {finding.column}")
    if finding.row:
        pieces.append(f"row{'s' if ',' in finding.row else ''} {some_rows(finding.row)}")
    return ", ".join(p for p in pieces if p) or "the study as a whole"
