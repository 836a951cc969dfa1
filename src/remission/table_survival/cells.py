"""The cells of a table by the name of their column; every refusal says rows, never values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from remission.cohort.ledger import Ledger, column_letter
from remission.core.errors import DataError, FileError
from remission.core.findings import some_rows
from remission.core.settings import nearest

MISSING = ("", "na", "n/a", "nan", "null", ".", "?")
_COMMA = re.compile(r"-?\d+,\d+")


class Cells:
    """The cells of a table by column name."""

    def __init__(self, ledger: Ledger, headers: Sequence[str], rows: Sequence[int]) -> None:
        self.file, self.ledger, self.headers, self.rows = ledger.file, ledger, tuple(headers), tuple(rows)
        self.decimal_comma = not ledger.is_workbook and ledger.delimiter not in ("", ",")

    def only(self, rows: Sequence[int]) -> Cells:
        return Cells(self.ledger, self.headers, rows)

    def require(self, names: Iterable[str]) -> None:
        """Raise FileError `unknown-column` for the first name that is no column."""
        for name in names:
            if name not in self.headers:
                near = nearest(name, self.headers)
                raise FileError(
                    what=f"The table has no column {name!r}.",
                    code="unknown-column",
                    where=self.file,
                    expected=", ".join(self.headers[:20]) + (" ..." if len(self.headers) > 20 else ""),
                    todo=f"Did you mean {near!r}?" if near else "Write the name as it stands in the first row.",
                )

    def require_once(self, names: Iterable[str], several: Iterable[str]) -> None:
        """Raise FileError `column-twice` for the first name that heads several columns (several: such names)."""
        several = set(several)
        for name in names:
            if name not in several:
                continue
            again = re.compile(re.escape(name) + r"( \(\d+\))?")  # as the reader tells them apart
            where = [column_letter(i) for i, h in enumerate(self.headers, 1) if again.fullmatch(h)]
            raise FileError(
                what=f"{len(where)} columns are headed {name!r}, and nothing says which is meant.",
                code="column-twice",
                where=f"{self.file}, columns {', '.join(where)}",
                expected="one column of each name that is asked for",
                todo="Rename the others in the table.",
            )

    def texts(self, name: str) -> list[str]:
        """The cells of a column, trimmed; missing ones empty. Raises: FileError `unknown-column`."""
        self.require([name])
        column = self.ledger.grid.columns[self.headers.index(name)]
        cut = (column[row - 1].strip() for row in self.rows)
        return ["" if text.lower() in MISSING else text for text in cut]

    def number(self, text: str) -> Decimal | None:
        """A cell as a number, None where it is none."""
        if self.decimal_comma and _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        try:
            value = Decimal(text)
        except InvalidOperation:
            return None
        return value if value.is_finite() else None

    def error(self, what: str, code: str, name: str, bad: Sequence[int], expected: str, todo: str) -> DataError:
        """A refusal that names the rows (by their number in the file) but no value."""
        listed = some_rows(", ".join(str(self.rows[i]) for i in bad))
        return DataError(
            what, code, f"{self.file}, column {name}, row{'s' if len(bad) > 1 else ''} {listed}", expected,
            f"{len(bad)} of {len(self.rows)} rows", todo,
        )  # fmt: skip
