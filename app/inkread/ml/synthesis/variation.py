"""Random variation of strokes: other hands and other pointing devices."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inkread.core.ink import Points
from inkread.ml.datasets.strokes import Traces

UNIT = 1000.0
"""Longer side of a normalised glyph."""

_ROTATION, _SHEAR, _STRETCH = math.radians(6), 0.12, 0.12
"""Standard deviations: radians, sideways shift over height, logarithm of width over height."""
_WOBBLE = 0.4
"""Share of glyphs that are warped by a slow wave."""
_JITTER, _SPARSE, _COARSE = 0.25, 0.45, 0.65
"""Cumulative shares of glyphs with jittered points, with dropped points (a fast mouse), and with
points on a coarse grid (a small drawing)."""
_MIN_POINTS = 12
_SMOOTHED = 0.15
"""Share of glyphs with strokes smoothed by the recording program."""


def normalised(traces: Sequence[Points], side: float = UNIT) -> Traces:
    """Move and scale the ink to begin at (0, 0) with `side` as its longer side."""
    every = np.vstack(traces)
    corner = every.min(axis=0)
    extent = float((every.max(axis=0) - corner).max())
    scale = np.float32(side / extent if extent > 0 else 1.0)
    return tuple((trace - corner) * scale for trace in traces)


def varied(traces: Sequence[Points], rng: np.random.Generator) -> Traces:
    """Vary a glyph at random.

    Parameters
    ----------
    traces : sequence of (n, 2) arrays of float32
        At least one.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    tuple of (n, 2) arrays of float32
        Normalised, with as many strokes as before: rotated, sheared, stretched; some of them
        warped, jittered, with points dropped or rounded, or smoothed.
    """
    matrix = _affine(rng)
    moved = normalised([trace @ matrix.T for trace in normalised(traces)])
    if rng.random() < _WOBBLE:
        moved = _warped(moved, rng)
    chance = rng.random()
    if chance < _JITTER:
        deviation = rng.uniform(2, 10)
        moved = tuple(
            trace + rng.normal(0, deviation, trace.shape).astype(np.float32) for trace in moved
        )
    elif chance < _SPARSE:
        moved = tuple(_subsampled(trace, int(rng.integers(2, 5))) for trace in moved)
    elif chance < _COARSE:
        grid = rng.uniform(8, 40)
        moved = tuple(np.rint(trace / grid) * grid for trace in moved)
    if rng.random() < _SMOOTHED:
        moved = tuple(_smoothed_trace(trace) for trace in moved)
    return normalised([np.asarray(trace, np.float32) for trace in moved])


def _affine(rng: np.random.Generator) -> Points:
    angle, shear = rng.normal(0, _ROTATION), rng.normal(0, _SHEAR)
    stretch = math.exp(rng.normal(0, _STRETCH))
    cosine, sine = math.cos(angle), math.sin(angle)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    return np.asarray(rotation @ np.array([[stretch, shear], [0, 1]]), np.float32)


def _warped(traces: Traces, rng: np.random.Generator) -> Traces:
    frequency = rng.normal(0, 2, 2) * rng.uniform(0.004, 0.012)
    phase, amplitude = rng.uniform(0, 2 * math.pi, 2), rng.uniform(5, 30)
    return tuple(
        trace + (amplitude * np.sin(trace[:, ::-1] * frequency + phase)).astype(np.float32)
        for trace in traces
    )


def _subsampled(trace: Points, every: int) -> Points:
    """Every `every`-th point, and the last one."""
    if len(trace) < _MIN_POINTS:
        return trace
    return np.vstack([trace[::every], trace[-1:]])


def _smoothed_trace(trace: Points) -> Points:
    """Moving average over three points; the ends are kept."""
    if len(trace) < 3:
        return trace
    inner = (trace[:-2] + trace[1:-1] + trace[2:]) / 3
    return np.vstack([trace[:1], inner, trace[-1:]])
