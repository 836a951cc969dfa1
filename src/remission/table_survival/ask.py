"""What is asked of a table: which column is what, and the options; calls that contradict themselves are refused."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from remission.core.days import DAYS_PER, days_from
from remission.core.errors import RemissionError
from remission.stats.cox_fit import TIES
from remission.stats.presets import OURS, PRESETS, Preset

UNITS = tuple(DAYS_PER)


@dataclass(frozen=True)
class Ask:
    """One call of `remission survival`.

    Args: event: a column, or COLUMN=CODE.  cause: the column of codes 0, 1, 2 ...  covariates: columns of the model.
    ties: "" is that of the preset.  at, landmark, rmst: amounts in `unit`.  unit: of every time column.
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
        """The time that was asked for, as it was written."""
        return next(f"{a.normalize():f}" for a in self.at if days_from(a, self.unit) == day)

    @property
    def landmark_day(self) -> int | None:
        return None if self.landmark is None else days_from(self.landmark, self.unit)

    @property
    def rmst_day(self) -> int | None:
        return None if self.rmst is None else days_from(self.rmst, self.unit)

    def check(self) -> None:
        """Raise RemissionError (`bad-call`, `options-clash`) for what no table could answer."""
        if not self.event and not self.cause:
            raise _clash(
                "Neither --event nor --cause is given.", "--event COLUMN, or --cause COLUMN for several causes"
            )
        if self.event and self.cause:
            raise _clash(
                "--event and --cause are both given.",
                "--cause alone: its codes say both whether (0 is censored) and which (1, 2 ...)",
            )
        if self.cause and self.switch:
            raise _clash("--switch does not go with --cause.", "one event: --event COLUMN")
        if self.cause and self.landmark is not None:
            raise _clash("--landmark does not go with --cause.", "one event: --event COLUMN")
        if self.cause and self.rmst is not None:
            raise _clash("--rmst does not go with --cause.", "one event: --event COLUMN")
        if self.landmark is not None and not (self.switch or self.group):
            raise _clash("--landmark needs something to compare.", "--switch COLUMN or --group COLUMN beside it")
        if self.firth and self.ties_used == "exact":
            raise _clash("--firth does not go with --ties exact.", "--ties efron or --ties breslow")
        if self.firth and self.cluster:
            raise _clash("--firth does not go with --cluster.", "one of them")
        if self.cluster and self.ties_used == "exact":
            raise _clash("--cluster does not go with --ties exact.", "--ties efron or --ties breslow")
        if (self.firth or self.cluster) and not (self.covariates or self.group or self.switch):
            raise _clash("--firth and --cluster belong to a model.", "--covariates A,B beside it")
        if self.ties and self.ties not in TIES:
            raise _clash("This way with ties is not known.", ", ".join(TIES))
        if self.rmst is not None and self.rmst_day == 0:
            raise _clash("--rmst must be above 0.", f"a number of {self.unit}")


def ask_of(options: Namespace) -> Ask:
    """The call as the command line gives it. Raises: RemissionError (`bad-call`, `options-clash`)."""
    preset = next((name for name in PRESETS if name.lower() == options.preset.lower()), options.preset)
    if preset and preset not in PRESETS:
        raise RemissionError(
            what="This preset is not known.", code="bad-call", expected=", ".join(PRESETS), todo="Name one of them."
        )
    ask = Ask(
        file=Path(options.file),
        time=options.time,
        event=options.event,
        entry=options.entry,
        group=options.group,
        strata=options.strata,
        covariates=names(options.covariates),
        ties=options.ties,
        firth=options.firth,
        cluster=options.cluster,
        cause=options.cause,
        switch=options.switch,
        landmark=_one(options.landmark, "--landmark"),
        at=amounts(options.at, "--at") if options.at else (),
        rmst=_one(options.rmst, "--rmst"),
        preset=preset,
        unit=options.unit,
        sheet=options.sheet,
    )
    ask.check()
    return ask


def _one(text: str, option: str) -> Decimal | None:
    found = amounts(text, option) if text else ()
    if len(found) > 1:
        raise RemissionError(what=f"{option} takes one number.", code="bad-call", expected="e.g. 365")
    return found[0] if found else None


def amounts(text: str, option: str) -> tuple[Decimal, ...]:
    """ "365,730" as numbers. Raises: RemissionError `bad-call`."""
    found = []
    for part in text.split(","):
        try:
            value = Decimal(part.strip())
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value < 0:
            raise RemissionError(
                what=f"{option} must be numbers of 0 or more.", code="bad-call", expected="e.g. 365 or 365,730"
            )
        found.append(value)
    return tuple(found)


def names(text: str) -> tuple[str, ...]:
    """ "age,sex" as names of columns, each once."""
    return tuple(dict.fromkeys(p.strip() for p in text.split(",") if p.strip()))


def _clash(what: str, expected: str) -> RemissionError:
    return RemissionError(what=what, code="options-clash", expected=expected, todo="See `remission survival --help`.")
