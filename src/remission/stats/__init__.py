"""Statistics from arrays or risk tables: frozen results out, no knowledge of cohorts, files or displays."""

from remission.stats.at_risk import AtRisk, at_risk_table
from remission.stats.concordance import Concordance, concordance_of, estimate_concordance
from remission.stats.contingency import TableTest, chi_square, compare_proportions, fisher_exact
from remission.stats.cox_curves import BaselineHazard, PredictedSurvival, baseline_hazard, predict_survival
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_intervals import ProfileIntervals, profile_intervals
from remission.stats.cox_residuals import (
    Schoenfeld,
    deviance_residuals,
    dfbeta_residuals,
    martingale_residuals,
    schoenfeld_residuals,
    score_residuals,
)
from remission.stats.cox_result import CoxFit, ModelTest
from remission.stats.firth_rule import EventsPerParameter, events_per_parameter
from remission.stats.follow_up import FollowUp, estimate_follow_up, reverse_curves
from remission.stats.kaplan_meier import (
    Curve,
    CurveQuantile,
    SurvivalAt,
    estimate_curves,
    quantile_of_curve,
    survival_at,
)
from remission.stats.logistic import fit_logistic, logistic_intervals
from remission.stats.logistic_model import LogisticFit
from remission.stats.logrank import LogRank, PairTest, compare_pairs, compare_survival, compare_trend, holm
from remission.stats.permutation import PermutationTest, permutation_logrank
from remission.stats.proportional_hazards import ZPH, check_proportional_hazards
from remission.stats.proportions import Proportion, proportion_interval
from remission.stats.ranks import RankTest, kruskal_wallis, mann_whitney, wilcoxon_signed_rank
from remission.stats.riskset import RiskTable
from remission.stats.summaries import Summary, quantile, summarise

__all__ = [
    "ZPH",
    "AtRisk",
    "BaselineHazard",
    "Concordance",
    "CoxFit",
    "Curve",
    "CurveQuantile",
    "EventsPerParameter",
    "FollowUp",
    "LogRank",
    "LogisticFit",
    "ModelTest",
    "PairTest",
    "PermutationTest",
    "PredictedSurvival",
    "ProfileIntervals",
    "Proportion",
    "RankTest",
    "RiskTable",
    "Schoenfeld",
    "Summary",
    "SurvivalAt",
    "TableTest",
    "at_risk_table",
    "baseline_hazard",
    "check_proportional_hazards",
    "chi_square",
    "compare_pairs",
    "compare_proportions",
    "compare_survival",
    "compare_trend",
    "concordance_of",
    "deviance_residuals",
    "dfbeta_residuals",
    "estimate_concordance",
    "estimate_curves",
    "estimate_follow_up",
    "events_per_parameter",
    "fisher_exact",
    "fit_cox",
    "fit_logistic",
    "holm",
    "kruskal_wallis",
    "logistic_intervals",
    "mann_whitney",
    "martingale_residuals",
    "permutation_logrank",
    "predict_survival",
    "profile_intervals",
    "proportion_interval",
    "quantile",
    "quantile_of_curve",
    "reverse_curves",
    "schoenfeld_residuals",
    "score_residuals",
    "summarise",
    "survival_at",
    "wilcoxon_signed_rank",
]
