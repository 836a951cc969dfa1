"""Which options go together: one that contradicts another, or would change nothing, is refused."""

from __future__ import annotations

from collections.abc import Iterator

from remission.core.errors import RemissionError
from remission.stats.cox_fit import TIES
from remission.table_survival.ask import Ask

Rule = tuple[bool, str, str]
"""Whether it is broken, what is wrong, what is expected."""


def check_ask(ask: Ask) -> None:
    """Raise RemissionError (`options-clash`) for what no table could answer."""
    for rules in (_contradictions, _without_effect):
        for is_broken, what, expected in rules(ask):
            if is_broken:
                raise clash(what, expected)


def check_levels(ask: Ask, levels: int) -> None:
    """Raise RemissionError (`options-clash`) for options of a model where the preset compares two groups without one.

    Args: levels: of --group, 0 without it.
    """
    has_model = ask.covariates or ask.switch
    if has_model or levels != 2 or ask.choices.hazard_ratio == "cox":
        return
    for option, is_given in _of_a_model(ask):
        if is_given:
            raise clash(
                f"{option} has no effect: preset {ask.preset} has no model for the hazard ratio of two groups.",
                "--covariates A,B beside it, or no --preset",
            )


def clash(what: str, expected: str) -> RemissionError:
    return RemissionError(what=what, code="options-clash", expected=expected, todo="See `remission survival --help`.")


def _contradictions(ask: Ask) -> Iterator[Rule]:
    is_exact = ask.ties_used == "exact"
    exact = "--ties exact" if ask.ties else f"the exact ties of preset {ask.preset}"
    one_event = "one event: --event COLUMN"
    yield (
        not ask.event and not ask.cause, "Neither --event nor --cause is given.",
        "--event COLUMN, or --cause COLUMN for several causes",
    )  # fmt: skip
    yield (
        bool(ask.event and ask.cause), "--event and --cause are both given.",
        "--cause alone: its codes say both whether (0 is censored) and which (1, 2 ...)",
    )  # fmt: skip
    for option, is_given in (
        ("--switch", bool(ask.switch)),
        ("--landmark", ask.landmark is not None),
        ("--rmst", ask.rmst is not None),
        ("--median-at-risk", ask.median_at_risk is not None),
    ):
        yield bool(ask.cause) and is_given, f"{option} does not go with --cause.", one_event
    yield (
        bool(ask.switch and ask.entry) and ask.landmark is not None,
        "--landmark does not go with --switch and --entry together: a landmark of the later event needs everybody under"
        " observation from the start.",
        "--switch with --entry without --landmark (the time-dependent model and the curves take late entry)",
    )
    yield ask.firth and is_exact, f"--firth does not go with {exact}.", "--ties efron or --ties breslow"
    yield ask.firth and bool(ask.cluster), "--firth does not go with --cluster.", "one of them"
    yield bool(ask.cluster) and is_exact, f"--cluster does not go with {exact}.", "--ties efron or --ties breslow"
    yield bool(ask.ties) and ask.ties not in TIES, "This way with ties is not known.", ", ".join(TIES)
    yield ask.rmst is not None and ask.rmst_day == 0, "--rmst must be above 0.", f"a number of {ask.unit}"


def _without_effect(ask: Ask) -> Iterator[Rule]:
    yield (
        ask.landmark is not None and not (ask.switch or ask.group),
        "--landmark has no effect: it needs something to compare.", "--switch COLUMN or --group COLUMN beside it",
    )  # fmt: skip
    has_model = bool(ask.covariates or (ask.group and not ask.cause))
    beside = "--covariates A,B beside it" if ask.cause else "--covariates A,B or --group COLUMN beside it"
    for option, is_given in _of_a_model(ask):
        # the two models of the later event alone follow the way with ties, and nothing else
        counts = has_model or (option == "--ties" and bool(ask.switch))
        yield is_given and not counts, f"{option} has no effect: it belongs to a model, and there is none.", beside
    yield (
        bool(ask.strata) and not (ask.covariates or ask.group),
        "--strata has no effect: there is no test and no model.",
        "--group COLUMN or --covariates A,B beside it",
    )
    yield (
        bool(ask.strata) and ask.strata == ask.group,
        "--strata and --group name the same column: within a stratum there is nothing to compare.",
        "another column for one of them",
    )
    yield (
        bool(ask.preset and ask.cause) and not ask.covariates,
        "--preset has no effect: incidences are computed in one way.", "--covariates A,B beside it, or no --preset",
    )  # fmt: skip


def _of_a_model(ask: Ask) -> Iterator[tuple[str, bool]]:
    yield "--ties", bool(ask.ties)
    yield "--firth", ask.firth
    yield "--cluster", bool(ask.cluster)
