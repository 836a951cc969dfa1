"""The first study, shipped with the package."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from remission.core.errors import FileError

NAME = "xie2023"


def demo_folder() -> Path:
    """Where the packaged study stands: inside an installed package, or in `studies/` of a source tree."""
    packaged = Path(str(resources.files("remission"))) / "demo_study"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "studies" / NAME


def copy_demo(target: Path) -> Path:
    """Copy the study's files (not an earlier run) to `target`.

    Raises: FileError `target-in-use` where `target` holds something that is not this study.
    """
    source = demo_folder()
    files = sorted(p for p in source.iterdir() if p.is_file())
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        same = target.is_dir() and all(
            (target / p.name).is_file() and (target / p.name).read_bytes() == p.read_bytes() for p in files
        )
        if not same:
            raise FileError(
                what="The folder for the demo is already in use.",
                code="target-in-use",
                where=str(target),
                todo="Name another folder: remission demo FOLDER.",
            )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path in files:
            shutil.copyfile(path, target / path.name)
    except OSError as error:
        raise FileError(
            what="The demo cannot be copied there.", code="cannot-write", where=str(target), found=error.strerror or "",
            todo="Name another folder: remission demo FOLDER.",
        ) from None  # fmt: skip
    return target
