"""What is asked of a table: which column is what, and the options."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from remission.analyses.spec import SurvivalSpec
from remission.core.days import days_from
from remission.stats.presets import OURS, PRESETS, Preset

MEDIAN_AT_RISK = SurvivalSpec.median_at_risk  # one default for a study and for a table


@dataclass(frozen=True)
class Ask:
    """One call of `remission survival`.

    Args: event: a column, or COLUMN=CODE.  cause: the column of codes 0, 1, 2 ...  covariates: columns of the model.
    ties: "" is that of the preset.  at, landmark, rmst: amounts in `unit`.  unit: of every time column.
    median_at_risk: a median or quartile read where fewer rows are at risk is not given; None is the default of a study,
    and every one with a preset, as its program prints them.
    """

    file: Path
    time: str
    event: str = ""
    entry: str = ""
    group: str = ""
    strata: str = ""
    covariates: tuple[str, ...] = ()
    ties: str = ""
    firth: bool = False
    cluster: str = ""
    cause: str = ""
    switch: str = ""
    landmark: Decimal | None = None
    at: tuple[Decimal, ...] = ()
    rmst: Decimal | None = None
    preset: str = ""
    unit: str = "days"
    sheet: str = ""
    median_at_risk: int | None = None

    @property
    def fewest_at_median(self) -> int:
        """Fewest at risk where a median or quartile is read, so that it is given."""
        if self.median_at_risk is not None:
            return self.median_at_risk
        return 0 if self.preset else MEDIAN_AT_RISK

    @property
    def choices(self) -> Preset:
        """The conventions that are followed."""
        return PRESETS[self.preset] if self.preset else OURS

    @property
    def ties_used(self) -> str:
        return self.ties or self.choices.ties

    @property
    def at_days(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(days_from(a, self.unit) for a in self.at))

    def shown_at(self, day: int) -> str:
        """A time of --at, as it was written."""
        return next(shown_amount(a) for a in self.at if days_from(a, self.unit) == day)

    @property
    def landmark_day(self) -> int | None:
        return None if self.landmark is None else days_from(self.landmark, self.unit)

    @property
    def rmst_day(self) -> int | None:
        return None if self.rmst is None else days_from(self.rmst, self.unit)


def shown_amount(amount: Decimal) -> str:
    """An amount as it was written: no exponent, no zeros behind."""
    return f"{amount.normalize():f}"
