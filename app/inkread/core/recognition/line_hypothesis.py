"""What a line network may have read, and where each sign of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box

Columns = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one sign stands in time.

    Attributes
    ----------
    first, last : int
        Its first and its last step, the last one included; those of neighbours never overlap.
    probability : float
        0 to 1, that of this sign against every other sign and none in its place, with the rest of
        the text as it is.
    """

    first: int
    last: int
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class GlyphRegion:
    """The part of a line that belongs to one sign: what lies between two seams.

    Attributes
    ----------
    box : Box
        Around the sign's ink, px of the source.
    left, right : (32,) arrays of float64
        For each row of the line picture the x, px of the source, at which the region begins, and
        the one at which it ends; each `right` is the next sign's `left`.
    top : float
        Y of the upper edge of the first row, px of the source.
    row_height : float
        Height of a row, px of the source.
    """

    box: Box
    left: Columns
    right: Columns
    top: float
    row_height: float

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points of the source lie in the region.

        Parameters
        ----------
        x, y : arrays of float64
            Of one shape, or broadcast to one; px of the source. Points above the first row or below
            the last are judged by that row.

        Returns
        -------
        array of bool
        """
        rows = np.floor((y - self.top) / self.row_height).clip(0, len(self.left) - 1).astype(int)
        return np.asarray((self.left[rows] <= x) & (x < self.right[rows]))


@dataclass(frozen=True, slots=True)
class LineHypothesis:
    """One reading of a line.

    Attributes
    ----------
    text : str
        One character for each sign; U+FFFD for a sign that the network has no label for.
    log_probability : float
        Of this text, all alignments summed up, nats; at most 0.
    places : tuple of Place
        One for each character.
    regions : tuple of GlyphRegion
        One for each character; empty where there was no picture to find them in.
    """

    text: str
    log_probability: float
    places: tuple[Place, ...]
    regions: tuple[GlyphRegion, ...] = field(default=(), compare=False)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Box of each sign, px of the source."""
        return tuple(region.box for region in self.regions)
