"""Strokes that the eraser touches, compared with densely sampled lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.ink import Ink, Stroke
from inkread.core.ink_hit_testing import distance_to_polyline, strokes_touched

CORNER = np.array([[0, 0], [100, 0], [100, 80]], np.float32)


def sampled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Many places along a polyline."""
    share = np.linspace(0, 1, 400)[:, None]
    legs = [a + (b - a) * share for a, b in pairwise(points)]
    return np.vstack(legs) if legs else points


@pytest.mark.parametrize("seed", range(20))
def test_distance_is_that_of_the_nearest_samples(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (int(rng.integers(1, 6)), 2)).astype(np.float32)
    start, end = rng.uniform(0, 100, (2, 2))
    line, eraser = sampled(points.astype(np.float64)), sampled(np.array([start, end]))
    gaps = np.hypot(*(line[:, None] - eraser[None]).transpose(2, 0, 1))
    found = distance_to_polyline(points, (start[0], start[1]), (end[0], end[1]))
    assert found == pytest.approx(gaps.min(), abs=0.4)


@pytest.mark.parametrize(
    ("start", "end", "distance"),
    [
        ((50, -30), (50, 30), 0),  # across, between the points
        ((50, 7), (50, 7), 7),  # a click beside the line
        ((-3, -4), (-3, -4), 5),  # before its first point
        ((110, 90), (130, 90), np.hypot(10, 10)),
        ((0, 20), (90, 20), 10),  # along it, ends nearest
        ((30, 0), (60, 0), 0),  # upon it
    ],
)
def test_known_distances(
    start: tuple[float, float], end: tuple[float, float], distance: float
) -> None:
    assert distance_to_polyline(CORNER, start, end) == pytest.approx(distance)


def test_a_dot_and_repeated_points_have_a_distance() -> None:
    dot = np.array([[10, 10]], np.float32)
    assert distance_to_polyline(dot, (13, 14), (13, 14)) == pytest.approx(5)
    assert distance_to_polyline(np.repeat(dot, 3, axis=0), (13, 14), (13, 14)) == pytest.approx(5)
    assert distance_to_polyline(dot, (0, 10), (20, 10)) == 0


def test_the_strokes_own_width_counts() -> None:
    thick, thin = Stroke.of(CORNER, 20), Stroke.of(CORNER, 4)
    ink = Ink((thick, thin))
    assert strokes_touched(ink, (50, -10), (50, -10), 3) == (thick,)
    assert strokes_touched(ink, (50, -4), (50, -4), 3) == (thick, thin)
    assert strokes_touched(ink, (50, -14), (50, -14), 3) == ()
    assert strokes_touched(Ink(), (0, 0), (9, 9), 3) == ()
