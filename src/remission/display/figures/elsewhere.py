"""Part of many figures drawn in a second process: drawing is most of the time a small study takes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Below this many, starting a second Python takes longer than it saves.
WORTH_IT_FROM = 5


@contextmanager
def second_process(expected: int) -> Iterator[subprocess.Popen[bytes] | None]:
    """Start a Python that loads what drawing needs while the block computes what is to be drawn.

    Args: expected: about how many figures there will be.
    Yields: the process, for drawn_elsewhere, or None where it would not pay or cannot start. It ends with the block.
    """
    process = None
    if expected >= WORTH_IT_FROM and (os.cpu_count() or 1) > 1 and sys.executable:
        command = [sys.executable, "-m", "remission.display.figures.elsewhere"]
        with suppress(OSError):
            process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
    try:
        yield process
    finally:
        if process is not None:
            process.kill()
            with suppress(OSError):
                process.communicate()


@contextmanager
def drawn_elsewhere(
    folder: Path, figures: Sequence[tuple[str, Any]], process: subprocess.Popen[bytes] | None
) -> Iterator[Callable[[int], bool]]:
    """Have the other process draw from the last figure towards the first, while the block draws from the first on.

    Args: folder: where the files go.  figures: stem and data of each.  process: of second_process.
    Yields: a function that claims a figure by its place: True if it is the block's to draw. A failure of the other
    process is silent: the caller looks which files are there and draws what is missing.
    """
    if process is None or process.stdin is None or len(figures) < WORTH_IT_FROM:
        yield lambda _: True
        return
    with TemporaryDirectory(prefix="remission-figures-") as claims:
        try:
            process.stdin.write(pickle.dumps((str(folder), claims, list(figures))))
            process.stdin.close()
        except OSError:
            process.kill()
        yield lambda place: _claim(Path(claims), place)
        process.wait()


def _claim(claims: Path, place: int) -> bool:
    """Take a figure, if nobody has: a file is made by one process only."""
    try:
        os.close(os.open(claims / str(place), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def main() -> None:
    """Draw what comes through standard input from our own process; nothing comes if it had nothing to draw."""
    from remission.display.figures.draw import draw
    from remission.display.figures.style import save_figure

    told = sys.stdin.buffer.read()
    if told:
        folder, claims, figures = pickle.loads(told)  # noqa: S301  (written by drawn_elsewhere, nobody else)
        for place in reversed(range(len(figures))):
            if not _claim(Path(claims), place):
                break
            stem, data = figures[place]
            save_figure(draw(data), Path(folder), stem)


if __name__ == "__main__":
    main()
