"""Labelled examples of one hand, and augmented variants of them."""

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

_CELL_AUGMENTATION = Augmentation(
    rotation=8, scale=0.1, shear=0.15, shift=0.8, elastic=0.5, thickness=0.3
)
"""Variation within one hand, for examples of which only the cell is left."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One labelled glyph.

    Attributes
    ----------
    label : str
        The class.
    cell : (28, 28) array of uint8
        Input of the network, 0 (background) to 255 (ink).
    traces : tuple of (n, 2) arrays of float32, optional
        The strokes; if given, variants are made from them and rendered anew.
    """

    label: str
    cell: Grey
    traces: Traces | None = None


class LabelledGlyph(Protocol):
    """A stored glyph; `inkread.data.samples.sample.Sample` is one."""

    @property
    def label(self) -> str: ...
    @property
    def cell(self) -> Grey: ...
    @property
    def ink(self) -> Ink | None: ...


def example_of(glyph: LabelledGlyph) -> Example:
    """Convert a stored glyph to an example."""
    traces = () if glyph.ink is None else tuple(stroke.points for stroke in glyph.ink.strokes)
    return Example(glyph.label, glyph.cell, traces or None)


def variants(example: Example, count: int, rng: np.random.Generator) -> Grey:
    """The example's own cell, followed by `count` variants of it.

    Returns
    -------
    (1 + count, 28, 28) array of uint8
    """
    if example.traces is None:
        repeated = np.repeat(example.cell[np.newaxis], count, axis=0)
        others = list(_CELL_AUGMENTATION(repeated, rng)) if count else []
    else:
        others = [ink_cell(varied(example.traces, rng), rng) for _ in range(count)]
    return np.stack([example.cell, *others])
