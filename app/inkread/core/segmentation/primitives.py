"""What is put together to glyphs: parts of a drawing or a page, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.reading import Cells, Stage

#: Points of a trace that are looked at for distances.
_PROBES = 48


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbours in a group, from one place where it may be cut to the next.

    Attributes
    ----------
    members : tuple of int
        Numbers of parts.
    price : float
        What it costs to cut the group after this piece.
    """

    members: tuple[int, ...]
    price: float = 0.0


class Parts(Protocol):
    """The parts of one picture or drawing."""

    @property
    def boxes(self) -> Sequence[Box]:
        """One for each part, as it would stand if the hand did not lean: for grouping only."""
        ...

    @property
    def dots(self) -> frozenset[int]:
        """Parts that may belong to a glyph but are none: dots, dashes, slips of the pen."""
        ...

    def distance(self, first: int, second: int) -> float:
        """Shortest way between two parts, in the unit of the boxes; 0 where they touch."""
        ...

    def outline(self, members: Sequence[int]) -> Box:
        """Box around parts, as a person sees it."""
        ...

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        """The (28, 28) cell of parts taken as one glyph, and how it came about."""
        ...

    def split(self, members: tuple[int, ...], height: float) -> tuple[Self, list[Piece]]:
        """Cut a group of parts apart.

        Parameters
        ----------
        members : tuple of int
            The group.
        height : float
            Typical height of a glyph, in the unit of the boxes.

        Returns
        -------
        (Parts, list of Piece)
            The same parts under the same numbers, and the new ones behind them; and the pieces
            in the order of writing, just the group itself if it cannot be cut.
        """
        ...


def nearest(a: Points, b: Points) -> float:
    """Shortest distance between two sets of points."""
    x = np.subtract.outer(a[:, 0], b[:, 0])
    y = np.subtract.outer(a[:, 1], b[:, 1])
    return float(np.sqrt((x * x + y * y).min()))


def probes_of(points: Points) -> Points:
    """Points evenly spread over a polyline."""
    if len(points) == 1:
        return points
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, way[-1], _PROBES)
    return np.stack([np.interp(at, way, points[:, k]) for k in (0, 1)], axis=1).astype(np.float32)
