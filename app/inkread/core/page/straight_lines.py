"""Straight lines on a page, nearly level or nearly upright."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StraightLine:
    """A line, px of the page: ``across = start + slope * along``.

    A level one runs along x, an upright one along y.
    """

    is_level: bool
    start: float
    slope: float

    def at(self, along: float) -> float:
        return self.start + self.slope * along

    def ends(self, width: int) -> Ends:
        """Where it begins and ends on a page of this width."""
        return self.start, self.at(width - 1)

    def rows(self, width: int) -> NDArray[np.intp]:
        """The row that it meets in each column, (width,); it may lie off the page."""
        return np.asarray(np.rint(self.start + self.slope * np.arange(width)), np.intp)
