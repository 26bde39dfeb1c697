"""Ink: strokes as vectors, and the rasteriser that training and reading share.

Ink has a range. Coordinates and pen widths are finite and within `MAX_COORDINATE` and `MAX_WIDTH`;
`Stroke.of` refuses others. `ink_of` takes finite numbers of any size, as files hold them: what
exceeds the range is moved and reduced as a whole, which keeps its shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkread.core.geometry import Box, bounds, union
from inkread.core.reading import Grey

Points = NDArray[np.float32]

MAX_COORDINATE = 1e7
"""Px, of x and y in both directions. Chosen: float32 still resolves whole px there, and a sheet of
2.6 km has room."""
MAX_WIDTH = 1e6
"""Px, of a pen. Chosen: a tenth of the largest drawing, wider than any that shows what it wrote."""
MAX_STROKES = 1_000_000
"""Of one drawing. Chosen: a stroke each second for eleven days."""
MAX_POINTS = 10_000_000
"""Of one drawing. Chosen: 22 hours of a pen that reports 125 points each second."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """The line drawn between pen down and pen up; compared by identity.

    Attributes
    ----------
    points : (n, 2) array of float32, read-only
        x, y in canvas px, y down, in the order drawn; n >= 1.
    width : float
        Pen width in canvas px, to show; reading does not depend on it.
    pressures : (n,) array of float32, read-only, or None
        Pen pressure 0 to 1 at each point, to show.
    """

    points: Points
    width: float = 12.0
    pressures: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls, points: ArrayLike, width: float = 12.0, pressures: ArrayLike | None = None
    ) -> Stroke:
        """A stroke from (n, 2) numbers, which are copied.

        Raises
        ------
        ValueError
            If there is no point, or a number is not finite or beyond the range of ink.
        """
        xy = points_of(points)
        if not 0 < width <= MAX_WIDTH:  # which NaN is not
            raise ValueError(f"a pen is more than 0 and at most {MAX_WIDTH:g} px wide")
        force = None
        if pressures is not None:
            with np.errstate(over="ignore"):
                force = np.array(pressures, dtype=np.float32)
            if force.shape != (len(xy),) or not np.isfinite(force).all():
                raise ValueError("a stroke has one finite pressure for each point")
            force.setflags(write=False)
        return cls(xy, float(width), force)

    @property
    def bounds(self) -> Box:
        """Box around the points, without the line's width."""
        return bounds(self.points)

    @property
    def outline(self) -> Box:
        """Box around the line as it is drawn."""
        return self.bounds.grown(self.width / 2)


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

    def frame(self, margin: float) -> Box:
        """Box around all lines as they are drawn, with a margin; just the margin if it is empty."""
        if self.is_empty:
            return Box(0.0, 0.0, 2 * margin, 2 * margin)
        return union(stroke.bounds.grown(stroke.width / 2 + margin) for stroke in self.strokes)

    def with_stroke(self, stroke: Stroke) -> Ink:
        return Ink((*self.strokes, stroke))

    def without(self, strokes: Sequence[Stroke]) -> Ink:
        """This ink without the given strokes (by identity)."""
        gone = {id(stroke) for stroke in strokes}
        return Ink(tuple(stroke for stroke in self.strokes if id(stroke) not in gone))


def points_of(values: ArrayLike) -> Points:
    """A read-only copy of the points of a stroke.

    Raises
    ------
    ValueError
        If there is no point, or one is not two finite numbers up to `MAX_COORDINATE`.
    """
    with np.errstate(over="ignore"):  # it is infinite then, and refused
        xy = np.array(values, dtype=np.float32)
    if xy.ndim != 2 or xy.shape[0] < 1 or xy.shape[1] != 2:
        raise ValueError("a stroke is one or more points of two finite numbers")
    if not max(xy.max(), -xy.min()) <= MAX_COORDINATE:  # which NaN is not
        raise ValueError(f"points are two finite numbers up to {MAX_COORDINATE:g}")
    xy.setflags(write=False)
    return xy


#: Points, pen width and pressures of a stroke, as of `Stroke.of`.
Drawn = tuple[NDArray[np.float64], float, NDArray[np.float64] | None]


def ink_of(drawn: Sequence[Drawn]) -> Ink:
    """Ink from finite numbers of any size, a stroke for each item.

    Strokes within the range keep their numbers. If one exceeds it, all are moved to the origin,
    and reduced in proportion if they still do. A pen that is too wide becomes as wide as may be.

    Raises
    ------
    ValueError
        If a stroke has no point, a number is not finite, a pen has no width, or there are more
        than `MAX_STROKES` or `MAX_POINTS`.
    """
    if len(drawn) > MAX_STROKES or sum(len(points) for points, _, _ in drawn) > MAX_POINTS:
        raise ValueError(f"it has more than {MAX_STROKES} strokes or {MAX_POINTS} points")
    if not all(len(points) and np.isfinite(points).all() for points, _, _ in drawn):
        raise ValueError("a stroke is one or more points of two finite numbers")
    if not all(0 < width < math.inf for _, width, _ in drawn):
        raise ValueError("a pen has a width")
    corner, scale = _into_range([points for points, _, _ in drawn])
    if scale == 1 and not corner.any():
        strokes = (Stroke.of(xy, min(width, MAX_WIDTH), force) for xy, width, force in drawn)
    else:
        least = float(np.finfo(np.float64).tiny)
        strokes = (
            Stroke.of((xy - corner) * scale, min(max(width * scale, least), MAX_WIDTH), force)
            for xy, width, force in drawn
        )
    return Ink(tuple(strokes))


def _into_range(traces: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], float]:
    """Offset to subtract from all points, and factor to multiply them by then."""
    lows, highs = [xy.min(axis=0) for xy in traces], [xy.max(axis=0) for xy in traces]
    low, high = np.min(lows, axis=0, initial=np.inf), np.max(highs, axis=0, initial=-np.inf)
    if not traces or max(*high, *-low) <= MAX_COORDINATE:
        return np.zeros(2), 1.0
    # Less than the maximum, so that float32 does not round beyond it.
    return low, min(1.0, 0.999 * MAX_COORDINATE / max(*(high - low), 1.0))


def thinned(points: Points, count: int) -> Points:
    """At most about `count` of the points, evenly chosen; those at its bounds stay.

    Parameters
    ----------
    points : (n, 2) array of float32
        In the order drawn; n >= 1.
    count : int
        At least 2.
    """
    if len(points) <= count:
        return points
    even = np.rint(np.linspace(0, len(points) - 1, count)).astype(np.intp)
    outermost = np.concatenate([points.argmin(axis=0), points.argmax(axis=0)])
    return np.asarray(points[np.unique(np.concatenate([even, outermost]))], np.float32)


def resampled(points: Points, count: Callable[[float], int]) -> Points:
    """Points evenly spread over a polyline.

    Parameters
    ----------
    points : (n, 2) array of float32
        Its corners; n >= 1.
    count : callable
        How many points a polyline of this length, px, gets.
    """
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, way[-1], count(float(way[-1])))
    return np.stack([np.interp(at, way, points[:, k]) for k in (0, 1)], axis=1).astype(np.float32)


# cv2 takes fixed-point coordinates: this many fractional bits.
_SHIFT = 4
# cv2's anti-aliased lines come in every other width only, and this much wider than asked for
# (measured): strokes are drawn at twice the size, where that is corrected to half a pixel.
_EXTRA_WIDTH = 1.4
# Its square is below the limit of `inkread.core.picture.page`, so the picture can be opened again.
_MAX_PAGE_SIDE = 7900
# Px that the lines of a page fill, each counted as often as it is filled. Chosen: bounds the work;
# 200 pages full of digits fill as many, and 1e9 take 4 s (measured).
_MAX_FILLED = 5e8
# Px; strokes of less extent make a dot, as float32 could not hold how much they are enlarged.
_MIN_EXTENT = 1e-6


def draw_strokes(shape: tuple[int, int], paths: Iterable[Points], widths: Iterable[float]) -> Grey:
    """Draw anti-aliased, round-ended polylines.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the picture, px.
    paths : iterable of (n, 2) arrays of float32
        Points in px of the picture, pixel centres at whole numbers; one point makes a dot.
    widths : iterable of float
        Line width of each path, px, kept to half a pixel; hair lines are about 0.7 px wide.

    Returns
    -------
    (h, w) array of uint8
        Ink 255 on 0.
    """
    fine = np.zeros((2 * shape[0], 2 * shape[1]), np.uint8)
    for path, width in zip(paths, widths, strict=True):
        fixed = np.rint((path * 2 + 0.5) * (1 << _SHIFT)).astype(np.int32)
        if len(fixed) == 1:
            centre = (int(fixed[0, 0]), int(fixed[0, 1]))
            radius = round(width * (1 << _SHIFT))
            cv2.circle(fine, centre, radius, 255, cv2.FILLED, cv2.LINE_AA, _SHIFT)
        else:
            thickness = max(1, 2 * round((2 * width - _EXTRA_WIDTH) / 2))
            cv2.polylines(fine, [fixed], False, 255, thickness, cv2.LINE_AA, _SHIFT)
    return np.asarray(
        cv2.resize(fine, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.uint8
    )


def rasterise(strokes: Sequence[Stroke], side: int, line_width: float) -> Grey:
    """Strokes as a picture of a given size, with one width for all lines: the source of ink cells.

    Training and reading both use it, so that the network sees what it was trained on.

    Parameters
    ----------
    strokes : sequence of Stroke
        At least one.
    side : int
        Longer side of the result, px, lines included.
    line_width : float
        Width of all lines, px of the result.

    Returns
    -------
    (h, w) array of uint8
        Ink 255 on 0, cropped to the ink, ``max(h, w) == side`` (strokes without extent make a
        dot of `line_width`).
    """
    box = union(stroke.bounds for stroke in strokes)
    room = side - line_width
    scale = room / box.longest_side if box.longest_side > _MIN_EXTENT else 0.0
    width = min(side, math.ceil(box.width * scale + line_width))
    height = min(side, math.ceil(box.height * scale + line_width))
    centre = np.array(box.centre, np.float32)
    middle = np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    paths = [(stroke.points - centre) * np.float32(scale) + middle for stroke in strokes]
    return draw_strokes((height, width), paths, [line_width] * len(paths))


def rasterise_page(ink: Ink, margin: float = 16.0) -> Grey:
    """Ink as a page, with its pen widths.

    Parameters
    ----------
    ink : Ink
        May be empty.
    margin : float
        Margin around the ink, px.

    Returns
    -------
    (h, w) array of uint8
        Ink 0 on 255; one px is one canvas px, unless a side would exceed 7900 px, or the lines
        would fill 500 million px, which is any page many times over.
    """
    frame = ink.frame(margin)
    scale = min(1.0, _MAX_PAGE_SIDE / max(1.0, frame.longest_side))
    filled = sum(_filled(stroke) for stroke in ink.strokes) * scale**2
    scale *= min(1.0, math.sqrt(_MAX_FILLED / max(1.0, filled)))
    shape = (max(1, math.ceil(frame.height * scale)), max(1, math.ceil(frame.width * scale)))
    corner = np.array([frame.x, frame.y], np.float32)
    paths = [(stroke.points - corner) * np.float32(scale) for stroke in ink.strokes]
    return 255 - draw_strokes(shape, paths, [stroke.width * scale for stroke in ink.strokes])


def _filled(stroke: Stroke) -> float:
    """Px that drawing a stroke fills: of each step, its length and two ends."""
    steps = np.abs(np.diff(stroke.points, axis=0)).sum(dtype=np.float64)
    return (float(steps) + 2 * stroke.width * len(stroke.points)) * stroke.width
