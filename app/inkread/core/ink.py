"""Ink: strokes as vectors, and the rasteriser that training and reading share."""

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
    scale = room / box.longest_side if box.longest_side > 0 else 1.0
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
        Ink 0 on 255; one px is one canvas px, unless a side would exceed 7900 px.
    """
    frame = ink.frame(margin)
    scale = min(1.0, _MAX_PAGE_SIDE / max(1.0, frame.longest_side))
    shape = (max(1, math.ceil(frame.height * scale)), max(1, math.ceil(frame.width * scale)))
    corner = np.array([frame.x, frame.y], np.float32)
    paths = [(stroke.points - corner) * np.float32(scale) for stroke in ink.strokes]
    return 255 - draw_strokes(shape, paths, [stroke.width * scale for stroke in ink.strokes])
