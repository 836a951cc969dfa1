"""The method key of a test of a contingency table."""

from __future__ import annotations

from remission.stats import TableTest


def method_of_test(test: TableTest, rows: int, columns: int) -> str:
    """The key in results/methods.toml: Fisher's test of more than two by two has a name of its own.

    Args: rows, columns: of the table as asked for.
    """
    if test.test == "chi-square":
        return "pearson-chi2"
    if test.test == "fisher-monte-carlo":
        return "fisher-monte-carlo"
    return "fisher2" if rows == columns == 2 else "fisher-freeman-halton"
