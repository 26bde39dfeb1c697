"""Takes printed boxes off a page's ink: the combs, cells and frames of forms, with digits in them.

A box is a blob with four straight sides, level and upright but for some tilt; whatever else is in
the blob may stick out. Its lines, and those across it from side to side, are taken off but for
where ink crosses them. That a square 0 is none: a box has something in it, or several cells, or
is one of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.page.binary import Binary
from inkread.core.page.components import components
from inkread.core.quantiles import median
from inkread.core.reading import Grey

#: A box measures at least so many px each way; lines are no wider than this part of it.
_LEAST_SIDE = 24
_WIDEST_LINE = 0.12
#: Its ink covers no more than this part of it.
_MOST_INK = 0.6
#: No more than so many of the largest blobs are looked at: the work is bounded.
_MOST_BLOBS = 150
#: A side lies so near to a straight line, in px and in parts of the box, for this part of its way;
#: it tilts by no more than so much.
_NEAR, _NEAR_PART = 1.5, 0.012
_STRAIGHT = 0.75
_MOST_SLOPE = 0.15
#: A line across is marked for this part of its way.
_MARKED = 0.88
#: What is in a box has at least this part of its height.
_WRITTEN = 0.35
#: So many cells make a form, whatever is in them.
_CELLS = 3
#: Random choices of two points that a side is fitted to.
_TRIES = 24

Numbers = NDArray[np.int32]
Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """A line ``across = start + slope * along``, px of its window, and its width, px."""

    start: float
    slope: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A box: where it is, its own ink, and its lines."""

    x: int
    y: int
    own: Grey
    level: Sequence[Side]
    upright: Sequence[Side]

    @property
    def window(self) -> tuple[slice, slice]:
        height, width = self.own.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)

    @property
    def cells(self) -> int:
        return (len(self.level) - 1) * (len(self.upright) - 1)


def unframed(binary: Binary) -> tuple[Binary, Numbers, Numbers]:
    """A page's ink without the boxes printed on it, and its components.

    Returns
    -------
    binary : Binary
        As it was if there are none.
    labels : (h, w) array of int32
    stats : (n, 5) array of int32
        As `inkread.core.page.components.components`.
    """
    labels, stats = components(binary.mask)
    bare = without_frames(binary.mask, labels, stats)
    if bare is binary.mask:
        return binary, labels, stats
    return (replace(binary, mask=bare), *components(bare))


def without_frames(mask: Grey, blobs: Numbers, stats: Numbers) -> Grey:
    """The ink of a page without the boxes printed on it.

    Parameters
    ----------
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    blobs : (h, w) array of int32
        Number of the connected blob that each pixel belongs to; 0: paper.
    stats : (n, 5) array of int32
        Left, top, width, height and area of each blob.

    Returns
    -------
    (h, w) array of uint8
        `mask` itself if there are none.
    """
    found = list(_frames(blobs, stats))
    if not found:
        return mask
    bare = mask.copy()
    for frame in found:
        _erase(bare[frame.window], frame)
    sure = [f for f in found if f.cells >= _CELLS or _is_written(bare[f.window], f)]
    if len(sure) == len(found):
        return bare
    size = float(np.median([min(f.own.shape) for f in sure])) if sure else np.inf
    for frame in found:
        # Empty boxes beside others of their kind are boxes; alone they may be a square 0.
        if frame not in sure and not 0.7 < min(frame.own.shape) / size < 1.4:
            bare[frame.window] |= frame.own * np.uint8(255)
    return bare


def _frames(blobs: Numbers, stats: Numbers) -> Iterator[Frame]:
    """The blobs that are boxes by their shape."""
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    fits = np.minimum(wide, high) >= _LEAST_SIDE
    fits &= stats[:, cv2.CC_STAT_AREA] <= _MOST_INK * wide * high
    fits[0] = False
    numbers = np.flatnonzero(fits)
    numbers = numbers[np.argsort(-(wide * high)[numbers], kind="stable")][:_MOST_BLOBS]
    for number in numbers.tolist():
        x, y, width, height = (int(v) for v in stats[number, :4])
        own = np.asarray(blobs[y : y + height, x : x + width] == number, np.uint8)
        sides = list[Side]()
        for turned in (own, own[::-1], own.T, own.T[::-1]):
            side = _upper_side(turned)
            if side is None:
                break
            sides.append(side)
        if len(sides) < 4:
            continue
        upper, lower, left, right = sides
        lower = Side(height - 1 - lower.start, -lower.slope, lower.width)
        right = Side(width - 1 - right.start, -right.slope, right.width)
        inside = _between(own.shape, upper, lower) & _between(own.T.shape, left, right).T
        level = [upper, *_across(own, inside, upper, lower), lower]
        upright = [left, *_across(own.T, inside.T, left, right), right]
        yield Frame(x, y, own, level, upright)


def _upper_side(own: Grey) -> Side | None:
    """The straight upper side of a blob; None if it has none."""
    height, width = own.shape
    first = own.argmax(axis=0).astype(np.float64)
    x = np.arange(width, dtype=np.float64)
    near = max(_NEAR, _NEAR_PART * min(height, width))
    # Quickly: the sides of a box are far from its middle, those of a digit are not.
    if median(first) > 0.3 * height:
        return None
    one, other = _choices(width)
    if not one.size:
        return None
    slopes = (first[other] - first[one]) / (other - one)
    off = np.abs(first - (first[one] + slopes * -one)[:, np.newaxis] - slopes[:, np.newaxis] * x)
    counts = (off <= near).sum(axis=1)
    best = int(np.argmax(np.where(np.abs(slopes) <= _MOST_SLOPE, counts, 0)))
    on = off[best] <= near
    if counts[best] < _STRAIGHT * width or abs(slopes[best]) > _MOST_SLOPE:
        return None
    slope, start = np.polyfit(x[on], first[on], 1)
    depth = _depth(own, first.astype(np.intp))
    thick = float(np.median(depth[on]))
    if thick > max(3.0, _WIDEST_LINE * min(height, width)):
        return None
    return Side(float(start) + (thick - 1) / 2, float(slope), thick)


@lru_cache(maxsize=256)
def _choices(width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Random pairs of columns that are well apart."""
    one, other = np.random.default_rng(0).integers(0, width, (2, _TRIES))
    apart = np.abs(one - other) > width / 4
    return one[apart], other[apart]


def _depth(own: Grey, first: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many px of ink each column has from its first one on."""
    rows = np.arange(own.shape[0])[:, np.newaxis]
    gone = (own == 0) & (rows >= first)
    end = np.where(gone.any(axis=0), gone.argmax(axis=0), own.shape[0])
    return np.asarray(end - first, np.intp)


def _between(shape: tuple[int, ...], upper: Side, lower: Side) -> NDArray[np.bool_]:
    """Where a window lies between two level sides."""
    y, x = np.arange(shape[0])[:, np.newaxis], np.arange(shape[1])
    return (y >= upper.start + upper.slope * x) & (y <= lower.start + lower.slope * x)


def _across(own: Grey, inside: NDArray[np.bool_], first: Side, last: Side) -> list[Side]:
    """Level lines of a blob from side to side, between its upper and its lower one: they lie
    between them as in perspective, turned by a part of what those are turned.
    """
    height, width = own.shape
    thick = max(first.width, last.width)
    part = np.linspace(0, 1, height)
    starts = first.start + part * (last.start - first.start)
    slopes = first.slope + part * (last.slope - first.slope)
    x = np.arange(width)
    rows = np.rint(starts[:, np.newaxis] + slopes[:, np.newaxis] * x).astype(np.intp)
    rows = np.clip(rows, 0, height - 1)
    straight = cv2.dilate(np.ascontiguousarray(own[rows, x]), np.ones((3, 1), np.uint8))
    way = inside[rows, x]
    marked = (straight * way).sum(axis=1) >= _MARKED * np.maximum(1, way.sum(axis=1))
    room = 2 * round(thick) + 2
    found = []
    for run in np.split(np.arange(height), np.flatnonzero(np.diff(marked)) + 1):
        at = round(float(run.mean()))
        if marked[at] and room <= at < height - room and len(run) <= 2 * thick + 3:
            found.append(Side(float(starts[at]), float(slopes[at]), thick))
    return found


def _erase(ink: Grey, frame: Frame) -> None:
    """Take the lines of a box off the `ink` of its window."""
    for side in frame.level:
        _strike(ink, side)
    for side in frame.upright:
        _strike(ink.T, side)


def _strike(ink: Grey, side: Side) -> None:
    """Take a level line off, but for where there is ink on both sides of it."""
    height, width = ink.shape
    half = round(side.width / 2 + 1)
    reach = half + 2
    x = np.arange(width)
    middle = np.rint(side.start + side.slope * x).astype(np.intp)
    rows = middle + np.arange(-reach, reach + 1)[:, np.newaxis]
    strip = np.where((rows >= 0) & (rows < height), ink[np.clip(rows, 0, height - 1), x], 0)
    above, below = strip[:2].any(axis=0), strip[-2:].any(axis=0)
    strip[2:-2, ~(above & below)] = 0
    inside = (rows >= 0) & (rows < height)
    ink[rows[inside], np.broadcast_to(x, rows.shape)[inside]] = strip[inside]


def _is_written(bare: Grey, frame: Frame) -> bool:
    """Whether something is in a box."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(bare), connectivity=8)
    cell = frame.own.shape[0] / max(1, len(frame.level) - 1)
    return bool((stats[1:, cv2.CC_STAT_HEIGHT] >= _WRITTEN * cell).any())
