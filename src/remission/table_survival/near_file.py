"""A file that is not there: which of those beside it was meant, if one has nearly its name."""

from __future__ import annotations

from pathlib import Path

from remission.core.settings import nearest


def no_file_todo(path: Path) -> str:
    """What to do. The ending is no part of the name: two tables are not alike because both are .csv."""
    beside = [p for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
    near = nearest(path.stem, [p.stem for p in beside])
    names = sorted(p.name for p in beside if p.stem == near)
    found = nearest(path.name, names) or (names[0] if names else "")
    return f"Did you mean {found}?" if found else "Check the name and the folder."
