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
from remission.stats.cut_points import CutPoint, cut_point_for_number, cut_point_for_outcome, cut_point_for_survival
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
from remission.stats.hodges_lehmann import LocationShift, median_difference, pseudo_median
from remission.stats.homogeneity import HomogeneityTest, zelen_test
from remission.stats.imputation import ImputedData, impute_chained
from remission.stats.interaction import InteractionTest, cox_interaction, logistic_interaction
from remission.stats.kaplan_meier import (
    Curve,
    CurveQuantile,
    SurvivalAt,
    estimate_curves,
    quantile_of_curve,
    survival_at,
)
from remission.stats.landmarks import Landmark, landmark_at, landmark_grid
from remission.stats.left_censored import LeftCensoredQuantile, LeftCensoredSummary, summarise_left_censored
from remission.stats.left_censored_tests import (
    LeftCensoredPairs,
    LeftCensoredTest,
    compare_left_censored,
    compare_left_censored_pairs,
    permutation_left_censored,
)
from remission.stats.logistic import fit_logistic, logistic_intervals
from remission.stats.logistic_model import LogisticFit
from remission.stats.logrank import LogRank, PairTest, compare_pairs, compare_survival, compare_trend
from remission.stats.mantel_byar import MantelByar, compare_by_switch, fit_by_switch
from remission.stats.mcnemar import McNemarTest, mcnemar_test
from remission.stats.milestones import Milestone, compare_milestone
from remission.stats.multiplicity import benjamini_hochberg, holm
from remission.stats.nelson_aalen import CumulativeHazard, HazardAt, estimate_hazards, hazard_at
from remission.stats.nested import compare_nested
from remission.stats.occupancy import Occupancy, OccupancyAt, estimate_occupancy, occupancy_at
from remission.stats.permutation import PermutationTest, permutation_logrank
from remission.stats.proportional_hazards import ZPH, check_proportional_hazards
from remission.stats.proportions import Proportion, proportion_interval
from remission.stats.ranks import RankTest, kruskal_wallis, mann_whitney
from remission.stats.riskset import RiskTable
from remission.stats.rmst import RestrictedMean, RestrictedMeanComparison, compare_rmst, restricted_mean
from remission.stats.rubin import Pooled, PooledTest, pool_estimates, pool_tests
from remission.stats.signed_rank import PairedTest, paired_differences, sign_test, wilcoxon_signed_rank
from remission.stats.simon_makuch import SimonMakuch, StateAtRisk, at_risk_by_state, risk_by_state
from remission.stats.simon_makuch import estimate as estimate_by_state
from remission.stats.splines import SplineBasis, spline_basis
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
    "CutPoint",
    "Episodes",
    "EventsPerParameter",
    "FineGray",
    "FollowUp",
    "GrayTest",
    "HazardAt",
    "HomogeneityTest",
    "ImputedData",
    "Incidence",
    "IncidenceAt",
    "InteractionTest",
    "Landmark",
    "LeftCensoredPairs",
    "LeftCensoredQuantile",
    "LeftCensoredSummary",
    "LeftCensoredTest",
    "LocationShift",
    "LogRank",
    "LogisticFit",
    "MantelByar",
    "McNemarTest",
    "Milestone",
    "ModelTest",
    "Occupancy",
    "OccupancyAt",
    "PairTest",
    "PairedTest",
    "PermutationTest",
    "Pooled",
    "PooledTest",
    "PredictedSurvival",
    "ProfileIntervals",
    "Proportion",
    "RankTest",
    "RestrictedMean",
    "RestrictedMeanComparison",
    "RiskTable",
    "Schoenfeld",
    "SimonMakuch",
    "SplineBasis",
    "StateAtRisk",
    "StateRows",
    "Summary",
    "SurvivalAt",
    "TableTest",
    "WeightedRows",
    "at_risk_by_state",
    "at_risk_table",
    "baseline_hazard",
    "benjamini_hochberg",
    "check_proportional_hazards",
    "chi_square",
    "compare_by_switch",
    "compare_incidence",
    "compare_left_censored",
    "compare_left_censored_pairs",
    "compare_milestone",
    "compare_nested",
    "compare_pairs",
    "compare_proportions",
    "compare_rmst",
    "compare_survival",
    "compare_trend",
    "concordance_of",
    "cox_interaction",
    "cut_point_for_number",
    "cut_point_for_outcome",
    "cut_point_for_survival",
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
    "impute_chained",
    "incidence_at",
    "kruskal_wallis",
    "landmark_at",
    "landmark_grid",
    "logistic_interaction",
    "logistic_intervals",
    "mann_whitney",
    "martingale_residuals",
    "mcnemar_test",
    "median_difference",
    "occupancy_at",
    "paired_differences",
    "permutation_left_censored",
    "permutation_logrank",
    "pool_estimates",
    "pool_tests",
    "predict_incidence",
    "predict_survival",
    "profile_intervals",
    "proportion_interval",
    "pseudo_median",
    "quantile",
    "quantile_of_curve",
    "restricted_mean",
    "reverse_curves",
    "risk_by_state",
    "schoenfeld_residuals",
    "score_residuals",
    "sign_test",
    "spline_basis",
    "split_at",
    "state_rows",
    "summarise",
    "summarise_left_censored",
    "survival_at",
    "wilcoxon_signed_rank",
    "zelen_test",
]
