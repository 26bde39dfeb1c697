"""Strokes as smooth lines in a picture of the ink coverage of each pixel.

A line runs through the middles between its points, bent by the points themselves (quadratic
Bezier pieces), and is as wide as the pen was pressed. Each step of it, the hull of two discs,
is filled at four times the resolution; where ink meets ink, the larger coverage counts. So
edges stay smooth however often they are painted over, and a stroke that grows gives the same
pixels as one painted at once. (Qt's own stroker leaves holes in tight turns of a thick pen, and
hardens the edges where short steps overlap.)
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import Stroke

PART = 16  # steps of a line that are filled together
BLOCK = 64  # pieces of a line that are cut into such parts together
LIGHTEST, HEAVIEST = 0.7, 1.3  # of the pen's width, at pressure 0 and 1
_SMOOTHED = 4  # pressures averaged
_STEP, _MAX_STEPS = 4.0, 1024  # px; how finely a piece is cut into straight steps
_FINE = 4
_SHIFT = 4  # cv2's fixed-point coordinates: bits behind the point
_FAR = 1e5  # px; coordinates beyond it would overflow
_MAX_RADIUS = 4000.0  # px, of a line; at four times the size, cv2 takes none wider than 32,767 px

Coverage = NDArray[np.uint8]
Span = tuple[slice, slice]
_Rows = NDArray[np.float64]


def pieces(stroke: Stroke) -> int:
    """The count of pieces of a stroke."""
    return max(1, len(stroke.points) - 1)


def steady_pieces(stroke: Stroke) -> int:
    """How many pieces of a growing stroke no later point can change: all but the last."""
    return max(0, len(stroke.points) - 2)


def stroke_area(stroke: Stroke, last: int = 0) -> Box:
    """Bounds of the ink of a stroke, or of what its `last` points change."""
    reach = stroke.width / 2 * (1.0 if stroke.pressures is None else HEAVIEST) + 2
    return Stroke(stroke.points[-last:]).bounds.grown(reach)


def line_widths(stroke: Stroke, first: int = 0, stop: int | None = None) -> _Rows:
    """The line's width at each point from `first` up to `stop`: (n,), px."""
    points = slice(first, stop)
    widths = np.full(len(stroke.points[points]), stroke.width, np.float64)
    if stroke.pressures is not None:
        before = min(first, _SMOOTHED - 1)
        pressures = np.clip(stroke.pressures[first - before : stop], 0, 1)
        widths *= LIGHTEST + (HEAVIEST - LIGHTEST) * _smoothed(pressures)[before:]
    return widths


def _smoothed(pressures: NDArray[np.float32]) -> _Rows:
    """Mean of each pressure and those before it: later ones change no earlier width."""
    sums = np.concatenate((np.zeros(_SMOOTHED), np.cumsum(pressures, dtype=np.float64)))
    counts = np.minimum(np.arange(1, len(pressures) + 1), _SMOOTHED)
    return np.asarray((sums[_SMOOTHED:] - sums[:-_SMOOTHED]) / counts)


def cover(coverage: Coverage, stroke: Stroke, scale: float, first: int, stop: int) -> list[Span]:
    """Add the pieces from `first` up to `stop` of a stroke.

    Parameters
    ----------
    coverage : (h, w) array of uint8
        0 background to 255 ink; changed in place.
    stroke : Stroke
        Its pieces are those of its line, in the order drawn.
    scale : float
        Px of the picture for one px of the ink.
    first, stop : int
        Some pieces before `first` may be painted again, which changes nothing.

    Returns
    -------
    list of (slice, slice)
        Where the picture was changed.
    """
    spans: list[Span] = []
    if first >= stop:
        return spans
    for block in range(first // BLOCK * BLOCK, stop, BLOCK):
        end = min(stop, block + BLOCK)
        spans += _cover_block(coverage, stroke, scale, block, max(first, block), end)
    return spans


def _cover_block(
    coverage: Coverage, stroke: Stroke, scale: float, block: int, first: int, stop: int
) -> list[Span]:
    """As `cover`, for pieces of the block that begins with piece `block`.

    The result does not depend on the blocks before: a long stroke grows as fast as a
    short one.
    """
    points = stroke.points[block : stop + 2]
    rows = np.empty((len(points), 3))
    rows[:, :2], rows[:, 2] = points, line_widths(stroke, block, stop + 2) / 2
    seen = np.clip(rows * scale, -_FAR, (_FAR, _FAR, _MAX_RADIUS))
    curve = _curve(seen, stop - block, is_start=block == 0)
    counts = _step_counts(curve)
    done = np.cumsum(counts)  # steps up to the end of each piece
    begin = int(done[first - block] - counts[first - block]) // PART * PART
    piece = int(np.searchsorted(done, begin, side="right"))
    skipped = int(done[piece] - counts[piece])
    places = _steps(curve[2 * piece :], counts[piece:])
    starts = range(begin - skipped, len(places) - 1, PART)
    spans = (_fill(coverage, places[start : start + PART + 1]) for start in starts)
    return [span for span in spans if span is not None]


def _curve(rows: _Rows, stop: int, is_start: bool) -> _Rows:
    """Start, then bend and end of each piece: (2 * stop + 1, 3) of x, y, radius.

    Piece i is bent by point i + 1; the last one is the straight way to the last point. The
    first one of a line starts at its point, others where the piece before them ended.
    """
    last = len(rows) - 1
    bends = rows[np.minimum(np.arange(1, stop + 1), last)]
    ends = (bends + rows[np.minimum(np.arange(2, stop + 2), last)]) / 2
    start = rows[:1] if is_start else (rows[:1] + rows[1:2]) / 2
    return np.vstack([start, np.stack((bends, ends), axis=1).reshape(-1, 3)])


def _step_counts(curve: _Rows) -> NDArray[np.int64]:
    """Count of straight steps of each piece: (k,)."""
    reach = np.abs(np.diff(curve[:, :2], axis=0)).max(axis=1).reshape(-1, 2).max(axis=1)
    return np.asarray(np.clip(np.ceil(2 * reach / _STEP), 1, _MAX_STEPS), np.int64)


def _steps(curve: _Rows, counts: NDArray[np.int64]) -> _Rows:
    """The pieces as straight steps: (1 + sum of counts, 3) of x, y, radius."""
    piece = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(piece)) - (np.cumsum(counts) - counts)[piece] + 1
    t = (number / counts[piece])[:, None]
    start, bend, end = curve[:-1:2][piece], curve[1::2][piece], curve[2::2][piece]
    steps = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
    return np.vstack([curve[:1], steps])


def _fill(coverage: Coverage, steps: _Rows) -> Span | None:
    """Fill the line along the steps; None if it is outside the picture."""
    reach = steps[:, 2].max() + 1
    low = np.floor(steps[:, :2].min(axis=0) - reach).astype(int)
    high = np.ceil(steps[:, :2].max(axis=0) + reach).astype(int)
    left, top = np.maximum(low, 0).tolist()
    right, bottom = np.minimum(high, coverage.shape[::-1]).tolist()
    if left >= right or top >= bottom:
        return None
    fine = np.zeros(((bottom - top) * _FINE, (right - left) * _FINE), np.uint8)
    _draw(fine, (steps - (left, top, 0)) * _FINE)
    span = slice(top, bottom), slice(left, right)
    np.maximum(coverage[span], _quartered(fine), out=coverage[span])
    return span


def _draw(fine: Coverage, steps: _Rows) -> None:
    """Draw lines with round ends and joins: one polyline for each stretch of equal width."""
    # cv2 takes pixel centres as whole numbers, and also fills the pixels an outline touches.
    places = np.rint((steps[:, :2] - 0.5) * (1 << _SHIFT)).astype(np.int32)
    radii = np.maximum(np.rint(steps[:, 2] - 0.4), 1).astype(int)
    changes = np.flatnonzero(np.diff(radii[1:])) + 2
    for first, last in pairwise((0, *changes.tolist(), len(radii))):
        stretch = places[max(0, first - 1) : last]
        cv2.polylines(fine, [stretch], False, 255, 2 * int(radii[last - 1]), cv2.LINE_8, _SHIFT)


def _quartered(fine: Coverage) -> Coverage:
    """A picture at a quarter of its resolution, by two halvings: cv2's quickest way."""
    height, width = fine.shape
    half = cv2.resize(fine, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    small = cv2.resize(half, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
