"""A smooth line: exact on a straight line, between the points elsewhere, silent where there is too little."""

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats.smooth import smooth_line


def test_a_straight_line_is_itself() -> None:
    """Local lines reproduce a line, with an interval of no width."""
    x = np.array([1.0, 2, 4, 7, 11, 16])
    found = smooth_line(x, 3 - 2 * x, places=6)
    assert np.allclose(found.value, 3 - 2 * found.at)
    assert np.allclose(found.high - found.low, 0, atol=1e-6)


def test_noise_is_followed_with_an_interval() -> None:
    """The line of a parabola bends with it and its limits enclose it."""
    x = np.linspace(-1, 1, 41)
    y = x**2 + np.where(np.arange(41) % 2, 0.1, -0.1)
    found = smooth_line(x, y, span=0.4)
    assert np.all((found.low < found.value) & (found.value < found.high))
    assert abs(found.value[12]) < 0.06
    assert found.value[0] > 0.6


def test_too_little_to_say() -> None:
    """Four points, or one place: nothing."""
    assert smooth_line([1, 2, 3, 4], [1, 2, 3, 4]).at.size == 0
    assert smooth_line([1] * 6, range(6)).at.size == 0


def test_lengths_must_agree() -> None:
    """A value for each place."""
    with pytest.raises(DataError):
        smooth_line([1, 2, 3, 4, 5], [1, 2])
