"""Hit testing: the strokes that an eraser touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Ink, Stroke

Point = tuple[float, float]
_Vectors = NDArray[np.float64]


def strokes_touched(ink: Ink, start: Point, end: Point, radius: float) -> tuple[Stroke, ...]:
    """The strokes that a round eraser touches on its way between two places.

    Parameters
    ----------
    ink : Ink
        May be empty.
    start, end : (x, y) of float
        Start and end of its way, px; may be equal.
    radius : float
        Radius of the eraser, px; half the width of the stroke is added.

    Returns
    -------
    tuple of Stroke
        In the order of the ink.
    """
    return tuple(
        stroke
        for stroke in ink.strokes
        if distance_to_polyline(stroke.points, start, end) <= radius + stroke.width / 2
    )


def distance_to_polyline(points: NDArray[np.float32], start: Point, end: Point) -> float:
    """Shortest distance between a polyline and the segment from `start` to `end`, px.

    Two segments in a plane either cross, or one of their four ends is nearest to the other
    segment (Ericson, Real-Time Collision Detection, 2005, chapter 5.1.9).

    Parameters
    ----------
    points : (n, 2) array of float32
        n >= 1; one point is a dot.
    start, end : (x, y) of float
        May be equal: then it is the distance of a point.
    """
    xy = points.astype(np.float64)
    first, last = (xy[:-1], xy[1:]) if len(xy) > 1 else (xy, xy)
    a, b = np.array([start], dtype=np.float64), np.array([end], dtype=np.float64)
    if _crossed(first, last, a, b).any():
        return 0.0
    return float(
        min(
            _point_to_segment(a, first, last).min(),
            _point_to_segment(b, first, last).min(),
            _point_to_segment(xy, a, b).min(),
        )
    )


def _point_to_segment(point: _Vectors, first: _Vectors, last: _Vectors) -> NDArray[np.float64]:
    along = last - first
    length2 = (along * along).sum(axis=1)
    share = ((point - first) * along).sum(axis=1) / np.where(length2 > 0, length2, 1.0)
    nearest = first + np.clip(share, 0.0, 1.0)[:, None] * along
    gap: NDArray[np.float64] = np.hypot(*(point - nearest).T)
    return gap


def _crossed(p: _Vectors, q: _Vectors, a: _Vectors, b: _Vectors) -> NDArray[np.bool_]:
    """Whether each segment p-q crosses a-b: the ends of either lie on both sides of the other."""
    apart_pq = _side(a, b, p) * _side(a, b, q) < 0
    apart_ab = _side(p, q, a) * _side(p, q, b) < 0
    return np.asarray(apart_pq & apart_ab)


def _side(a: _Vectors, b: _Vectors, point: _Vectors) -> NDArray[np.float64]:
    (ux, uy), (vx, vy) = (b - a).T, (point - a).T
    side: NDArray[np.float64] = ux * vy - uy * vx
    return side
