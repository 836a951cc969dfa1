"""How a number was computed: a label, a sentence for the Methods, and the original paper."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from remission.core.errors import ResultsError


@dataclass(frozen=True, slots=True)
class Method:
    """A method as documents print it. `reference` is empty where there is nothing to cite."""

    key: str
    label: str
    sentence: str
    reference: str


@cache
def all_methods() -> dict[str, Method]:
    """Every known method by key, in the order of methods.toml."""
    text = files("remission.results").joinpath("methods.toml").read_text(encoding="utf-8")
    return {key: Method(key, **entry) for key, entry in tomllib.loads(text).items()}


def method(key: str) -> Method:
    """The method of this key. Raises: ResultsError (code `unknown-method`)."""
    try:
        return all_methods()[key]
    except KeyError:
        raise ResultsError(
            what=f"There is no method called `{key}`.",
            code="unknown-method",
            where="results/methods.toml",
            todo="A new method needs a label, a sentence and a reference there.",
        ) from None


def methods_used(keys: Iterable[str]) -> tuple[Method, ...]:
    """The methods behind these keys, once each, in the order of methods.toml; empty keys are passed over.

    Raises: ResultsError (code `unknown-method`).
    """
    wanted = {method(key) for key in keys if key}
    return tuple(known for known in all_methods().values() if known in wanted)
