"""Figures drawn from frozen data: the same numbers as the tables, never computed here.

Modules ending in `_data` hold the dataclasses and import no matplotlib (its import takes longer than a small study).
"""
