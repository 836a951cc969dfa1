"""Half of many figures drawn in a second process: drawing is most of the time a small study takes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Below this many, starting a second Python takes longer than it saves.
WORTH_IT_FROM = 5


@contextmanager
def drawn_elsewhere(folder: Path, figures: Sequence[tuple[str, Any]]) -> Iterator[frozenset[str]]:
    """Have every second figure drawn by another process while the block draws the rest.

    Args: folder: where the files go.  figures: stem and data of each.
    Yields: the stems that are drawn elsewhere. A failure of the other process is silent: the caller looks which files
    are there and draws what is missing.
    """
    share = figures[1::2]
    if len(figures) < WORTH_IT_FROM or (os.cpu_count() or 1) < 2 or not sys.executable:
        yield frozenset()
        return
    command = [sys.executable, "-m", "remission.display.figures.elsewhere"]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        yield frozenset()
        return
    try:
        assert process.stdin is not None  # noqa: S101
        try:
            process.stdin.write(pickle.dumps((str(folder), list(share))))
            process.stdin.close()
        except OSError:
            process.kill()
        yield frozenset(stem for stem, _ in share)
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def main() -> None:
    """Draw what comes through standard input from our own process."""
    folder, share = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  (written by drawn_elsewhere, nobody else)
    from remission.display.figures.draw import draw
    from remission.display.figures.style import save_figure

    for stem, data in share:
        save_figure(draw(data), Path(folder), stem)


if __name__ == "__main__":
    main()
