"""Large sums in parts side by side: the parts do not depend on the number of cores, so that a result never does."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

PARTS = 4
WORTH_IT = 1 << 20  # numbers below which starting threads costs more than it gives

T = TypeVar("T")
R = TypeVar("R")


def in_parts(work: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """The work done on each part, in the order of the parts.

    The algebra library's own threads are put off meanwhile: on long thin tables they cost more than they give, twice
    the time of one, and they would be in the way of ours.
    """
    if len(parts) < 2:
        return [work(part) for part in parts]
    with _algebra().limit(limits=1, user_api="blas"), ThreadPoolExecutor(min(os.cpu_count() or 1, len(parts))) as pool:
        return list(pool.map(work, parts))


@cache
def _algebra() -> Any:
    from threadpoolctl import ThreadpoolController  # only large tables need it

    return ThreadpoolController()


def each(work: Callable[[T], R], things: Sequence[T], *, size: int) -> list[R]:
    """The work done on each of a few things of `size` numbers, side by side if they are large."""
    return in_parts(work, things) if size >= WORTH_IT >> 2 else [work(thing) for thing in things]


def cuts_of(n: int, size: int) -> list[int]:
    """Where to cut n things of `size` numbers each: 0, ..., n."""
    k = PARTS if n * size >= WORTH_IT else 1
    return [n * i // k for i in range(k + 1)]
