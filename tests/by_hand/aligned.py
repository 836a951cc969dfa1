"""Tables as a clinician would write them on paper: columns set apart by two or more spaces, "." for nothing."""

from __future__ import annotations

import re


def aligned(text: str) -> list[dict[str, str]]:
    """The rows of an aligned table, each as header -> text; "." is ""."""
    header, *lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines() if line.strip()]
    assert all(len(line) == len(header) for line in lines), [line for line in lines if len(line) != len(header)]
    return [dict(zip(header, ("" if cell == "." else cell for cell in line), strict=True)) for line in lines]


def number(text: str) -> float | None:
    return float(text) if text else None


def whole(text: str) -> int | None:
    return int(text) if text else None


def yes(text: str) -> bool | None:
    return {"yes": True, "no": False, "": None}[text]
