"""The error of a figure whose numbers contradict each other."""

from __future__ import annotations

from remission.core.errors import ResultsError


def faulty_figure(figure: str, *, expected: str, found: str) -> ResultsError:
    """figure: which one, as the sentence begins: "A survival figure"."""
    return ResultsError(
        what=f"{figure} cannot be drawn from these results.",
        code="faulty-figure",
        expected=expected,
        found=found,
        todo="This is a fault of the program; please report it with the study file.",
    )
