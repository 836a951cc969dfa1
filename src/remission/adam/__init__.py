"""ADSL, ADTTE, ADRS and ADAE of a study as Dataset-JSON."""

from remission.adam.write import write_adam

__all__ = ["write_adam"]
