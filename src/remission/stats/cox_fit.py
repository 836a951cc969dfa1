"""The Cox proportional-hazards model: integer days, delayed entry, strata, weights, clusters, three ways with ties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr, ndtri

from remission.core.errors import DataError
from remission.stats import firth as penalty
from remission.stats.arrays import BoolArray, FloatArray, Status, require_known, require_level
from remission.stats.cox_data import REAL, CoxDesign, CoxRows, cox_design, cox_rows
from remission.stats.cox_exact import evaluate_exact
from remission.stats.cox_maximise import SETTLED, Maximum, dependent_columns, inverse, maximise
from remission.stats.cox_profile import held_loss, profile_limit
from remission.stats.cox_residuals import score_by_cluster
from remission.stats.cox_result import CoxFit, CoxState, ModelTest
from remission.stats.cox_sums import Evaluation, evaluate

TIES = ("efron", "breslow", "exact")
Objective = Callable[[FloatArray], Evaluation | None]
