"""Removes form boxes from a page's ink: combs, cells and borders of forms, with digits in them.

A box is a blob with four straight sides, level and upright but for some tilt; whatever else is in
the blob may stick out. Its lines, and those across it from side to side, are removed except where
ink crosses them. A square 0 is no box: a box has something in it, or several cells, or is one of
several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.page.components import Labels, components
from inkread.core.page.state import PageState, Reason, Removed
from inkread.core.page.straight_lines import Rows, StraightLine
from inkread.core.page.tick_boxes import find_tick_boxes
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the form boxes."""

    # px, each way; chosen: a smaller box holds no digit that can be read.
    min_side: int = 24
    # Width of a line over the shorter side of the box; chosen: bold digits have more.
    max_line: float = 0.12
    # px; chosen: such lines are thin in a box of any size.
    thin_line: float = 3.0
    # Share of the box; chosen: lines and digits cover less.
    max_ink: float = 0.6
    # Blobs; chosen: bounds the work, forms have fewer.
    max_blobs: int = 150
    # Their windows, pages; chosen: bounds the work, a frame around a table has 2.
    max_pages: float = 4.0
    # Lines of a box each way; chosen: bounds the work, a page of forms has fewer rows.
    max_lines: int = 200
    # Places along a line where it is looked at; chosen: bounds the work, gives its share to 1 %.
    samples: int = 1024
    # The same over all lines of a box; chosen: bounds the work, a box of 1000 px is looked at as
    # closely as any, one of 4000 px at every 15th px.
    line_pixels: int = 1 << 20
    # Places along a line at least; chosen: give its share to 3 %.
    min_samples: int = 256
    # Share of those places where a line is looked at first; chosen: bounds the work, most lines
    # through a box are none.
    first: float = 1 / 8
    # px looked at together; chosen: bounds the memory.
    band: int = 1 << 18
    # Distance from a straight line, px; chosen: the roughness of a printed line.
    near: float = 1.5
    # The same, share of the shorter side; chosen: the bend of paper.
    near_share: float = 0.012
    # Share of a side that is near its line; chosen: digits that stick out cover the rest.
    straight: float = 0.75
    # Rise over run; chosen: 8.5 degrees, a page held by hand lies straighter.
    max_slope: float = 0.15
    # Share of its length where a line across is marked; chosen: a line of digits has gaps.
    marked: float = 0.88
    # Share of the page's side that the middle of an edge has moved in; chosen: a quick test,
    # the sides of a box are far from its middle, those of a digit are not.
    max_inset: float = 0.3
    # Height over that of a cell; chosen: specks and marks have less.
    written: float = 0.35
    # Cells; chosen: no digit has three.
    cells: int = 3
    # Size of an empty box over that of those with text; chosen: boxes of one form are alike.
    min_alike: float = 0.7
    # The same at most; chosen: 1 / 0.7.
    max_alike: float = 1.4
    # Random pairs of points; chosen: all miss a side of three quarters once in 70,000 times.
    tries: int = 24
    # Share of the side by which the two points of a pair are apart; chosen: for a sure slope.
    apart: float = 0.25


PARAMS = Params()

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side(StraightLine):
    """A line of a box, px of its window, and its width, px."""

    width: float


@dataclass(frozen=True, slots=True, eq=False)
class FormBox:
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

    @property
    def cell_height(self) -> float:
        """px."""
        return float(self.own.shape[0]) / max(1, len(self.level) - 1)


def remove_form_boxes(state: PageState) -> PageState:
    """Remove the boxes printed on the page from its mask."""
    mask, boxes = without_boxes(state.mask, state.labels, state.stats)
    ticks = find_tick_boxes(state.labels, state.stats)
    if ticks:
        mask = mask.copy()
    for label, box in ticks:
        window = slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right))
        mask[window][state.labels[window] == label] = 0
        boxes.append(box)
    if not boxes:
        return state
    labels, stats = components(mask)
    removed = tuple(Removed(Reason.FORM_BOX, box) for box in boxes)
    return replace(
        state,
        mask=mask,
        grey=_without_lines(state, mask, boxes),
        labels=labels,
        stats=stats,
        removed=(*state.removed, *removed),
        note=f"{len(boxes)} form box{'es' * (len(boxes) > 1)} removed.",
    )


def _without_lines(state: PageState, mask: Grey, boxes: Sequence[Box]) -> Grey:
    """The greys of a page without the lines of its boxes: a line network sees no mask."""
    height, width = state.grey.shape
    behind = state.small if state.background is None else state.background
    level = np.asarray(cv2.resize(behind, (width, height)), np.uint8)
    grey = state.grey.copy()
    for box in boxes:
        rows = slice(max(0, int(box.y) - 2), int(box.bottom) + 2)
        columns = slice(max(0, int(box.x) - 2), int(box.right) + 2)
        window = rows, columns
        gone = np.where((state.mask[window] > 0) & (mask[window] == 0), 1, 0).astype(np.uint8)
        wide = cv2.dilate(gone, np.ones((5, 5), np.uint8)) > 0
        kept = cv2.dilate(mask[window], np.ones((3, 3), np.uint8)) > 0
        np.copyto(grey[window], level[window], where=wide & ~kept)
    return grey


def without_boxes(mask: Grey, labels: Labels, stats: Labels) -> tuple[Grey, list[Box]]:
    """The ink of a page without the boxes printed on it, and those boxes.

    Parameters
    ----------
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    labels, stats
        As of `inkread.core.page.components.components`.
    """
    found = list(_boxes(labels, stats))
    if not found:
        return mask, []
    bare = mask.copy()
    for box in found:
        _erase(bare[box.window], box)
    left = components(bare)[1] if any(box.cells < PARAMS.cells for box in found) else stats
    sure = [b for b in found if b.cells >= PARAMS.cells or _is_written(bare, left, b)]
    size = float(np.median([min(b.own.shape) for b in sure])) if sure else np.inf
    removed = list[Box]()
    for box in found:
        height, width = box.own.shape
        # Empty boxes beside others of their kind are boxes; alone they may be a square 0.
        if box in sure or PARAMS.min_alike < min(height, width) / size < PARAMS.max_alike:
            removed.append(Box(box.x, box.y, width, height))
        else:
            bare[box.window] |= box.own * np.uint8(255)
    return (bare, removed) if removed else (mask, [])


def _boxes(labels: Labels, stats: Labels) -> Iterator[FormBox]:
    """The blobs that are boxes by their shape."""
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    fits = np.minimum(wide, high) >= PARAMS.min_side
    fits &= stats[:, cv2.CC_STAT_AREA] <= PARAMS.max_ink * wide * high
    fits[:1] = False
    large = np.flatnonzero(fits)
    large = large[np.argsort(-(wide * high)[large], kind="stable")][: PARAMS.max_blobs]
    room = np.cumsum((wide * high)[large][::-1], dtype=np.int64)[::-1]
    for label in large[room <= PARAMS.max_pages * labels.size].tolist():
        x, y, width, height = (int(v) for v in stats[label, :4])
        own = np.asarray(labels[y : y + height, x : x + width] == label, np.uint8)
        sides = list[Side]()
        for turned in (own, own[::-1], own.T, own.T[::-1]):
            side = _upper_side(turned)
            if side is None:
                break
            sides.append(side)
        if len(sides) < 4:
            continue
        upper, lower, left, right = sides
        lower = Side(True, height - 1 - lower.start, -lower.slope, lower.width)
        right = Side(True, width - 1 - right.start, -right.slope, right.width)
        across = _across(own, (upper, lower), (left, right))
        along = _across(own.T, (left, right), (upper, lower))
        if across is None or along is None:
            continue
        level, upright = [upper, *across, lower], [left, *along, right]
        yield FormBox(x, y, own, level, upright)


def _upper_side(own: Grey) -> Side | None:
    """The straight upper side of a blob; None if it has none."""
    height, width = own.shape
    first = own.argmax(axis=0).astype(np.float64)
    x = np.arange(width, dtype=np.float64)
    near = max(PARAMS.near, PARAMS.near_share * min(height, width))
    if median(first) > PARAMS.max_inset * height:
        return None
    one, other = _choices(width)
    if not one.size:
        return None
    slopes = (first[other] - first[one]) / (other - one)
    off = np.abs(first - (first[one] + slopes * -one)[:, np.newaxis] - slopes[:, np.newaxis] * x)
    counts = (off <= near).sum(axis=1)
    best = int(np.argmax(np.where(np.abs(slopes) <= PARAMS.max_slope, counts, 0)))
    on = off[best] <= near
    if counts[best] < PARAMS.straight * width or abs(slopes[best]) > PARAMS.max_slope:
        return None
    slope, start = np.polyfit(x[on], first[on], 1)
    most = max(PARAMS.thin_line, PARAMS.max_line * min(height, width))
    columns = np.flatnonzero(on)
    # A median that is small enough is that of depths of at most twice as much.
    thick = _typical_depth(own, columns, first.astype(np.intp)[on], int(2 * most) + 2)
    if thick > most:
        return None
    return Side(True, float(start) + (thick - 1) / 2, float(slope), thick)


@lru_cache(maxsize=256)
def _choices(width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Random pairs of columns that are well apart."""
    one, other = np.random.default_rng(0).integers(0, width, (2, PARAMS.tries))
    apart = np.abs(one - other) > width * PARAMS.apart
    return one[apart], other[apart]


def _typical_depth(
    own: Grey, columns: NDArray[np.intp], first: NDArray[np.intp], most: int
) -> float:
    """Median over some columns of how many px of ink they have from their first one on, counted
    up to `most`. Where more than half of the runs have ended, the others don't change it.
    """
    depth = np.zeros(len(columns), np.intp)
    running = np.arange(len(columns))
    for _ in range(most):
        rows = first[running] + depth[running]
        running, rows = running[rows < own.shape[0]], rows[rows < own.shape[0]]
        running = running[own[rows, columns[running]] > 0]
        if len(depth) - running.size > len(depth) // 2:
            break
        depth[running] += 1
    return float(np.median(depth))


def _between(y: Rows, x: Rows, sides: tuple[Side, Side]) -> NDArray[np.bool_]:
    """Which of some px lie between two level sides."""
    upper, lower = sides
    return (y >= upper.start + upper.slope * x) & (y <= lower.start + lower.slope * x)


def _across(own: Grey, sides: tuple[Side, Side], ends: tuple[Side, Side]) -> list[Side] | None:
    """Level lines of a blob from side to side, between its upper and its lower one: they lie
    between them as in perspective, turned by a fraction of their turns. None: they are too many.
    """
    first, last = sides
    height = own.shape[0]
    thick = max(first.width, last.width)
    fraction = np.linspace(0, 1, height)
    starts = first.start + fraction * (last.start - first.start)
    slopes = first.slope + fraction * (last.slope - first.slope)
    marked = _marked(own, starts, slopes, ends)
    room = 2 * round(thick) + 2
    found = []
    for run in np.split(np.arange(height), np.flatnonzero(np.diff(marked)) + 1):
        at = round(float(run.mean()))
        if marked[at] and room <= at < height - room and len(run) <= 2 * thick + 3:
            found.append(Side(True, float(starts[at]), float(slopes[at]), thick))
    return found if len(found) <= PARAMS.max_lines else None


def _marked(own: Grey, starts: Plane, slopes: Plane, ends: tuple[Side, Side]) -> NDArray[np.bool_]:
    """Which of some level lines through a blob are ink between its ends."""
    height, width = own.shape
    samples = min(PARAMS.samples, max(PARAMS.min_samples, PARAMS.line_pixels // height))
    x = np.arange(0, width, max(1, width // samples))
    # What is marked nearly everywhere is marked at half of a few places.
    perhaps = _ink_share(own, starts, slopes, x[_few(len(x))], ends) >= PARAMS.marked / 2
    # With one line more on each side, as a line is as wide as its neighbours.
    near = cv2.dilate(perhaps.view(np.uint8), np.ones((3, 1), np.uint8)).ravel() > 0
    marked = np.zeros(height, np.bool_)
    marked[near] = _ink_share(own, starts[near], slopes[near], x, ends) >= PARAMS.marked
    return marked & perhaps


@lru_cache(maxsize=256)
def _few(count: int) -> NDArray[np.intp]:
    """Some of `count` places at random, as dashes may have any period."""
    few = max(min(count, PARAMS.min_samples // 8), round(PARAMS.first * count))
    return np.sort(np.random.default_rng(0).choice(count, few, replace=False))


def _ink_share(
    own: Grey, starts: Plane, slopes: Plane, x: Rows, ends: tuple[Side, Side]
) -> NDArray[np.float64]:
    """Share of some places between the ends of a blob where level lines, or those before and
    behind them, are ink: one for each line.
    """
    share = np.zeros(len(starts))
    band = max(1, PARAMS.band // len(x))
    for start in range(0, len(starts), band):
        stop = min(start + band, len(starts))
        low, high = max(0, start - 1), min(len(starts), stop + 1)
        rows = np.rint(starts[low:high, np.newaxis] + slopes[low:high, np.newaxis] * x)
        rows = np.clip(rows.astype(np.intp), 0, own.shape[0] - 1)
        straight = cv2.dilate(np.ascontiguousarray(own[rows, x]), np.ones((3, 1), np.uint8))
        own_lines = slice(start - low, start - low + stop - start)
        way = _between(np.broadcast_to(x, rows.shape), rows, ends)[own_lines]
        on = (straight[own_lines] * way).sum(axis=1)
        share[start:stop] = on / np.maximum(1, way.sum(axis=1))
    return share


def _erase(ink: Grey, box: FormBox) -> None:
    """Remove the lines of a box from the `ink` of its window."""
    for side in box.level:
        _erase_side(ink, side)
    for side in box.upright:
        _erase_side(ink.T, side)


def _erase_side(ink: Grey, side: Side) -> None:
    """Remove a level line except where there is ink on both sides of it."""
    rows, inside = side.strip(ink.shape, round(side.width / 2 + 1) + 2)
    strip = np.where(inside, ink[rows, np.arange(ink.shape[1])], 0)
    above, below = strip[:2].any(axis=0), strip[-2:].any(axis=0)
    strip[2:-2, ~(above & below)] = 0
    if inside.all():
        ink[rows, np.arange(ink.shape[1])] = strip
    else:
        ink[rows[inside], np.nonzero(inside)[1]] = strip[inside]


def _is_written(bare: Grey, stats: Labels, box: FormBox) -> bool:
    """Whether there is text in a box; `stats`: those of the components of the whole page."""
    rows, columns = box.window
    x, y, wide, high, area = stats[1:].T
    across = np.minimum(x + wide, columns.stop) - np.maximum(x, columns.start)
    along = np.minimum(y + high, rows.stop) - np.maximum(y, rows.start)
    is_inside = (across == wide) & (along == high)
    least = PARAMS.written * box.cell_height
    if (high[is_inside] >= least).any():
        return True
    if cv2.countNonZero(bare[box.window]) == area[is_inside].sum():
        return False
    # Something sticks out of the box: whatever is drawn on its lines has widened its window.
    window = np.ascontiguousarray(bare[box.window])
    heights = cv2.connectedComponentsWithStats(window, connectivity=8)[2][1:, cv2.CC_STAT_HEIGHT]
    return bool((heights >= least).any())
