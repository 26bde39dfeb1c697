"""What a person taught, and the many ways in which they might have written it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inkread.core.ink import Ink
from inkread.core.reading import Grey
from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.rendering import ink_cell
from inkread.ml.synthesis.variation import varied
from inkread.ml.training.augment import Augmentation

_HAND = Augmentation(rotation=8, scale=0.1, shear=0.15, shift=0.8, elastic=0.5, thickness=0.3)
"""How much the same hand varies, where only a cell is left of what it wrote."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """One sign, and what it is.

    Attributes
    ----------
    label : str
        The class.
    cell : (28, 28) array of uint8
        What the network sees, 0 (paper) to 255 (ink).
    traces : tuple of (n, 2) arrays of float32, optional
        Its strokes: varied as a hand does it, and drawn anew.
    """

    label: str
    cell: Grey
    traces: Traces | None = None


class Sign(Protocol):
    """What was kept of one sign; `inkread.data.samples.sample.Sample` is one."""

    @property
    def label(self) -> str: ...
    @property
    def cell(self) -> Grey: ...
    @property
    def ink(self) -> Ink | None: ...


def taught(sign: Sign) -> Taught:
    """A kept sign as learning takes it."""
    traces = () if sign.ink is None else tuple(stroke.points for stroke in sign.ink.strokes)
    return Taught(sign.label, sign.cell, traces or None)


def variants(sample: Taught, count: int, rng: np.random.Generator) -> Grey:
    """The sample's own cell, and then so many others.

    Returns
    -------
    (1 + count, 28, 28) array of uint8
    """
    if sample.traces is None:
        repeated = np.repeat(sample.cell[np.newaxis], count, axis=0)
        others = list(_HAND(repeated, rng)) if count else []
    else:
        others = [ink_cell(varied(sample.traces, rng), rng) for _ in range(count)]
    return np.stack([sample.cell, *others])
