"""From the text of a study.toml to a cohort and everything doubtful about it, as a study does it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from remission.cohort.build import read_cohort
from remission.cohort.checks import check_cohort
from remission.cohort.source_spec import OriginSpec, PrivacySpec, SourceSpec
from remission.cohort.table import Cohort
from remission.core.findings import Finding, sort_findings
from remission.core.settings import load


def read_study(text: str, folder: Path) -> tuple[Cohort, tuple[Finding, ...]]:
    """Read what a study.toml maps, and check it."""
    table = tomllib.loads(text)
    sources = [load(SourceSpec, source, where="source") for source in table["source"]]
    origin = load(OriginSpec, table.get("origin", {}), where="origin")
    privacy = load(PrivacySpec, table.get("privacy", {}), where="privacy")
    cohort, findings = read_cohort(sources, folder=folder, origin=origin, privacy=privacy)
    return cohort, sort_findings((*findings, *check_cohort(cohort)))


def targets(text: str) -> dict[str, list[str]]:
    """Header -> targets of a study.toml, over all its sheets."""
    found: dict[str, list[str]] = {}
    for source in tomllib.loads(text)["source"]:
        for column in source["column"]:
            found.setdefault(column["header"], []).append(column["to"])
    return found
