"""Synthesise forms of digits that are rare in the data: 1 with a long upstroke, crossed 7."""

from __future__ import annotations

import math

import numpy as np

from inkread.core.ink import Points
from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.variation import UNIT, normalised

_MAX_STEM_WIDTH = 0.3
"""Maximum width over height of a 1 without an upstroke."""
_MIN_ANGLE, _MAX_ANGLE = 18.0, 82.0
"""Angle between upstroke and vertical, degrees."""
_MIN_LENGTH = 0.15
_MAX_LENGTH = ((_MIN_ANGLE, 38.0, 48.0, _MAX_ANGLE), (0.95, 0.95, 0.6, 0.33))
"""Maximum length of the upstroke over that of the stem, by angle; flatter ones are shorter, as a
long flat one is a 7 even to people."""


def hooked_one(traces: Traces, rng: np.random.Generator) -> Traces | None:
    """Add an upstroke to a bare 1, as most of Europe writes it.

    Parameters
    ----------
    traces : tuple of (n, 2) arrays of float32
        A 1.
    rng : numpy.random.Generator
        Draws angle and length.

    Returns
    -------
    tuple of (n, 2) arrays of float32 or None
        Normalised, sometimes with a foot; None if the 1 is more than a stem already.
    """
    if len(traces) != 1:
        return None
    (stem,) = normalised(traces)
    width, height = np.ptp(stem, axis=0)
    if len(stem) < 2 or height < UNIT * 0.9 or width > _MAX_STEM_WIDTH * height:
        return None
    if stem[0, 1] > stem[-1, 1]:
        stem = stem[::-1]
    degrees = rng.uniform(_MIN_ANGLE, _MAX_ANGLE)
    angle = math.radians(degrees)
    length = height * rng.uniform(_MIN_LENGTH, float(np.interp(degrees, *_MAX_LENGTH)))
    start = stem[0] + length * np.array([-math.sin(angle), math.cos(angle)], np.float32)
    hook = _arc(start, stem[0], length * rng.normal(0, 0.05), 10)
    result = [np.vstack([hook, stem])]
    if rng.random() < 0.15:
        result.append(_foot(stem[-1], height * rng.uniform(0.2, 0.5), rng))
    return normalised([np.asarray(trace, np.float32) for trace in result])


def crossed_seven(traces: Traces, rng: np.random.Generator) -> Traces | None:
    """Add a short bar through the stem of a 7 of one stroke; None if it has more strokes."""
    if len(traces) != 1:
        return None
    (seven,) = normalised(traces)
    width, height = np.ptp(seven, axis=0)
    level = rng.uniform(0.4, 0.65) * height
    below = seven[seven[:, 1] > 0.3 * height]
    if len(below) < 2 or width < 0.3 * height:
        return None
    x = float(below[np.abs(below[:, 1] - level).argmin(), 0])
    half = width * rng.uniform(0.2, 0.4)
    tilt = half * rng.normal(0, 0.15)
    bar = _arc(
        np.array([x - half, level + tilt]), np.array([x + half * 0.9, level - tilt]),
        half * rng.normal(0, 0.06), 8,
    )  # fmt: skip
    return normalised([seven, np.asarray(bar, np.float32)])


def half_four(traces: Traces) -> Traces | None:
    """The first stroke of a 4 of two strokes, which is not a digit; None if it could be a 1."""
    if len(traces) < 2:
        return None
    width, height = np.ptp(traces[0], axis=0)
    return (traces[0],) if width > max(1.0, 0.35 * height) else None


def _foot(at: Points, length: float, rng: np.random.Generator) -> Points:
    left = length * rng.uniform(0.4, 0.6)
    tilt = length * rng.normal(0, 0.08)
    return at + np.array([[-left, tilt], [length - left, -tilt]], np.float32)


def _arc(start: Points, end: Points, sag: float, points: int) -> Points:
    """A line from start to end that bulges sideways by `sag`."""
    along = np.linspace(0, 1, points)[:, np.newaxis]
    way = end - start
    side = np.array([way[1], -way[0]]) / max(1e-6, float(np.hypot(*way)))
    return np.asarray(start + along * way + 4 * along * (1 - along) * sag * side, np.float32)
