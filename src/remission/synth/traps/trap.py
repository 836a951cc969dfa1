"""One kind of mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from remission.synth.mess import Mess, Row, Spot, Value

Kind = Literal["reading", "doubt", "stop"]
KINDS: tuple[Kind, ...] = ("reading", "doubt", "stop")


@dataclass(frozen=True)
class Trap:
    """A mistake that can be planted.

    Args: kind: `reading` is told and read, and loses nothing; `doubt` is used as it stands and pointed at; `stop` keeps
    the study from being analysed.  rule: of the finding that should tell ("" where reading it right is all there is to
    do).  what: the mistake in words, which the finding should say.  plant: changes the sheets and says where; raises
    NoPlaceError where no patient can have it.  order: lower is planted earlier.
    is_alone: it changes a whole column that others need, so it is planted only where it is named.
    """

    name: str
    kind: Kind
    rule: str
    what: str
    plant: Callable[[Mess], Iterable[Spot]]
    order: int = 5
    is_alone: bool = False

    @property
    def severity(self) -> str:
        """Of the finding, as far as the kind tells."""
        return {"stop": "error", "doubt": "warning or note", "reading": "warning or note"}[self.kind]


def always(row: Row) -> bool:
    """Every row will do."""
    return bool(row.line.patient)


def change(
    sheet: str,
    field: str,
    new: Callable[[Row], Value | Mapping[str, Value]],
    where: Callable[[Row], bool] = always,
    *,
    takes: bool = True,
) -> Callable[[Mess], list[Spot]]:
    """A mistake in one cell of one row: `new` gives its value, or those of several fields of the row.

    Args: field: the cell the finding should point at.
    """

    def plant(mess: Mess) -> list[Spot]:
        row = mess.pick(sheet, where, takes=takes)
        given = new(row)
        for name, value in (given if isinstance(given, Mapping) else {field: given}).items():
            row.box(name).value = value
            row.box(name).is_touched = True
        return [mess.spot(row, field)]

    return plant


def has(*fields: str) -> Callable[[Row], bool]:
    """The cells of all these fields are filled."""
    return lambda row: all(row[name] not in (None, "") for name in fields)
