"""Exact p of an r x c table by walking a network of its columns.

A table is a path: each column takes its patients from what remains of the row totals. Paths that have used up
the same remainder continue alike, so they are kept together with the height (minus the sum of log factorials
of the cells) they have reached. A remainder whose every completion is extreme is summed in closed form, one
whose no completion is extreme is dropped. Source: Mehta & Patel 1983, J Am Stat Assoc 78:427-434.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy.special import gammaln

from remission.stats.arrays import FloatArray, IntArray

EQUAL = 1e-7  # relative: probabilities this close are equal
_DIGITS = 11  # heights equal to so many decimals are one path; 1e-11 relative in a probability
_PATH_LIMIT = 3_000_000

State = tuple[int, ...]


class TooManyTables(Exception):  # noqa: N818 - not an error of the user: the caller draws tables instead
    """The exact test would need more steps than allowed."""


def exact_p_of_table(counts: IntArray, *, cost_limit: int) -> float:
    """Probability, given the margins, of a table no more probable than the observed one.

    Args: counts: (r, c) int, no empty row or column.  cost_limit: how many ways of filling a column to look
    at.
    Raises: TooManyTables if the limit does not suffice.
    """
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    columns = sorted(table.sum(axis=0).tolist(), reverse=True)
    network = _Network(columns, int(table.sum()), cost_limit)
    start = tuple(sorted(table.sum(axis=1).tolist()))
    limit = float(-gammaln(table + 1.0).sum()) + EQUAL
    return min(1.0, network.extreme_share(start, limit))


class _Network:
    def __init__(self, columns: list[int], n: int, cost_limit: int) -> None:
        self.columns = columns
        self.log_factorial: list[float] = gammaln(np.arange(n + 1) + 1.0).tolist()
        self.cost_left = cost_limit
        self.steps: dict[tuple[int, State], list[tuple[State, float, int]]] = {}
        self.bounds: dict[tuple[int, State], tuple[float, float]] = {}

    def extreme_share(self, start: State, limit: float) -> float:
        """Sum of the probabilities of the tables whose height is at most the limit."""
        total, share = self._log_completions(0, start), 0.0
        paths: dict[State, tuple[FloatArray, FloatArray]] = {start: (np.zeros(1), np.ones(1))}
        for k in range(len(self.columns)):
            reached: dict[State, list[tuple[FloatArray, FloatArray]]] = {}
            for state, (height, number) in paths.items():
                low, high = self._bounds(k, state)
                all_extreme = height + high <= limit
                if all_extreme.any():
                    rest = self._log_completions(k, state) - total
                    share += float((number[all_extreme] * np.exp(height[all_extreme] + rest)).sum())
                open_ = ~all_extreme & (height + low <= limit)
                if not open_.any():
                    continue
                for after, step, ways in self._steps(k, state):
                    reached.setdefault(after, []).append((height[open_] + step, number[open_] * ways))
            paths = self._merged(reached)
        return share

    def _merged(
        self, reached: dict[State, list[tuple[FloatArray, FloatArray]]]
    ) -> dict[State, tuple[FloatArray, FloatArray]]:
        """Paths with the same remainder and height as one, with their number."""
        if sum(height.size for parts in reached.values() for height, _ in parts) > _PATH_LIMIT:
            raise TooManyTables
        merged: dict[State, tuple[FloatArray, FloatArray]] = {}
        for state, parts in reached.items():
            height = np.concatenate([part[0] for part in parts])
            _, first, place = np.unique(np.round(height, _DIGITS), return_index=True, return_inverse=True)
            number = np.bincount(place, weights=np.concatenate([part[1] for part in parts]))
            merged[state] = (height[first], number.astype(np.float64))
        return merged

    def _log_completions(self, k: int, state: State) -> float:
        """Log of the sum over all completions of exp(height): n! / (row totals! column totals!)."""
        lf = self.log_factorial
        return lf[sum(state)] - sum(lf[r] for r in state) - sum(lf[c] for c in self.columns[k:])

    def _bounds(self, k: int, state: State) -> tuple[float, float]:
        """Least and greatest height of a completion."""
        key = (k, state)
        if key not in self.bounds:
            if k == len(self.columns) - 1:
                height = -sum(self.log_factorial[r] for r in state)
                self.bounds[key] = (height, height)
            else:
                ends = [(step, *self._bounds(k + 1, after)) for after, step, _ in self._steps(k, state)]
                self.bounds[key] = (min(s + low for s, low, _ in ends), max(s + high for s, _, high in ends))
        return self.bounds[key]

    def _steps(self, k: int, state: State) -> list[tuple[State, float, int]]:
        """The remainders after filling column k, each with the height added and in how many ways."""
        key = (k, state)
        if key not in self.steps:
            found: Counter[tuple[State, tuple[int, ...]]] = Counter()
            for cells in self._fillings(state, self.columns[k]):
                after = tuple(sorted(r - x for r, x in zip(state, cells, strict=True)))
                found[after, tuple(sorted(cells))] += 1
            lf = self.log_factorial
            self.steps[key] = [(after, -sum(lf[x] for x in cells), ways) for (after, cells), ways in found.items()]
        return self.steps[key]

    def _fillings(self, state: State, column: int) -> list[tuple[int, ...]]:
        """Every way of taking `column` patients from the remaining rows."""
        partial: list[tuple[tuple[int, ...], int]] = [((), column)]
        for i, r in enumerate(state):
            later = sum(state[i + 1 :])
            partial = [
                ((*cells, x), left - x)
                for cells, left in partial
                for x in range(max(0, left - later), min(r, left) + 1)
            ]
            self.cost_left -= len(partial)
            if self.cost_left < 0:
                raise TooManyTables
        return [cells for cells, _ in partial]
