"""Figure data in letters that can be drawn, whatever the type of the figure."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from remission.display.figures.lettering import drawable_or, undrawable_note

Data = TypeVar("Data")


def lettered(data: Data, stand_in: str = "Label") -> tuple[Data, str]:
    """The same data with every text as it can be drawn, and a note where some cannot.

    Args: data: a frozen dataclass of texts, numbers, and tuples and dataclasses of these.
    stand_in: what a text is called of which no letter can be drawn: "Label 1", the same text always by the same name.
    """
    names: dict[str, str] = {}
    seen: list[str] = []

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            seen.append(value)
            shown = drawable_or(value, "\0")
            return names.setdefault(value, f"{stand_in} {len(names) + 1}") if shown == "\0" else shown
        if isinstance(value, tuple):
            return tuple(walk(v) for v in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: walk(getattr(value, f.name)) for f in fields(value)})
        return value

    changed: Data = walk(data)
    return changed, undrawable_note(seen)
