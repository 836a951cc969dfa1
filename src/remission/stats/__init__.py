"""Statistics from arrays or risk tables: frozen results out, no knowledge of cohorts, files or displays."""

from remission.stats.aalen_johansen import Incidence, IncidenceAt, estimate_incidence, incidence_at
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
from remission.stats.episodes import Episodes, StateRows, episodes_after, illness_death_rows, split_at, state_rows
from remission.stats.fine_gray import (
    FineGray,
    WeightedRows,
    expand_rows,
    fit_cause_specific,
    fit_fine_gray,
    predict_incidence,
)
from remission.stats.firth_rule import EventsPerParameter, events_per_parameter
from remission.stats.follow_up import FollowUp, estimate_follow_up, reverse_curves
from remission.stats.gray import GrayTest, compare_incidence
from remission.stats.kaplan_meier import (
    Curve,
    CurveQuantile,
    SurvivalAt,
    estimate_curves,
    quantile_of_curve,
    survival_at,
)
from remission.stats.landmarks import Landmark, landmark_at, landmark_grid
from remission.stats.logistic import fit_logistic, logistic_intervals
from remission.stats.logistic_model import LogisticFit
from remission.stats.logrank import LogRank, PairTest, compare_pairs, compare_survival, compare_trend, holm
from remission.stats.mantel_byar import MantelByar, compare_by_switch, fit_by_switch
from remission.stats.milestones import Milestone, compare_milestone
from remission.stats.nelson_aalen import CumulativeHazard, HazardAt, estimate_hazards, hazard_at
from remission.stats.occupancy import Occupancy, OccupancyAt, estimate_occupancy, occupancy_at
from remission.stats.permutation import PermutationTest, permutation_logrank
from remission.stats.proportional_hazards import ZPH, check_proportional_hazards
from remission.stats.proportions import Proportion, proportion_interval
from remission.stats.ranks import RankTest, kruskal_wallis, mann_whitney, wilcoxon_signed_rank
from remission.stats.riskset import RiskTable
from remission.stats.rmst import RestrictedMean, RestrictedMeanComparison, compare_rmst, restricted_mean
from remission.stats.simon_makuch import SimonMakuch, StateAtRisk, at_risk_by_state, risk_by_state
from remission.stats.simon_makuch import estimate as estimate_by_state
from remission.stats.summaries import Summary, quantile, summarise

__all__ = [
    "ZPH",
    "AtRisk",
    "BaselineHazard",
    "Concordance",
    "CoxFit",
    "CumulativeHazard",
    "Curve",
    "CurveQuantile",
    "Episodes",
    "EventsPerParameter",
    "FineGray",
    "FollowUp",
    "GrayTest",
    "HazardAt",
    "Incidence",
    "IncidenceAt",
    "Landmark",
    "LogRank",
    "LogisticFit",
    "MantelByar",
    "Milestone",
    "ModelTest",
    "Occupancy",
    "OccupancyAt",
    "PairTest",
    "PermutationTest",
    "PredictedSurvival",
    "ProfileIntervals",
    "Proportion",
    "RankTest",
    "RestrictedMean",
    "RestrictedMeanComparison",
    "RiskTable",
    "Schoenfeld",
    "SimonMakuch",
    "StateAtRisk",
    "StateRows",
    "Summary",
    "SurvivalAt",
    "TableTest",
    "WeightedRows",
    "at_risk_by_state",
    "at_risk_table",
    "baseline_hazard",
    "check_proportional_hazards",
    "chi_square",
    "compare_by_switch",
    "compare_incidence",
    "compare_milestone",
    "compare_pairs",
    "compare_proportions",
    "compare_rmst",
    "compare_survival",
    "compare_trend",
    "concordance_of",
    "deviance_residuals",
    "dfbeta_residuals",
    "episodes_after",
    "estimate_by_state",
    "estimate_concordance",
    "estimate_curves",
    "estimate_follow_up",
    "estimate_hazards",
    "estimate_incidence",
    "estimate_occupancy",
    "events_per_parameter",
    "expand_rows",
    "fisher_exact",
    "fit_by_switch",
    "fit_cause_specific",
    "fit_cox",
    "fit_fine_gray",
    "fit_logistic",
    "hazard_at",
    "holm",
    "illness_death_rows",
    "incidence_at",
    "kruskal_wallis",
    "landmark_at",
    "landmark_grid",
    "logistic_intervals",
    "mann_whitney",
    "martingale_residuals",
    "occupancy_at",
    "permutation_logrank",
    "predict_incidence",
    "predict_survival",
    "profile_intervals",
    "proportion_interval",
    "quantile",
    "quantile_of_curve",
    "restricted_mean",
    "reverse_curves",
    "risk_by_state",
    "schoenfeld_residuals",
    "score_residuals",
    "split_at",
    "state_rows",
    "summarise",
    "survival_at",
    "wilcoxon_signed_rank",
]
