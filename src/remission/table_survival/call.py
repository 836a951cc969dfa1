"""The command line of `survival` as an Ask."""

from __future__ import annotations

from argparse import Namespace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from remission.core.days import days_from
from remission.core.errors import RemissionError
from remission.stats.presets import PRESETS
from remission.table_survival.ask import Ask
from remission.table_survival.effect import check_ask
from remission.table_survival.longest import LONGEST_DAYS, is_too_long, longest_words


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
        covariates=names(options.covariates, "--covariates") if options.covariates else (),
        ties=options.ties,
        firth=options.firth,
        cluster=options.cluster,
        cause=options.cause,
        switch=options.switch,
        landmark=_one(options.landmark, "--landmark", options.unit),
        at=_times(options.at, options.unit) if options.at else (),
        rmst=_one(options.rmst, "--rmst", options.unit),
        preset=preset,
        unit=options.unit,
        sheet=options.sheet,
        median_at_risk=_count(options.median_at_risk, "--median-at-risk"),
    )
    check_ask(ask)
    return ask


def _times(text: str, unit: str) -> tuple[Decimal, ...]:
    """The times of --at. Raises: RemissionError `bad-call`, also where two are the same day."""
    found = amounts(text, "--at", unit)
    days = [days_from(a, unit) for a in found]
    if len(set(days)) < len(days):
        twice = next(d for i, d in enumerate(days) if d in days[:i])
        raise RemissionError(
            what=f"--at names day {twice} twice.", code="bad-call", expected="every time once",
            todo="Leave one of them out.",
        )  # fmt: skip
    return found


def _one(text: str, option: str, unit: str) -> Decimal | None:
    found = amounts(text, option, unit) if text else ()
    if len(found) > 1:
        raise RemissionError(what=f"{option} takes one number.", code="bad-call", expected="e.g. 365")
    return found[0] if found else None


def _count(text: str, option: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > LONGEST_DAYS:
        raise RemissionError(what=f"{option} must be a whole number of 0 or more.", code="bad-call", expected="e.g. 5")
    return int(text)


def amounts(text: str, option: str, unit: str) -> tuple[Decimal, ...]:
    """ "365,730" as numbers of a unit. Raises: RemissionError `bad-call`."""
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
        if is_too_long(value, unit):
            raise RemissionError(
                what=f"{option} is longer than anybody lives.", code="bad-call", expected=longest_words(unit),
                todo="Check the number and --unit.",
            )  # fmt: skip
        if unit == "days" and value != value.to_integral_value():
            raise RemissionError(
                what=f"{option} holds a fraction of a day.", code="bad-call", expected="whole days",
                todo="Name the unit: --unit months (or weeks, years).",
            )  # fmt: skip
        found.append(value)
    return tuple(found)


def names(text: str, option: str) -> tuple[str, ...]:
    """ "age,sex" as names of columns. Raises: RemissionError `bad-call` where one is empty or stands twice."""
    found = tuple(p.strip() for p in text.split(","))
    twice = next((name for i, name in enumerate(found) if name in found[:i]), "")
    if twice or "" in found:
        raise RemissionError(
            what=f"{option} names {twice} twice." if twice else f"{option} has nothing before or after a comma.",
            code="bad-call", expected="columns with one comma between two, each once: age,sex",
            todo="Is a shell variable empty?" if not twice else "Leave one of them out.",
        )  # fmt: skip
    return found
