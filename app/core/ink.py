"""Ink: strokes as vectors, and the one rasteriser that training and reading share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.core.geometry import Box, bounds, union

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """What the pen drew between down and up; compared by identity.

    Attributes
    ----------
    points : (n, 2) array of float32, read-only
        x, y in canvas px, y down, in the order drawn; n >= 1.
    width : float
        Pen width in canvas px, for show; reading does not depend on it.
    pressures : (n,) array of float32, read-only, or None
        Pen pressure 0 to 1 at each point, for show.
    """

    points: Points
    width: float = 12.0
    pressures: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls, points: ArrayLike, width: float = 12.0, pressures: ArrayLike | None = None
    ) -> Stroke:
        """A stroke from anything like (n, 2) numbers; it copies them.

        Raises
        ------
        ValueError
            If there is no point, or one is not two finite numbers.
        """
        xy = np.array(points, dtype=np.float32)
        if xy.ndim != 2 or xy.shape[0] < 1 or xy.shape[1] != 2 or not np.isfinite(xy).all():
            raise ValueError("a stroke is one or more points of two finite numbers")
        xy.setflags(write=False)
        force = None
        if pressures is not None:
            force = np.array(pressures, dtype=np.float32)
            if force.shape != (len(xy),):
                raise ValueError("a stroke has one pressure for each point")
            force.setflags(write=False)
        return cls(xy, float(width), force)

    @property
    def bounds(self) -> Box:
        """Box around the points, without the line's width."""
        return bounds(self.points)


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Strokes in the order drawn. Immutable: editing makes a new Ink."""

    strokes: tuple[Stroke, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.strokes

    @property
    def bounds(self) -> Box:
        """Box around all points; ValueError if there are none."""
        return union(stroke.bounds for stroke in self.strokes)

    def with_stroke(self, stroke: Stroke) -> Ink:
        return Ink((*self.strokes, stroke))

    def without(self, strokes: Sequence[Stroke]) -> Ink:
        """This ink less the given strokes (by identity)."""
        gone = {id(stroke) for stroke in strokes}
        return Ink(tuple(stroke for stroke in self.strokes if id(stroke) not in gone))
