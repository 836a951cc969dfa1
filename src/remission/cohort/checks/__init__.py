"""Rules that look at a cohort and say what is doubtful, and where; nothing is changed."""

from remission.cohort.checks.registry import RULES
from remission.cohort.checks.rule import Rule, apply_rule
from remission.cohort.table import Cohort
from remission.core.findings import Finding, sort_findings

__all__ = ["RULES", "Rule", "check_cohort"]


def check_cohort(cohort: Cohort) -> tuple[Finding, ...]:
    """Ask every rule; most serious first, the same order in every run.

    Returns: one finding per rule, column and doubt, with all its rows ("17, 88, 140").
    """
    return sort_findings(finding for one in RULES for finding in apply_rule(one, cohort))
