"""Slant of a hand, and boxes with the slant removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.geometry import Box, bounds
from inkread.core.ink import Points


@dataclass(frozen=True, slots=True)
class Params:
    """How far hands lean."""

    #: Run over rise; chosen: 31 degrees, beyond which hardly any hand leans.
    max_slant: float = 0.6


PARAMS = Params()


def slant_of(traces: Sequence[Points]) -> float:
    """How far the down-strokes of a hand lean.

    Parameters
    ----------
    traces : sequence of (n, 2) arrays of float32
        Strokes, or outlines of blobs; y down.

    Returns
    -------
    float
        Run to the right for one px up, the mean over all that is nearer to upright than to flat,
        weighted by height; within -0.6 to 0.6.
    """
    steps = np.concatenate([np.diff(trace, axis=0) for trace in traces])
    steep = steps[np.abs(steps[:, 1]) > np.abs(steps[:, 0])].astype(np.float64)
    rise = np.abs(steep[:, 1]).sum()
    if rise == 0:
        return 0.0
    run = -(steep[:, 0] * np.sign(steep[:, 1])).sum()
    return float(np.clip(run / rise, -PARAMS.max_slant, PARAMS.max_slant))


def upright_box(trace: Points, slant: float) -> Box:
    """Box around a trace, (n, 2), as it would stand if the hand did not lean by `slant`."""
    return bounds(np.stack([trace[:, 0] + np.float32(slant) * trace[:, 1], trace[:, 1]], axis=1))
