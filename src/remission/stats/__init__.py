"""Statistics from arrays or risk tables: frozen results out, no knowledge of cohorts, files or displays."""

from remission.stats.at_risk import AtRisk, at_risk_table
from remission.stats.contingency import TableTest, chi_square, compare_proportions, fisher_exact
from remission.stats.follow_up import FollowUp, estimate_follow_up, reverse_curves
from remission.stats.kaplan_meier import (
    Curve,
    CurveQuantile,
    SurvivalAt,
    estimate_curves,
    quantile_of_curve,
    survival_at,
)
from remission.stats.logrank import LogRank, PairTest, compare_pairs, compare_survival, compare_trend, holm
from remission.stats.permutation import PermutationTest, permutation_logrank
from remission.stats.proportions import Proportion, proportion_interval
from remission.stats.ranks import RankTest, kruskal_wallis, mann_whitney, wilcoxon_signed_rank
from remission.stats.riskset import RiskTable
from remission.stats.summaries import Summary, quantile, summarise

__all__ = [
    "AtRisk",
    "Curve",
    "CurveQuantile",
    "FollowUp",
    "LogRank",
    "PairTest",
    "PermutationTest",
    "Proportion",
    "RankTest",
    "RiskTable",
    "Summary",
    "SurvivalAt",
    "TableTest",
    "at_risk_table",
    "chi_square",
    "compare_pairs",
    "compare_proportions",
    "compare_survival",
    "compare_trend",
    "estimate_curves",
    "estimate_follow_up",
    "fisher_exact",
    "holm",
    "kruskal_wallis",
    "mann_whitney",
    "permutation_logrank",
    "proportion_interval",
    "quantile",
    "quantile_of_curve",
    "reverse_curves",
    "summarise",
    "survival_at",
    "wilcoxon_signed_rank",
]
