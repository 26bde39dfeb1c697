"""Boxes, and how they lie to one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; y runs down, the right and bottom edges are outside.

    Attributes
    ----------
    x, y : float
        Upper left corner, px.
    width, height : float
        Size, px; never negative.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def longest_side(self) -> float:
        return max(self.width, self.height)

    @property
    def area(self) -> float:
        return self.width * self.height

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def encloses(self, other: Box) -> bool:
        """Whether all of another box lies in this one."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom

    def grown(self, margin: float) -> Box:
        """The box with `margin` px more on every side (less, down to nothing, if negative)."""
        width = max(0.0, self.width + 2 * margin)
        height = max(0.0, self.height + 2 * margin)
        return Box(self.centre[0] - width / 2, self.centre[1] - height / 2, width, height)

    def scaled(self, factor: float) -> Box:
        """The box in coordinates that are `factor` times as fine."""
        return Box(self.x * factor, self.y * factor, self.width * factor, self.height * factor)

    def overlap_x(self, other: Box) -> float:
        """Length that both share along x, px; negative is the gap between them."""
        return min(self.right, other.right) - max(self.x, other.x)

    def overlap_y(self, other: Box) -> float:
        """Length that both share along y, px; negative is the gap between them."""
        return min(self.bottom, other.bottom) - max(self.y, other.y)

    def shared_area(self, other: Box) -> float:
        """Area of the intersection, px²; 0 if there is none."""
        return max(0.0, self.overlap_x(other)) * max(0.0, self.overlap_y(other))

    def likeness(self, other: Box) -> float:
        """Intersection over union, 0 to 1 (Jaccard's index)."""
        shared = self.shared_area(other)
        return shared / max(self.area + other.area - shared, 1e-9)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all `boxes`.

    Raises
    ------
    ValueError
        If there is no box.
    """
    found = list(boxes)
    if not found:
        raise ValueError("union of no boxes")
    if len(found) == 1:
        return found[0]
    x = min(box.x for box in found)
    y = min(box.y for box in found)
    right = max(box.right for box in found)
    bottom = max(box.bottom for box in found)
    return Box(x, y, right - x, bottom - y)


def mapped(matrix: Matrix, boxes: Sequence[Box]) -> list[Box]:
    """The upright boxes around boxes seen through a homography, a (3, 3) matrix."""
    x, y, right, bottom = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes]).reshape(-1, 4).T
    corners = np.stack([(x, y), (right, y), (x, bottom), (right, bottom)], axis=1)
    there = np.tensordot(matrix[:, :2], corners, 1) + matrix[:, 2, np.newaxis, np.newaxis]
    flat = there[:2] / there[2]
    low, size = flat.min(axis=1), np.ptp(flat, axis=1)
    return [Box(*sides) for sides in np.concatenate((low, size)).T.tolist()]


def overlaps(boxes: Sequence[Box]) -> tuple[Matrix, Matrix]:
    """`Box.overlap_x` and `Box.overlap_y` of every pair.

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


def left_to_right(boxes: Sequence[Box]) -> list[int]:
    """Indexes of the boxes by their centres, the leftmost first."""
    return sorted(range(len(boxes)), key=lambda i: boxes[i].centre[0])


def bounds(points: NDArray[np.float32]) -> Box:
    """The smallest box around points.

    Parameters
    ----------
    points : (n, 2) array of float32
        x, y in px; n >= 1.
    """
    low = points.min(axis=0)
    high = points.max(axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
