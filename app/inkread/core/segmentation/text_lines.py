"""The lines that boxes stand in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, union

#: Boxes share a line if they share this much of the lower one's height.
_LEVEL = 0.4
#: A line goes on where another begins no farther off than this, heights of the higher one, if
#: they share this much of the lower one's height.
_NEAR = 1.0
_BARELY_LEVEL = 0.1

Matrix = NDArray[np.float64]


def overlaps(boxes: Sequence[Box]) -> tuple[Matrix, Matrix]:
    """Shared length of every pair along x and along y.

    Parameters
    ----------
    boxes : sequence of Box
        At least one.

    Returns
    -------
    (n, n), (n, n) arrays of float64
        In px; negative: the gap between them.
    """
    x, y, right, bottom = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes]).T
    along_x = np.minimum.outer(right, right) - np.maximum.outer(x, x)
    along_y = np.minimum.outer(bottom, bottom) - np.maximum.outer(y, y)
    return along_x, along_y


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """The lines of a page.

    Every box is chained to its nearest neighbour on the right that shares enough of its height,
    so that a line may rise or fall; and a line goes on where another begins close by that is a
    little higher or lower.

    Parameters
    ----------
    boxes : sequence of Box
        At least one.

    Returns
    -------
    list of list of int
        Numbers of the boxes of each line, top to bottom, left to right.
    """
    if len(boxes) == 1:
        return [[0]]
    _, along_y = overlaps(boxes)
    height = np.array([box.height for box in boxes])
    level = along_y >= _LEVEL * np.minimum.outer(height, height)
    order = np.argsort([box.centre[0] for box in boxes], kind="stable")
    line = np.arange(len(boxes))
    for place, i in enumerate(order):
        later = order[place + 1 :]
        followers = later[level[i, later]]
        if followers.size:
            line[line == line[followers[0]]] = line[i]
    rows = [[int(i) for i in order if line[i] == number] for number in sorted(set(line.tolist()))]
    return sorted(
        _run_on(rows, boxes), key=lambda m: float(np.mean([boxes[i].centre[1] for i in m]))
    )


def _run_on(rows: list[list[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """The lines, each with those that go on where it ends."""
    follower = _followers([union(boxes[i] for i in row) for row in rows])
    whole = []
    for first in sorted(set(range(len(rows))) - set(follower.values())):
        row, at = list(rows[first]), first
        while at in follower:
            at = follower[at]
            row += rows[at]
        whole.append(row)
    return whole


def _followers(around: Sequence[Box]) -> dict[int, int]:
    """Which line goes on where a line ends: the nearest, if that has no nearer one before it."""
    x, right = np.array([(box.x, box.right) for box in around], np.float64).T
    height = np.array([box.height for box in around])
    gap = x - right[:, np.newaxis]
    level = overlaps(around)[1] > _BARELY_LEVEL * np.minimum.outer(height, height)
    is_near = (gap >= 0) & (gap < _NEAR * np.maximum.outer(height, height))
    gap[~(is_near & level & np.less.outer(x, x))] = np.inf
    nearest, before = gap.argmin(axis=1), gap.argmin(axis=0)
    return {i: int(j) for i, j in enumerate(nearest) if np.isfinite(gap[i, j]) and before[j] == i}


def line_numbers(boxes: Sequence[Box]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which line each box is in.

    Parameters
    ----------
    boxes : sequence of Box
        At least one.

    Returns
    -------
    (n,), (n,) arrays of int
        The line's number, and how many boxes it has.
    """
    line, size = np.zeros((2, len(boxes)), np.intp)
    for number, members in enumerate(lines_of(boxes)):
        line[members], size[members] = number, len(members)
    return line, size
