"""Counts, shares and summaries as rows: the pieces every descriptive analysis is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remission.results.table import Results
from remission.stats import proportion_interval, summarise

INTERVAL_METHOD = {
    "clopper-pearson": "clopper-pearson95",
    "wilson": "wilson95",
    "mid-p": "midp95",
    "jeffreys": "jeffreys95",
}


@dataclass(frozen=True)
class Place:
    """Where rows go: the analysis, its population, the group and level they are about, and a note they all carry."""

    results: Results
    analysis: str
    population: str
    group: str = ""
    level: str = ""
    note: str = ""

    def put(
        self,
        variable: str,
        stat: str,
        value: float | str | None,
        *,
        category: str = "",
        unit: str = "",
        method: str = "",
        note: str = "",
        why: str = "",
        failed: bool = False,
        n: int | None = None,
        members: Iterable[str] | None = None,
        members_hash: str = "",
    ) -> str:
        """Add one row; a missing value is `undefined` (or `failed`) and `why` is its note. Returns the id."""
        missing = value is None
        return self.results.add(
            self.analysis,
            variable,
            stat,
            value,
            population=self.population,
            group=self.group,
            level=self.level,
            category=category,
            unit=unit,
            method=method,
            status=("failed" if failed else "undefined") if missing else "ok",
            note="; ".join(t for t in ((why or "not estimable") if missing else note, self.note) if t),
            n=n,
            members=members,
            members_hash=members_hash,
        )

    def count(
        self, variable: str, stat: str, members: Sequence[str], *, of: int | None, category: str = "", note: str = ""
    ) -> str:
        """One count of patients with its members; `of` is the denominator."""
        return self.put(variable, stat, len(members), category=category, n=of, members=members, note=note)

    def share(
        self,
        variable: str,
        category: str,
        members: Sequence[str],
        among: Sequence[str],
        *,
        interval: str = "",
        note: str = "",
    ) -> None:
        """n and share of a category; with `interval` (a method of proportion_interval) its limits as well.

        Args: members: the patients of the category.  among: the denominator.
        """
        total = len(among)
        self.count(variable, "n", members, of=total, category=category, note=note)
        found = proportion_interval(len(members), total, method=interval or "clopper-pearson")
        listed = self.results.keep_members(members)
        for stat in ("estimate", "low", "high") if interval else ("estimate",):
            self.put(
                variable,
                stat,
                getattr(found, stat),
                category=category,
                unit="proportion",
                method=INTERVAL_METHOD[found.method] if interval else "proportion",
                note=note,
                why=found.reason or "there is nobody in the denominator",
                n=total,
                members_hash=listed,
            )

    def summary(
        self,
        variable: str,
        values: Sequence[float],
        owners: Sequence[str],
        total: int,
        *,
        unit: str,
        quartiles: int,
        note: str = "",
    ) -> None:
        """n, missing, mean, SD, median, quartiles and range of a measurement.

        Args: values, owners: values with the patient each belongs to.  total: patients or records looked at.
        quartiles: quantile type 1-9.
        """
        found = summarise(list(values), kind=quartiles)
        listed = self.results.keep_members(owners)
        one_each = len(set(owners)) == len(values)
        self.put(variable, "n", len(values), n=total, unit="" if one_each else "records", members_hash=listed)
        self.put(variable, "missing", total - len(values), n=total, unit="" if one_each else "records")
        for stat, value in (
            ("mean", found.mean),
            ("sd", found.sd),
            ("median", found.median),
            ("q1", found.q1),
            ("q3", found.q3),
            ("min", found.minimum),
            ("max", found.maximum),
        ):
            self.put(
                variable,
                stat,
                value,
                unit=unit,
                method=f"quantile-type{quartiles}" if stat in ("median", "q1", "q3") else "",
                note=note,
                why=found.reason or "too few values",
                n=len(values),
                members_hash=listed,
            )
