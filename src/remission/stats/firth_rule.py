"""When a model has too few events for its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from remission.core.errors import DataError

FEWEST = 10.0  # events per parameter


@dataclass(frozen=True)
class EventsPerParameter:
    """per_parameter: None without parameters.  recommended: "firth" or "maximum likelihood", with the reason."""

    events: float
    parameters: int
    per_parameter: float | None
    recommended: str
    reason: str


def events_per_parameter(events: float, parameters: int, *, non_events: float | None = None) -> EventsPerParameter:
    """Events per parameter, and whether maximum likelihood can be trusted with so few.

    Args: events: how many.  parameters: coefficients of the model, intercept not counted.  non_events: for a
    logistic regression the rarer outcome counts, so that both numbers are needed.
    Returns: see EventsPerParameter; below 10 Firth's penalised likelihood is recommended.
    Raises: DataError if a number is negative.
    Source: Peduzzi et al. 1995, J Clin Epidemiol 48:1503; Peduzzi et al. 1996, J Clin Epidemiol 49:1373.
    """
    if min(events, parameters, 0 if non_events is None else non_events) < 0:
        raise DataError("A count is below 0.", "below-minimum", expected="events and parameters from 0")
    counted = events if non_events is None else min(events, non_events)
    if not parameters:
        return EventsPerParameter(counted, 0, None, "maximum likelihood", "no parameters to estimate")
    ratio = counted / parameters
    what = "events" if non_events is None or events <= non_events else "non-events"
    shown = f"{counted:g} {what} for {parameters} parameter{'s' if parameters > 1 else ''}: {ratio:.1f} each"
    if ratio < FEWEST:
        reason = f"{shown}, below {FEWEST:g}; Firth's penalised likelihood with profile intervals is recommended"
        return EventsPerParameter(counted, parameters, ratio, "firth", reason)
    return EventsPerParameter(counted, parameters, ratio, "maximum likelihood", f"{shown}, {FEWEST:g} or more")
