"""Part of many figures drawn in a second process: drawing is most of the time a small study takes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
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
) -> Iterator[frozenset[str]]:
    """Have two of three figures drawn by the other process, which is ready sooner, while the block draws the rest.

    Args: folder: where the files go.  figures: stem and data of each.  process: of second_process.
    Yields: the stems that are drawn elsewhere. A failure of the other process is silent: the caller looks which files
    are there and draws what is missing.
    """
    if process is None or process.stdin is None or len(figures) < WORTH_IT_FROM:
        yield frozenset()
        return
    share = [figure for k, figure in enumerate(figures) if k % 3 != 1]
    try:
        process.stdin.write(pickle.dumps((str(folder), share)))
        process.stdin.close()
    except OSError:
        process.kill()
    yield frozenset(stem for stem, _ in share)
    process.wait()


def main() -> None:
    """Draw what comes through standard input from our own process; nothing comes if it had nothing to draw."""
    from remission.display.figures.draw import draw
    from remission.display.figures.style import save_figure

    told = sys.stdin.buffer.read()
    if told:
        folder, share = pickle.loads(told)  # noqa: S301  (written by drawn_elsewhere, nobody else)
        for stem, data in share:
            save_figure(draw(data), Path(folder), stem)


if __name__ == "__main__":
    main()
