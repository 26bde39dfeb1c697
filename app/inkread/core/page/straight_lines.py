"""Straight lines on a page, nearly level or nearly upright."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ends = tuple[float, float]
Rows = NDArray[np.intp]


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

    def rows(self, width: int) -> Rows:
        """The row that it meets in each column, (width,); it may lie off the page."""
        return np.asarray(np.rint(self.start + self.slope * np.arange(width)), np.intp)

    def strip(self, shape: tuple[int, ...], reach: int) -> tuple[Rows, NDArray[np.bool_]]:
        """The rows of a page up to `reach` px on both sides of it, (2 reach + 1, width), clipped;
        and which of them lie on the page.
        """
        rows = self.rows(shape[1]) + np.arange(-reach, reach + 1)[:, np.newaxis]
        return np.clip(rows, 0, shape[0] - 1), (rows >= 0) & (rows < shape[0])
