"""Synthesise touching digits, which segmentation may offer as one glyph; to be rejected."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inkread.core.ink import Points
from inkread.ml.datasets.strokes import StrokeSample, Traces
from inkread.ml.synthesis.variation import normalised, varied

_ABOVE = 0.12
"""Share of pairs with one digit above the other."""
_THIRD = 0.12
"""Share of pairs that get a third digit."""
_JOINED = 0.25
"""Share of pairs side by side that are written without lifting the pen."""
_LIKE_ONE_DIGIT = {("1", "1"), ("0", "0")}
"""One above the other these look like a 1 and an 8."""
_MIN_HEIGHT = 200.0


def pair(samples: Sequence[StrokeSample], rng: np.random.Generator) -> Traces | None:
    """Two digits (sometimes three) of random writers, close, touching or overlapping.

    Returns
    -------
    tuple of (n, 2) arrays of float32 or None
        Normalised; None if the result could be one digit.
    """
    first, second = (samples[i] for i in rng.integers(len(samples), size=2))
    a, b = (
        _scaled_variant(first, 1.0, rng),
        _scaled_variant(second, math.exp(rng.normal(0, 0.12)), rng),
    )
    (wide_a, high_a), (wide_b, high_b) = _extent(a), _extent(b)
    if rng.random() >= _ABOVE:
        x = wide_a + rng.normal(0.06, 0.12)
        if x < 0.25 * min(wide_a, wide_b) + 0.12:
            x = wide_a + 0.05
        offset = x, (high_a - high_b) / 2 + rng.normal(0, 0.08)
    elif (first.label, second.label) in _LIKE_ONE_DIGIT:
        return None
    else:
        offset = (wide_a - wide_b) / 2 + rng.normal(0, 0.1), high_a + abs(rng.normal(0.1, 0.12))
    b = _shifted(b, offset)
    is_joined = offset[1] < 0.5 * high_a and rng.random() < _JOINED
    traces = [*a[:-1], np.vstack([a[-1], b[0]]), *b[1:]] if is_joined else [*a, *b]
    if rng.random() < _THIRD:
        third = _scaled_variant(samples[int(rng.integers(len(samples)))], 1.0, rng)
        traces += _shifted(third, (_extent(traces)[0] + 0.05, 0.0))
    return normalised(traces)


def _scaled_variant(sample: StrokeSample, height: float, rng: np.random.Generator) -> Traces:
    """Vary a glyph and scale it to a height; flat ones are scaled less."""
    traces = varied(sample.traces, rng)
    own = max(_extent(traces)[1], _MIN_HEIGHT)
    return tuple(trace * np.float32(height / own) for trace in traces)


def _extent(traces: Sequence[Points]) -> tuple[float, float]:
    every = np.vstack(traces)
    width, height = np.ptp(every, axis=0)
    return float(width), float(height)


def _shifted(traces: Traces, offset: tuple[float, float]) -> Traces:
    return tuple(trace + np.array(offset, np.float32) for trace in traces)
