"""The text lines that boxes stand in, and what else is computed once for a set of boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inkread.core import text_line
from inkread.core.geometry import Box, Matrix, overlaps, union
from inkread.core.quantiles import quantile


@dataclass(frozen=True, slots=True)
class Params:
    """How boxes are chained to lines."""

    #: Heights of the higher one, gap to a line that continues a line; chosen: a gap inside a
    #: number is narrower, one between columns is wider.
    follow_gap: float = 1.0
    #: Share of the lower one's height that such lines have in common; chosen: lines below one
    #: another share nothing.
    follow_level: float = 0.1
    #: Quantile of the boxes' heights that is a glyph's; chosen: fragments and points make up less
    #: than three quarters of the primitives.
    typical: float = 0.75


PARAMS = Params()


@dataclass(frozen=True, eq=False)
class BoxLayout:
    """A set of boxes, and how they lie to one another: each figure is computed once.

    Attributes
    ----------
    boxes : tuple of Box
        At least one wherever anything is asked of it.
    """

    boxes: tuple[Box, ...]

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> BoxLayout:
        return cls(tuple(boxes))

    @cached_property
    def overlaps(self) -> tuple[Matrix, Matrix]:
        """Shared length of every pair along x and along y, px; negative: the gap."""
        return overlaps(self.boxes)

    @cached_property
    def width(self) -> Matrix:
        """(n,), px."""
        return np.array([box.width for box in self.boxes])

    @cached_property
    def height(self) -> Matrix:
        """(n,), px."""
        return np.array([box.height for box in self.boxes])

    @cached_property
    def lower(self) -> Matrix:
        """(n, n): height of the lower box of every pair, px."""
        return np.minimum.outer(self.height, self.height)

    @cached_property
    def typical_height(self) -> float:
        """Height of the taller glyphs, px; never 0."""
        heights = [box.height for box in self.boxes]
        return (
            quantile(heights, PARAMS.typical) or max(box.longest_side for box in self.boxes) or 1.0
        )

    @cached_property
    def lines(self) -> tuple[tuple[int, ...], ...]:
        """Indexes of the boxes of each text line, top to bottom, left to right.

        Every box is chained to its nearest neighbour on the right that shares enough of its
        height, so that a line may rise or fall; and a line goes on where another begins close by
        that is a little higher or lower.
        """
        return tuple(map(tuple, self._lines()))

    @cached_property
    def line_of(self) -> NDArray[np.intp]:
        """(n,): index of each box's line."""
        found = np.zeros(len(self.boxes), np.intp)
        for index, members in enumerate(self.lines):
            found[list(members)] = index
        return found

    @cached_property
    def line_size(self) -> NDArray[np.intp]:
        """(n,): count of the boxes on each box's line."""
        return np.array([len(members) for members in self.lines])[self.line_of]

    def _lines(self) -> list[list[int]]:
        if len(self.boxes) == 1:
            return [[0]]
        level = self.overlaps[1] >= text_line.PARAMS.level * self.lower
        order = np.argsort([box.centre[0] for box in self.boxes], kind="stable")
        line = np.arange(len(self.boxes))
        for place, i in enumerate(order):
            later = order[place + 1 :]
            followers = later[level[i, later]]
            if followers.size:
                line[line == line[followers[0]]] = line[i]
        chains: dict[int, list[int]] = {k: [] for k in sorted(set(line.tolist()))}
        for i in order.tolist():
            chains[int(line[i])].append(i)
        return sorted(
            _continued(list(chains.values()), self.boxes),
            key=lambda members: float(np.mean([self.boxes[i].centre[1] for i in members])),
        )


def _continued(lines: list[list[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """The lines, each with those that continue it."""
    follower = _followers([union(boxes[i] for i in line) for line in lines])
    whole = []
    for first in sorted(set(range(len(lines))) - set(follower.values())):
        line, at = list(lines[first]), first
        while at in follower:
            at = follower[at]
            line += lines[at]
        whole.append(line)
    return whole


def _followers(around: Sequence[Box]) -> dict[int, int]:
    """Which line continues a line: the nearest, if that has no nearer one before it."""
    x, right = np.array([(box.x, box.right) for box in around], np.float64).T
    height = np.array([box.height for box in around])
    gap = x - right[:, np.newaxis]
    level = overlaps(around)[1] > PARAMS.follow_level * np.minimum.outer(height, height)
    is_near = (gap >= 0) & (gap < PARAMS.follow_gap * np.maximum.outer(height, height))
    gap[~(is_near & level & np.less.outer(x, x))] = np.inf
    nearest, before = gap.argmin(axis=1), gap.argmin(axis=0)
    return {i: int(j) for i, j in enumerate(nearest) if np.isfinite(gap[i, j]) and before[j] == i}
